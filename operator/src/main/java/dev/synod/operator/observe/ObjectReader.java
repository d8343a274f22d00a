package dev.synod.operator.observe;

import dev.synod.operator.model.AppImages;
import dev.synod.operator.model.Names;
import dev.synod.operator.model.PodHash;
import dev.synod.operator.model.RecoveryPod;
import dev.synod.operator.plan.Observed;
import dev.synod.operator.plan.Observed.JobState;
import dev.synod.operator.plan.PodSet;
import dev.synod.operator.plan.Slot;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads what the plan has to know of a cluster's objects. What is none of the cluster's is left out. */
public final class ObjectReader {
    private static final String CLAIM_PREFIX = "synod-";
    private static final String SIDECAR = "synod";
    /** Why a container waits that is about to start; any other reason is a failure. */
    private static final Set<String> STARTING = Set.of("ContainerCreating", "PodInitializing");
    private static final UUID NOBODY = new UUID(0, 0);

    private final Names names;

    /** For one cluster. */
    public ObjectReader(Names names) {
        this.names = names;
    }

    /** A set of pods. */
    public static Observed.Replicas replicas(StatefulSet set) {
        long bytes = set.getSpec().getVolumeClaimTemplates().stream()
                .mapToLong(ObjectReader::requested).max().orElse(0);
        Integer replicas = set.getSpec().getReplicas();
        return new Observed.Replicas(replicas == null ? 1 : replicas, bytes);
    }

    /** Pods by place, all their containers but the sidecar taken for the application's. */
    public SortedMap<Slot, Observed.Pod> pods(Collection<Pod> pods) {
        return pods(pods, set -> null);
    }

    /**
     * Pods by place. What others add to pods, such as the proxy of a mesh, is none of the application's.
     *
     * @param template of the pods of a set; null while there is none: then all containers count
     */
    public SortedMap<Slot, Observed.Pod> pods(Collection<Pod> pods,
            Function<PodSet, @Nullable StatefulSet> template) {
        SortedMap<Slot, Observed.Pod> result = new TreeMap<>();
        for (Pod pod : pods) {
            Slot slot = names.slotOfPod(pod.getMetadata().getName());
            if (slot != null) {
                result.put(slot, pod(pod, application(pod, template.apply(slot.set()))));
            }
        }
        return result;
    }

    private static List<Container> application(Pod pod, @Nullable StatefulSet set) {
        Set<String> ours =
                (set == null ? pod.getSpec() : set.getSpec().getTemplate().getSpec()).getContainers()
                        .stream().map(Container::getName).collect(Collectors.toSet());
        return pod.getSpec().getContainers().stream().filter(
                container -> !container.getName().equals(SIDECAR) && ours.contains(container.getName()))
                .toList();
    }

    private static Observed.Pod pod(Pod pod, List<Container> containers) {
        Map<String, String> annotations = pod.getMetadata().getAnnotations();
        PodStatus status = pod.getStatus() == null ? new PodStatus() : pod.getStatus();
        Observed.Sidecar sidecar = Stream.concat(status.getInitContainerStatuses().stream(),
                status.getContainerStatuses().stream())
                .filter(container -> container.getName().equals(SIDECAR)).findAny()
                .map(ObjectReader::sidecar).orElse(Observed.Sidecar.NOT_YET);
        List<String> application = containers.stream().map(Container::getName).toList();
        Map<String, String> replaced = ReplacedContainers.of(pod);
        List<String> runningNames = status.getContainerStatuses().stream()
                .filter(container -> runs(container)
                        && !isOneOf(replaced, container))
                .map(ContainerStatus::getName).toList();
        return new Observed.Pod(pod.getMetadata().getUid(),
                annotations == null ? "" : annotations.getOrDefault(PodHash.ANNOTATION, ""),
                AppImages.askedOf(pod, containers), sidecar, runningNames.containsAll(application),
                pod.getMetadata().getDeletionTimestamp() != null);
    }

    private static Observed.Sidecar sidecar(ContainerStatus container) {
        ContainerState now = container.getState() == null ? new ContainerState() : container.getState();
        ContainerState last = container.getLastState();
        if (now.getRunning() != null) {
            return Observed.Sidecar.RUNNING;
        }
        boolean ran = now.getTerminated() != null || last != null && last.getTerminated() != null
                || container.getRestartCount() != null && container.getRestartCount() > 0;
        if (!ran) {
            return Observed.Sidecar.NOT_YET;
        }
        String waits = now.getWaiting() == null ? null : now.getWaiting().getReason();
        return waits == null || STARTING.contains(waits) ? Observed.Sidecar.ENDED : Observed.Sidecar.FAILING;
    }

    private static boolean isOneOf(Map<String, String> replaced, ContainerStatus container) {
        String id = replaced.get(container.getName());
        return id != null && id.equals(container.getContainerID());
    }

    private static boolean runs(ContainerStatus container) {
        return container.getState() != null && container.getState().getRunning() != null;
    }

    /** Claims by place; a pod that has started since its file system waits for that is not to start again. */
    public SortedMap<Slot, Observed.Claim> claims(Collection<PersistentVolumeClaim> claims,
            Collection<Pod> pods) {
        SortedMap<Slot, String> started = new TreeMap<>();
        for (Pod pod : pods) {
            Slot slot = names.slotOfPod(pod.getMetadata().getName());
            if (slot != null) {
                started.put(slot, String.valueOf(pod.getMetadata().getCreationTimestamp()));
            }
        }
        SortedMap<Slot, Observed.Claim> result = new TreeMap<>();
        for (PersistentVolumeClaim claim : claims) {
            String name = claim.getMetadata().getName();
            Slot slot = name.startsWith(CLAIM_PREFIX)
                    ? names.slotOfPod(name.substring(CLAIM_PREFIX.length()))
                    : null;
            if (slot != null) {
                result.put(slot, new Observed.Claim(claim.getMetadata().getUid(), requested(claim),
                        waitsForRestart(claim, started.get(slot)),
                        claim.getMetadata().getDeletionTimestamp() != null));
            }
        }
        return result;
    }

    /** The Job of a recovery. */
    public static Observed.RecoveryJob recoveryJob(Job job) {
        Map<String, String> annotations = job.getMetadata().getAnnotations();
        String cluster = annotations == null ? null : annotations.get(RecoveryPod.CLUSTER);
        return new Observed.RecoveryJob(job.getMetadata().getUid(),
                cluster == null ? NOBODY : UUID.fromString(cluster),
                isTrue(job, "Complete")
                        ? JobState.SUCCEEDED
                        : isTrue(job, "Failed") ? JobState.FAILED : JobState.RUNNING,
                job.getMetadata().getDeletionTimestamp() != null);
    }

    private static boolean isTrue(Job job, String type) {
        return job.getStatus() != null && job.getStatus().getConditions().stream().anyMatch(
                condition -> condition.getType().equals(type) && condition.getStatus().equals("True"));
    }

    private static long requested(PersistentVolumeClaim claim) {
        Quantity size = claim.getSpec().getResources().getRequests().get("storage");
        return size == null ? 0 : Wishes.bytes(size);
    }

    private static boolean waitsForRestart(PersistentVolumeClaim claim, @Nullable String podMade) {
        return claim.getStatus() != null && claim.getStatus().getConditions().stream().anyMatch(
                condition -> condition.getType().equals("FileSystemResizePending")
                        && condition.getStatus().equals("True")
                        && isBefore(podMade, condition.getLastTransitionTime()));
    }

    /** A pod of the same second may be older: a start too many is better than none. */
    private static boolean isBefore(@Nullable String podMade, @Nullable String condition) {
        if (podMade == null || condition == null) {
            return podMade != null; // without a pod there is nothing to start anew
        }
        try {
            return !Instant.parse(podMade).isAfter(Instant.parse(condition));
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    /** Pods of a recovery's Job that have not ended. */
    public static List<Observed.Attempt> attempts(Collection<Pod> pods) {
        return pods.stream().filter(pod -> !hasEnded(pod))
                .map(pod -> new Observed.Attempt(pod.getMetadata().getName(), trouble(pod))).toList();
    }

    private static boolean hasEnded(Pod pod) {
        String phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
        return "Succeeded".equals(phase) || "Failed".equals(phase);
    }

    private static String trouble(Pod pod) {
        if (pod.getStatus() == null) {
            return "";
        }
        Stream<String> unscheduled = pod.getStatus().getConditions().stream()
                .filter(condition -> condition.getType().equals("PodScheduled")
                        && condition.getStatus().equals("False"))
                .map(condition -> condition.getReason() + ": " + condition.getMessage());
        Stream<String> waiting = Stream.concat(pod.getStatus().getInitContainerStatuses().stream(),
                pod.getStatus().getContainerStatuses().stream())
                .filter(container -> container.getState() != null
                        && container.getState().getWaiting() != null)
                .map(container -> container.getName() + " waits: "
                        + container.getState().getWaiting().getReason());
        return Stream.concat(unscheduled, waiting).collect(Collectors.joining(", "));
    }
}
