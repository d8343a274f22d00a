package dev.synod.operator.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What an application was asked to run, whatever others made of it. */
final class AppImagesTest {
    private static final List<Container> WANTED =
            List.of(container("app", "app:1"), container("web", "web:2"), container("synod", "s:1"));
    private static final String ASKED = "app=app:1,web=web:2";

    private static Container container(String name, String image) {
        return new ContainerBuilder().withName(name).withImage(image).build();
    }

    /** One whose images admission has replaced by digests. */
    private static Pod pod(Map<String, String> annotations) {
        return new PodBuilder().withNewMetadata().withName("orders-0").withAnnotations(annotations)
                .endMetadata().withNewSpec()
                .withContainers(container("app", "mirror/app@sha256:1"), container("web", "web:2"))
                .endSpec().build();
    }

    @Test
    void anImageThatOthersRewroteIsNoChange() {
        Pod pod = pod(Map.of(AppImages.ANNOTATION, ASKED));
        assertThat(AppImages.askedOf(pod, pod.getSpec().getContainers())).isEqualTo(ASKED)
                .isEqualTo(AppImages.text(WANTED));
        assertThat(AppImages.changed(pod, WANTED)).isEmpty();
    }

    @Test
    void whatIsAskedForAnewChangesAlone() {
        Pod pod = pod(Map.of(AppImages.ANNOTATION, ASKED));
        assertThat(AppImages.changed(pod, List.of(WANTED.get(0), container("web", "web:3"))))
                .extracting(Container::getName).containsExactly("web");
    }

    @Test
    void aPodThatDoesNotSayWhatItWasAskedForIsTakenAsItIs() {
        Pod pod = pod(Map.of());
        assertThat(AppImages.askedOf(pod, pod.getSpec().getContainers()))
                .isEqualTo("app=mirror/app@sha256:1,web=web:2");
        assertThat(AppImages.changed(pod, WANTED)).extracting(Container::getName).containsExactly("app");
    }
}
