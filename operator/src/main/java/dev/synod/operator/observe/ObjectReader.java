package dev.synod.operator.observe;

import dev.synod.operator.model.Names;
import dev.synod.operator.model.PodHash;
import dev.synod.operator.model.RecoveryPod;
import dev.synod.operator.plan.Observed;
import dev.synod.operator.plan.Observed.JobState;
import dev.synod.operator.plan.PodSet;
import dev.synod.operator.plan.Slot;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
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
        boolean running = Stream.concat(status.getInitContainerStatuses().stream(),
                status.getContainerStatuses().stream())
                .anyMatch(container -> container.getName().equals(SIDECAR) && runs(container));
        List<String> application = containers.stream().map(Container::getName).toList();
        Map<String, String> replaced = ReplacedContainers.of(annotations == null ? Map.of() : annotations);
        List<String> runningNames = status.getContainerStatuses().stream()
                .filter(container -> runs(container)
                        && !isOneOf(replaced, container))
                .map(ContainerStatus::getName).toList();
        return new Observed.Pod(pod.getMetadata().getUid(),
                annotations == null ? "" : annotations.getOrDefault(PodHash.ANNOTATION, ""),
                PodHash.appImages(containers), running, runningNames.containsAll(application),
                pod.getMetadata().getDeletionTimestamp() != null);
    }

    private static boolean isOneOf(Map<String, String> replaced, ContainerStatus container) {
        String id = replaced.get(container.getName());
        return id != null && id.equals(container.getContainerID());
    }

    private static boolean runs(ContainerStatus container) {
        return container.getState() != null && container.getState().getRunning() != null;
    }

    /** Claims by place. */
    public SortedMap<Slot, Observed.Claim> claims(Collection<PersistentVolumeClaim> claims) {
        SortedMap<Slot, Observed.Claim> result = new TreeMap<>();
        for (PersistentVolumeClaim claim : claims) {
            String name = claim.getMetadata().getName();
            Slot slot = name.startsWith(CLAIM_PREFIX)
                    ? names.slotOfPod(name.substring(CLAIM_PREFIX.length()))
                    : null;
            if (slot != null) {
                result.put(slot, new Observed.Claim(claim.getMetadata().getUid(), requested(claim),
                        waitsForRestart(claim), claim.getMetadata().getDeletionTimestamp() != null));
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
        return size == null ? 0 : Quantity.getAmountInBytes(size).longValueExact();
    }

    private static boolean waitsForRestart(PersistentVolumeClaim claim) {
        return claim.getStatus() != null && claim.getStatus().getConditions().stream().anyMatch(
                condition -> condition.getType().equals("FileSystemResizePending")
                        && condition.getStatus().equals("True"));
    }
}
