package dev.synod.operator.observe;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Which containers a running pod had when their images were changed. For a moment after that the old ones
 * still run, and names of images do not tell them from the new ones: the kubelet may report one image by
 * another's name.
 */
public final class ReplacedContainers {
    /** On pods: name and id of each container that was to be replaced. */
    public static final String ANNOTATION = "synod.dev/replaced-containers";

    private ReplacedContainers() {}

    /** Text of the annotation, for a pod whose containers of these names get other images. */
    public static String text(Pod pod, List<String> names) {
        return pod.getStatus().getContainerStatuses().stream()
                .filter(container -> names.contains(container.getName())
                        && container.getContainerID() != null)
                .map(ReplacedContainers::line).collect(Collectors.joining(","));
    }

    private static String line(ContainerStatus container) {
        return container.getName() + "=" + container.getContainerID();
    }

    /** Ids by name. */
    static Map<String, String> of(Map<String, String> annotations) {
        return Arrays.stream(annotations.getOrDefault(ANNOTATION, "").split(","))
                .map(line -> line.split("=", 2)).filter(parts -> parts.length == 2)
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1], (one, other) -> other));
    }
}
