package dev.synod.e2e.kubernetes;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The order of the containers of a pod, as its application sees it: the member serves before the application
 * begins, and ends after it. By the kubelet's word, whose times are in seconds. Thread-safe by its caller.
 */
public final class Sidecars {
    /** Numbers of pods. */
    public record Seen(int begun, int ended) {}

    private final Set<String> begun = new HashSet<>();
    private final Set<String> ended = new HashSet<>();
    private final List<String> found = new ArrayList<>();

    /** A pod has changed. */
    void seen(Pod pod) {
        Optional<ContainerStatus> sidecar = PodView.status(pod, ClusterUnderTest.SIDECAR);
        Optional<ContainerStatus> app = PodView.status(pod, ClusterUnderTest.APP);
        if (sidecar.isEmpty() || app.isEmpty()) {
            return;
        }
        String uid = pod.getMetadata().getUid();
        if (sidecar.get().getRestartCount() == 0 && app.get().getRestartCount() == 0) {
            if (started(app.get()).isPresent() && !begun.contains(uid) && !serves(pod)) {
                found.add("in " + pod.getMetadata().getName()
                        + " the application began before the member served");
            }
            compare(pod, started(sidecar.get()), started(app.get()), begun, "began");
        }
        // A member that ended while the application goes on is started again; only the end of all counts.
        if (pod.getMetadata().getDeletionTimestamp() != null && !ended.contains(uid)) {
            compare(pod, finished(app.get()), finished(sidecar.get()), ended, "ended");
        }
    }

    private void compare(Pod pod, Optional<Instant> first, Optional<Instant> second, Set<String> told,
            String what) {
        if (first.isPresent() && second.isPresent() && told.add(pod.getMetadata().getUid())
                && second.get().isBefore(first.get())) {
            found.add("in " + pod.getMetadata().getName() + " the containers " + what
                    + " in the wrong order: one at " + second.get() + ", before the other at " + first.get());
        }
    }

    /** By its startup probe, which the kubelet asks before the application begins. */
    private static boolean serves(Pod pod) {
        return pod.getStatus().getInitContainerStatuses().stream()
                .anyMatch(each -> each.getName().equals(ClusterUnderTest.SIDECAR)
                        && Boolean.TRUE.equals(each.getStarted()));
    }

    private static Optional<Instant> started(ContainerStatus status) {
        return Optional.ofNullable(status.getState()).map(state -> state.getRunning())
                .map(running -> Instant.parse(running.getStartedAt()));
    }

    private static Optional<Instant> finished(ContainerStatus status) {
        return Optional.ofNullable(status.getState()).map(state -> state.getTerminated())
                .map(terminated -> Instant.parse(terminated.getFinishedAt()));
    }

    /** In how many pods the beginning of both was seen, and the end of both. */
    Seen seen() {
        return new Seen(begun.size(), ended.size());
    }

    /** What was the wrong way round since this was asked last. */
    List<String> found() {
        List<String> all = List.copyOf(found);
        found.clear();
        return all;
    }
}
