package dev.synod.charts;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.ArrayList;
import java.util.List;

/**
 * Objects as they would be applied.
 *
 * @param text as helm wrote it
 * @param objects in it, in order
 */
record Rendered(String text, List<HasMetadata> objects) {
    private static final KubernetesSerialization YAML = new KubernetesSerialization();

    static Rendered of(String text) {
        List<HasMetadata> objects = new ArrayList<>();
        for (String document : text.split("(?m)^---\\s*$", -1)) {
            if (document.lines().anyMatch(line -> !line.isBlank() && !line.startsWith("#"))) {
                HasMetadata object = YAML.unmarshal(document);
                objects.add(object);
            }
        }
        return new Rendered(text, List.copyOf(objects));
    }

    <T extends HasMetadata> List<T> all(Class<T> type) {
        return objects.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** The only object of its type. */
    <T extends HasMetadata> T the(Class<T> type) {
        assertThat(all(type)).as("objects of type %s", type.getSimpleName()).hasSize(1);
        return all(type).getFirst();
    }

    List<HasMetadata> ofKind(String kind) {
        return objects.stream().filter(object -> object.getKind().equals(kind)).toList();
    }

    PodSpec pod() {
        return the(Deployment.class).getSpec().getTemplate().getSpec();
    }

    /** Value of a variable of the operator's container. */
    String setting(String name) {
        return pod().getContainers().getFirst().getEnv().stream()
                .filter(variable -> variable.getName().equals(name))
                .findFirst().orElseThrow(() -> new AssertionError("no variable " + name)).getValue();
    }
}
