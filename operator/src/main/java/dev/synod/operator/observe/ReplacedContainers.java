package dev.synod.operator.observe;

import io.fabric8.kubernetes.api.model.Container;
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
    /** On pods: name, id and image of each container that was to be replaced, with what it had until then. */
    public static final String ANNOTATION = "synod.dev/replaced-containers";

    private ReplacedContainers() {}

    /** Text of the annotation, for a pod whose containers of these names are asked to have other images. */
    public static String text(Pod pod, List<String> names) {
        Map<String, String> images = images(pod);
        return pod.getStatus().getContainerStatuses().stream()
                .filter(container -> names.contains(container.getName())
                        && container.getContainerID() != null)
                .map(container -> container.getName() + "=" + container.getContainerID() + "="
                        + images.getOrDefault(container.getName(), ""))
                .collect(Collectors.joining(","));
    }

    /**
     * Ids of those that are to go, by name. A container whose pod has the image of before is not: it had the
     * one that is asked for already, or others have put it back.
     */
    static Map<String, String> of(Pod pod) {
        Map<String, String> annotations = pod.getMetadata().getAnnotations();
        String text = annotations == null ? "" : annotations.getOrDefault(ANNOTATION, "");
        Map<String, String> images = images(pod);
        return Arrays.stream(text.split(",")).map(line -> line.split("=", 3))
                .filter(parts -> parts.length > 1
                        && !(parts.length > 2 && parts[2].equals(images.get(parts[0]))))
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1], (one, other) -> other));
    }

    private static Map<String, String> images(Pod pod) {
        return pod.getSpec().getContainers().stream().filter(container -> container.getImage() != null)
                .collect(Collectors.toMap(Container::getName, Container::getImage));
    }
}
