package dev.synod.operator.plan;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
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
 * @param image of the sidecar, as written down beside the latch; null when there is none
 * @param voters the set of voters; null when it does not exist
 * @param observers the set of observers; null when it does not exist
 * @param pods by place, those that exist
 * @param claims by place, those that exist
 * @param members by place, those that answered
 * @param confirmed what a quorum confirmed; null when no member could
 * @param recoveryJob what writes the new cluster's volume in a recovery; null when there is none
 * @param attempts pods of such a Job that have not ended, of one that is deleted too
 * @param at when it was seen
 */
public record Observed(
        @Nullable Latch latch, @Nullable String image, @Nullable Replicas voters,
        @Nullable Replicas observers, SortedMap<Slot, Pod> pods, SortedMap<Slot, Claim> claims,
        SortedMap<Slot, Member> members, @Nullable Confirmed confirmed, @Nullable RecoveryJob recoveryJob,
        List<Attempt> attempts, Instant at) {
    /** With copies of maps and lists. */
    public Observed {
        pods = new TreeMap<>(pods);
        claims = new TreeMap<>(claims);
        members = new TreeMap<>(members);
        attempts = List.copyOf(attempts);
    }

    /** While no recovery is under way. */
    public Observed(@Nullable Latch latch, @Nullable Replicas voters, @Nullable Replicas observers,
            SortedMap<Slot, Pod> pods, SortedMap<Slot, Claim> claims, SortedMap<Slot, Member> members,
            @Nullable Confirmed confirmed) {
        this(latch, null, voters, observers, pods, claims, members, confirmed, null, List.of(),
                Instant.EPOCH);
    }

    /**
     * Of an owned ConfigMap, written before the first pod: the one place that says whether the cluster ever
     * began.
     *
     * @param cluster its identity
     * @param initial the first voters by ordinal
     * @param initialised whether they may vote
     * @param recovery that is under way; null when none is
     * @param notes what is remembered of the wish for a recovery
     */
    public record Latch(
            UUID cluster, List<UUID> initial, boolean initialised, @Nullable Recovery recovery, Notes notes) {
        /** With a copy of the list. */
        public Latch {
            initial = List.copyOf(initial);
        }

        /** While no recovery is under way. */
        public Latch(UUID cluster, List<UUID> initial, boolean initialised) {
            this(cluster, initial, initialised, null, Notes.NONE);
        }

        /** With something else remembered. */
        public Latch with(Notes other) {
            return new Latch(cluster, initial, initialised, recovery, other);
        }

        /** With a recovery under way; nothing is remembered of its wish but the recovery itself. */
        public Latch noting(Recovery begun) {
            return new Latch(cluster, initial, initialised, begun, Notes.NONE);
        }

        /** Its recovery may be written from here on. */
        public Latch writing() {
            return new Latch(cluster, initial, initialised, recovery == null ? null : recovery.nowWriting(),
                    notes);
        }

        /** That of the cluster that a recovery has written; the recovery stays. */
        public Latch switched(UUID to) {
            return new Latch(to, List.of(), true, recovery, notes);
        }

        /** Without its recovery, whose wish was called off. */
        public Latch calledOff() {
            return new Latch(cluster, initial, initialised, null,
                    new Notes(recovery == null ? null : recovery.survivor(), null, null));
        }

        /** Without its recovery, whose wish was carried out. */
        public Latch finished() {
            return new Latch(cluster, initial, initialised, null,
                    new Notes(null, recovery == null ? null : recovery.survivor(), null));
        }
    }

    /**
     * What is remembered of the wish for a recovery, from one pass to the next, and by another operator.
     *
     * @param refused the member whose recovery was refused or called off: the wish, as long as it stands,
     *     is not
     *     carried out later, when nobody thinks of it any more
     * @param done the member whose recovery was carried out: the wish means nobody any more
     * @param away since when passes have found no quorum while a recovery is wished for; null when they
     *     have not
     */
    public record Notes(@Nullable UUID refused, @Nullable UUID done, @Nullable Away away) {
        /** Nothing. */
        public static final Notes NONE = new Notes(null, null, null);
    }

    /**
     * How long passes have found no quorum.
     *
     * @param since the first of them
     * @param seen a late one of them: what was not looked at for long may have been back meanwhile
     */
    public record Away(Instant since, Instant seen) {
        /** Passes further apart than this know nothing of the time between them. */
        static final Duration GAP_MAX = Duration.ofSeconds(30);

        /** Whether a pass at that time goes on from it. */
        boolean holdsAt(Instant now) {
            return !now.isBefore(since) && Duration.between(seen, now).abs().compareTo(GAP_MAX) <= 0;
        }
    }

    /**
     * A new cluster from the volume of a member that survived, as it was decided once.
     *
     * @param slot where that volume is
     * @param survivor the member of the old cluster
     * @param cluster identity of the new one
     * @param member identity of its first voter, in that place
     * @param writing whether a Job may have been made: from then on the volume may be the new cluster's,
     *     whatever
     *     became of the Job, and there is no way back
     */
    public record Recovery(Slot slot, UUID survivor, UUID cluster, UUID member, boolean writing) {
        /** Before anything is written. */
        public Recovery(Slot slot, UUID survivor, UUID cluster, UUID member) {
            this(slot, survivor, cluster, member, false);
        }

        /** From here on it may be written. */
        public Recovery nowWriting() {
            return new Recovery(slot, survivor, cluster, member, true);
        }
    }

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
     * A pod of a recovery's Job that has not ended: it may write.
     *
     * @param pod its name
     * @param trouble why it does not run, as Kubernetes says it; empty while it does, or nobody knows
     */
    public record Attempt(String pod, String trouble) {
        @Override
        public String toString() {
            return trouble.isEmpty() ? pod : pod + " (" + trouble + ")";
        }
    }

    /**
     * A StatefulSet.
     *
     * @param count replicas that it asks for
     * @param claimBytes size in its claim template
     */
    public record Replicas(int count, long claimBytes) {}

    /** How the process of a pod's sidecar is, as Kubernetes says it. */
    public enum Sidecar {
        /** It has not run in this pod yet: its image is not there, or the pod has no node. */
        NOT_YET,
        /** It runs. */
        RUNNING,
        /** It ended, and is started again at once. */
        ENDED,
        /** It ended, and its starts fail: it is tried later and later. */
        FAILING
    }

    /**
     * A pod.
     *
     * @param uid of this pod, which no other pod of the same name has
     * @param hash of what it was made from
     * @param appImages that its application's containers are to run
     * @param sidecar how its sidecar's process is
     * @param appRunning whether all containers of the application run, with the images that they are to run
     * @param terminating whether it is on its way out
     */
    public record Pod(
            String uid, String hash, String appImages, Sidecar sidecar, boolean appRunning,
            boolean terminating) {
        /** Whether its sidecar's container runs. */
        public boolean running() {
            return sidecar == Sidecar.RUNNING;
        }
    }

    /**
     * A persistent volume claim.
     *
     * @param uid of this claim
     * @param bytes asked for
     * @param restartToGrow whether its file system grows only when its pod starts anew, and the pod has not
     *     since
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
     * @param applied index of its last entry applied; low after a start, until it has read its log
     * @param log how far its log goes
     * @param electorate the voters that it knows
     * @param diskFull whether it takes no commands for want of room
     * @param version of its program; empty when it is not known
     * @param fault why it is FAULTY; empty while it is not
     */
    public record Member(
            Phase phase, @Nullable UUID id, @Nullable UUID cluster, boolean activated, boolean ready,
            long applied, Log log, Electorate electorate, boolean diskFull, String version, String fault) {
        Member(Phase phase, @Nullable UUID id, @Nullable UUID cluster, boolean activated, boolean ready,
                long applied) {
            this(phase, id, cluster, activated, ready, applied, new Log(0, 0, 0, applied), Electorate.NONE,
                    false, "", "");
        }

        /** Whether it takes part in that cluster, and may vote there. */
        boolean votesIn(UUID other) {
            return phase == Phase.RUNNING && activated && other.equals(cluster);
        }
    }

    /**
     * How far a log goes. Of two survivors the one with the greater ballot knows what the other may lack,
     * and among
     * equals the longer one.
     *
     * @param epoch of its ballot
     * @param round of its ballot
     * @param member of its ballot
     * @param last index of its last entry
     */
    public record Log(int epoch, long round, int member, long last) implements Comparable<Log> {
        private static final Comparator<Log> ORDER = Comparator.comparingInt(Log::epoch)
                .thenComparingLong(Log::round).thenComparingInt(Log::member).thenComparingLong(Log::last);

        @Override
        public int compareTo(Log other) {
            return ORDER.compare(this, other);
        }

        @Override
        public String toString() {
            return "ballot " + epoch + "." + round + "." + member + " and entries up to " + last;
        }
    }

    /**
     * The voters of the newest configuration that a member knows, decided or not.
     *
     * @param epoch of that configuration
     * @param voters empty when it knows none
     */
    public record Electorate(int epoch, List<UUID> voters) {
        /** It knows none. */
        public static final Electorate NONE = new Electorate(0, List.of());

        /** With a copy of the list. */
        public Electorate {
            voters = List.copyOf(voters);
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
     * Whether the first voters have their voices and nobody has led them yet: most of them answer, and none
     * has
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

    /** The voters of the newest configuration that any answering member of the cluster knows. */
    Electorate electorate() {
        return latch == null
                ? Electorate.NONE
                : members.values().stream().filter(member -> member.votesIn(latch.cluster()))
                        .map(Member::electorate).max(Comparator.comparingInt(Electorate::epoch))
                        .orElse(Electorate.NONE);
    }

    /** How many of the {@link #electorate} answer and may vote. */
    long votersAnswering() {
        List<UUID> known = electorate().voters();
        return latch == null
                ? 0
                : members.values().stream().filter(member -> member.votesIn(latch.cluster())
                        && member.id() != null && known.contains(member.id())).count();
    }

    /** Whether the voters that answer make a quorum, though none confirmed anything just now. */
    boolean mayHaveQuorum() {
        List<UUID> known = electorate().voters();
        return !known.isEmpty() && votersAnswering() >= View.majority(known.size());
    }

    /** How many places of a set claims fill, from the first one on; none without claims. */
    int placesWithClaims(PodSet set) {
        return ofSet(claims, set).keySet().stream().mapToInt(Slot::ordinal).max().orElse(-1) + 1;
    }

    /** How many places of a set the confirmed configuration needs; none without one. */
    int placesConfigured(PodSet set) {
        return confirmed == null
                ? 0
                : confirmed.members().stream().map(Configured::slot)
                        .filter(slot -> slot != null && slot.set() == set)
                        .mapToInt(slot -> slot == null ? -1 : slot.ordinal()).max().orElse(-1) + 1;
    }

    /** Whether a member of the confirmed configuration lives there. */
    boolean isConfigured(Slot slot) {
        return confirmed != null && confirmed.members().stream().anyMatch(one -> slot.equals(one.slot()));
    }

    /** Those of a set. */
    static <T> Map<Slot, T> ofSet(SortedMap<Slot, T> all, PodSet set) {
        SortedMap<Slot, T> result = new TreeMap<>(all);
        result.keySet().removeIf(slot -> slot.set() != set);
        return result;
    }
}
