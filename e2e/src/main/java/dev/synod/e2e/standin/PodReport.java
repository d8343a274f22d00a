package dev.synod.e2e.standin;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a kubelet tells of a pod. */
final class PodReport {
    private PodReport() {}

    /**
     * Its status.
     *
     * @param atRest whether it is over and nothing of it runs
     */
    static PodStatus status(Pod pod, String address, List<ContainerLife> init, List<ContainerLife> main,
            boolean initialised, boolean atRest) {
        boolean began = init.stream().anyMatch(ContainerLife::isRunning)
                || main.stream().anyMatch(ContainerLife::isRunning) || initialised;
        boolean ready = initialised && main.stream().allMatch(ContainerLife::isReady)
                && init.stream().allMatch(each -> !PodLife.isSidecar(each.container()) || each.isReady());
        List<PodCondition> conditions = new ArrayList<>();
        conditions.add(condition(pod, "PodReadyToStartContainers", began && !atRest, ""));
        conditions.add(condition(pod, "Initialized", initialised, "ContainersNotInitialized"));
        conditions.add(condition(pod, "Ready", ready, "ContainersNotReady"));
        conditions.add(condition(pod, "ContainersReady", ready, "ContainersNotReady"));
        before(pod, "PodScheduled").ifPresent(conditions::add);
        return new PodStatusBuilder().withPhase(phase(main, initialised, atRest)).withConditions(conditions)
                .withHostIP(StandInKubelet.HOST).withPodIP(address).withPodIPs(new PodIP(address))
                .withStartTime(pod.getStatus() != null && pod.getStatus().getStartTime() != null
                        ? pod.getStatus().getStartTime()
                        : ContainerLife.time(Instant.now()))
                .withInitContainerStatuses(init.stream().map(ContainerLife::status).toList())
                .withContainerStatuses(main.stream().map(ContainerLife::status).toList()).build();
    }

    private static String phase(List<ContainerLife> main, boolean initialised, boolean atRest) {
        if (atRest) {
            boolean well = main.stream().allMatch(each -> Integer.valueOf(0).equals(each.endedWith()));
            return well ? "Succeeded" : "Failed";
        }
        return initialised ? "Running" : "Pending";
    }

    private static Optional<PodCondition> before(Pod pod, String type) {
        return pod.getStatus() == null
                ? Optional.empty()
                : pod.getStatus().getConditions().stream().filter(each -> each.getType().equals(type))
                        .findFirst();
    }

    private static PodCondition condition(Pod pod, String type, boolean is, String otherwise) {
        String status = is ? "True" : "False";
        String since = before(pod, type).filter(each -> each.getStatus().equals(status))
                .map(PodCondition::getLastTransitionTime).orElseGet(() -> ContainerLife.time(Instant.now()));
        return new PodConditionBuilder().withType(type).withStatus(status)
                .withReason(is || otherwise.isEmpty() ? null : otherwise).withLastTransitionTime(since)
                .build();
    }
}
