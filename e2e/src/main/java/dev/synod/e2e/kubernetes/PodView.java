package dev.synod.e2e.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;
import java.util.stream.Stream;

/** What a pod's object tells, sidecars among its containers. */
public final class PodView {
    private PodView() {}

    /** Whether the kubelet calls it ready, and nobody has deleted it. */
    public static boolean isReady(Pod pod) {
        return pod.getMetadata().getDeletionTimestamp() == null && pod.getStatus() != null
                && pod.getStatus().getConditions().stream().anyMatch(
                        condition -> condition.getType().equals("Ready")
                                && condition.getStatus().equals("True"));
    }

    /** A container as it is asked for, which must be there. */
    public static Container container(Pod pod, String name) {
        return Stream.concat(pod.getSpec().getInitContainers().stream(),
                pod.getSpec().getContainers().stream())
                .filter(container -> container.getName().equals(name)).findFirst().orElseThrow();
    }

    /** How its containers are, as far as the kubelet has told. */
    public static Stream<ContainerStatus> statuses(Pod pod) {
        return pod.getStatus() == null
                ? Stream.empty()
                : Stream.concat(pod.getStatus().getInitContainerStatuses().stream(),
                        pod.getStatus().getContainerStatuses().stream());
    }

    /** How one container is; empty while the kubelet has not told. */
    static Optional<ContainerStatus> status(Pod pod, String container) {
        return statuses(pod).filter(status -> status.getName().equals(container)).findFirst();
    }
}
