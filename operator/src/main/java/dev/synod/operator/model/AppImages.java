package dev.synod.operator.model;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Which images the application's containers were asked to have. A pod carries it beside what it has: others
 * may write another name of an image into it (a digest, a mirror), and that is no reason to change it again.
 */
public final class AppImages {
    /** On pods: name and image of each container of the application. */
    public static final String ANNOTATION = "synod.dev/app-images";

    private AppImages() {}

    /** Name and image of each container of the application among these, in order. */
    public static String text(List<Container> containers) {
        return containers.stream().filter(container -> !container.getName().equals(SidecarContainer.NAME))
                .map(container -> container.getName() + "=" + container.getImage()).sorted()
                .collect(Collectors.joining(","));
    }

    /** What a pod was asked to have; of one that does not say so, what these containers of it have. */
    public static String askedOf(Pod pod, List<Container> application) {
        Map<String, String> annotations = pod.getMetadata().getAnnotations();
        String asked = annotations == null ? null : annotations.get(ANNOTATION);
        return asked == null ? text(application) : asked;
    }

    /** Those of the containers that a pod was not asked to have with these images. */
    public static List<Container> changed(Pod pod, List<Container> wanted) {
        List<String> asked = Arrays.asList(askedOf(pod, pod.getSpec().getContainers()).split(","));
        return wanted.stream().filter(container -> !container.getName().equals(SidecarContainer.NAME)
                && !asked.contains(container.getName() + "=" + container.getImage())).toList();
    }
}
