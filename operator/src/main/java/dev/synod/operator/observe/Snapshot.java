package dev.synod.operator.observe;

import dev.synod.operator.model.BootstrapRecord;
import dev.synod.operator.model.Names;
import dev.synod.operator.plan.Observed;
import dev.synod.operator.plan.PodSet;
import dev.synod.operator.plan.Slot;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the API server had of a cluster when a pass looked, as far as steps depend on it.
 *
 * @param bootstrap the ConfigMap of identity and latch; null when there is none
 * @param voters their StatefulSet; null when there is none
 * @param observers their StatefulSet; null when there is none
 * @param pods with the cluster's label
 * @param claims with the cluster's label
 * @param recoveryJob of a recovery; null when there is none
 * @param recoveryPods of such a Job, of one that is deleted too
 * @param at when it was read
 */
public record Snapshot(
        @Nullable ConfigMap bootstrap, @Nullable StatefulSet voters, @Nullable StatefulSet observers,
        List<Pod> pods, List<PersistentVolumeClaim> claims, @Nullable Job recoveryJob,
        List<Pod> recoveryPods, Instant at) {
    /** With copies of the lists. */
    public Snapshot {
        pods = List.copyOf(pods);
        claims = List.copyOf(claims);
        recoveryPods = List.copyOf(recoveryPods);
    }

    /**
     * What was written down when the cluster began.
     *
     * @throws IllegalArgumentException when somebody changed it
     */
    public Optional<BootstrapRecord> record() {
        return Optional.ofNullable(bootstrap).map(BootstrapRecord::of);
    }

    /** The StatefulSet; null when there is none. */
    public @Nullable StatefulSet set(PodSet set) {
        return set == PodSet.VOTERS ? voters : observers;
    }

    /** Objects that the cluster is to own. */
    public Stream<HasMetadata> owned() {
        return Stream.of(bootstrap, voters, observers, recoveryJob).filter(Objects::nonNull)
                .map(HasMetadata.class::cast);
    }

    /** Addresses of the pods that have one, by place. */
    public SortedMap<Slot, String> hosts(Names names) {
        SortedMap<Slot, String> hosts = new TreeMap<>();
        for (Pod pod : pods) {
            Slot slot = names.slotOfPod(pod.getMetadata().getName());
            String address = pod.getStatus() == null ? null : pod.getStatus().getPodIP();
            if (slot != null && address != null && !address.isEmpty()) {
                hosts.put(slot, address);
            }
        }
        return hosts;
    }

    /** Together with what members said. */
    public Observed observed(Names names, SortedMap<Slot, Observed.Member> members,
            Observed.@Nullable Confirmed confirmed) {
        ObjectReader reader = new ObjectReader(names);
        Optional<BootstrapRecord> record = record();
        return new Observed(record.map(BootstrapRecord::latch).orElse(null),
                record.map(BootstrapRecord::image).orElse(null),
                voters == null ? null : ObjectReader.replicas(voters),
                observers == null ? null : ObjectReader.replicas(observers),
                reader.pods(pods, this::set), reader.claims(claims, pods), members, confirmed,
                recoveryJob == null ? null : ObjectReader.recoveryJob(recoveryJob),
                ObjectReader.attempts(recoveryPods), at);
    }
}
