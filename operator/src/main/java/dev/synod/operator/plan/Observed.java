package dev.synod.operator.plan;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What was seen in one pass. Pods and claims are read from the API server itself, not from a cache, before a
 * step that
 * takes something down.
 *
 * @param latch null when there is none
 * @param voters the set of voters; null when it does not exist
 * @param observers the set of observers; null when it does not exist
 * @param pods by place, those that exist
 * @param claims by place, those that exist
 * @param members by place, those that answered
 * @param confirmed what a quorum confirmed; null when no member could
 * @param recoveryJob what writes the new cluster's volume in a recovery; null when there is none
 */
public record Observed(
        @Nullable Latch latch, @Nullable Replicas voters, @Nullable Replicas observers,
        SortedMap<Slot, Pod> pods, SortedMap<Slot, Claim> claims, SortedMap<Slot, Member> members,
        @Nullable Confirmed confirmed, @Nullable RecoveryJob recoveryJob) {
    /** With copies of the maps. */
    public Observed {
        pods = new TreeMap<>(pods);
        claims = new TreeMap<>(claims);
        members = new TreeMap<>(members);
    }

    /** While no recovery is under way. */
    public Observed(@Nullable Latch latch, @Nullable Replicas voters, @Nullable Replicas observers,
            SortedMap<Slot, Pod> pods, SortedMap<Slot, Claim> claims, SortedMap<Slot, Member> members,
            @Nullable Confirmed confirmed) {
        this(latch, voters, observers, pods, claims, members, confirmed, null);
    }

    /**
     * Of an owned ConfigMap, written before the first pod: the one place that says whether the cluster ever
     * began.
     *
     * @param cluster its identity
     * @param initial the first voters by ordinal
     * @param initialised whether they may vote
     * @param recovery that is under way; null when none is
     */
    public record Latch(
            UUID cluster, List<UUID> initial, boolean initialised, @Nullable Recovery recovery) {
        /** With a copy of the list. */
        public Latch {
            initial = List.copyOf(initial);
        }

        /** While no recovery is under way. */
        public Latch(UUID cluster, List<UUID> initial, boolean initialised) {
            this(cluster, initial, initialised, null);
        }
    }

    /**
     * A new cluster from the volume of a member that survived, as it was decided once.
     *
     * @param slot where that volume is
     * @param survivor the member of the old cluster
     * @param cluster identity of the new one
     * @param member identity of its first voter, in that place
     */
    public record Recovery(Slot slot, UUID survivor, UUID cluster, UUID member) {}

    /** How far a Job has come. */
    public enum JobState {
        /** It has not ended. */
        RUNNING,
        /** It did what it was to do. */
        SUCCEEDED,
        /** It gave up. */
        FAILED
    }

    /**
     * What writes the new cluster's volume.
     *
     * @param uid of this Job
     * @param cluster that it was made for
     * @param state how far it has come
     * @param terminating whether it is on its way out
     */
    public record RecoveryJob(String uid, UUID cluster, JobState state, boolean terminating) {}

    /**
     * A StatefulSet.
     *
     * @param count replicas that it asks for
     * @param claimBytes size in its claim template
     */
    public record Replicas(int count, long claimBytes) {}

    /**
     * A pod.
     *
     * @param uid of this pod, which no other pod of the same name has
     * @param hash of what it was made from
     * @param appImages that its application's containers are to run
     * @param running whether its sidecar's container runs
     * @param appRunning whether all containers of the application run, with the images that they are to run
     * @param terminating whether it is on its way out
     */
    public record Pod(
            String uid, String hash, String appImages, boolean running, boolean appRunning,
            boolean terminating) {}

    /**
     * A persistent volume claim.
     *
     * @param uid of this claim
     * @param bytes asked for
     * @param restartToGrow whether its file system grows only when its pod starts anew
     * @param terminating whether it goes as soon as no pod uses it
     */
    public record Claim(String uid, long bytes, boolean restartToGrow, boolean terminating) {}

    /** How far a member's process has come. */
    public enum Phase {
        /** Reading its volume, or ending. */
        BUSY,
        /** Its volume is empty. */
        EMPTY,
        /** It takes part. */
        RUNNING,
        /** It found its volume damaged, and is silent for good. */
        FAULTY
    }

    /**
     * A member, as it says itself.
     *
     * @param phase how far it has come
     * @param id of its volume; null when that is empty
     * @param cluster of its volume; null when that is empty
     * @param activated whether it may vote
     * @param ready whether it serves
     * @param applied index of its last entry applied
     * @param version of its program; empty when it is not known
     * @param fault why it is FAULTY; empty while it is not
     */
    public record Member(
            Phase phase, @Nullable UUID id, @Nullable UUID cluster, boolean activated, boolean ready,
            long applied, String version, String fault) {
        Member(Phase phase, @Nullable UUID id, @Nullable UUID cluster, boolean activated, boolean ready,
                long applied) {
            this(phase, id, cluster, activated, ready, applied, "", "");
        }
    }

    /**
     * A member in the configuration.
     *
     * @param id of its volume
     * @param voter whether it votes
     * @param slot where its address leads; null when that is no place of this cluster
     */
    public record Configured(UUID id, boolean voter, @Nullable Slot slot) {}

    /**
     * What a quorum of the voters confirmed after the pass began.
     *
     * @param epoch of the configuration
     * @param established whether a leader of that epoch has decided something, so that those left out may go
     * @param members of the configuration
     * @param leader null when none is known
     * @param decided index of the last entry decided
     */
    public record Confirmed(
            int epoch, boolean established, List<Configured> members, @Nullable UUID leader, long decided) {
        /** With a copy of the list. */
        public Confirmed {
            members = List.copyOf(members);
        }
    }

    /** The set, or null. */
    @Nullable
    Replicas replicas(PodSet set) {
        return set == PodSet.VOTERS ? voters : observers;
    }

    /**
     * Whether the first voters have their voices and nobody has led them yet: most of them answer, and none has
     * ever applied anything.
     */
    public boolean isBeginning() {
        if (latch == null || confirmed != null) {
            return false;
        }
        List<Member> first = members.values().stream()
                .filter(member -> member.id() != null && latch.initial().contains(member.id())).toList();
        return first.size() >= View.majority(latch.initial().size())
                && first.stream().allMatch(member -> member.applied() == 0);
    }

    /** Those of a set. */
    static <T> Map<Slot, T> ofSet(SortedMap<Slot, T> all, PodSet set) {
        SortedMap<Slot, T> result = new TreeMap<>(all);
        result.keySet().removeIf(slot -> slot.set() != set);
        return result;
    }
}
