package dev.synod.simulation.mutants;

import dev.synod.paxos.Defect;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All planted bugs, one for each {@link Defect}, which says what the bug is. */
public final class MutantCatalogue {
    private static final String REGISTER = "register";
    private static final String COORDINATION = "coordination";
    private static final int SAFETY_SEEDS_MAX = 2_000;
    private static final int LIVENESS_SEEDS_MAX = 5_000;

    // spotless:off
    private static final List<Mutant> ALL = List.of(
            safety(Defect.M01_PROMISE_NOT_PERSISTED, "", "I4"),
            safety(Defect.M02_ACCEPTED_BEFORE_SYNC, "", "I4"),
            safety(Defect.M03_NO_DIRECTORY_SYNC, "crashes=12", "I17 after a power cut"),
            safety(Defect.M04_VOTE_COUNTED_TWICE, "members=5 duplication=0.3", "electorate"),
            safety(Defect.M05_QUORUM_OF_HALF, "", "quorum, I9"),
            safety(Defect.M06_ACCEPT_BELOW_PROMISE, "", "I1, I7, I9"),
            safety(Defect.M07_OWN_LOG_INSTEAD_OF_BEST, "", "I9"),
            safety(Defect.M08_LATEST_LOG_INSTEAD_OF_BEST, "", "I9"),
            safety(
                    Defect.M09_VOTES_OF_OTHER_BALLOTS,
                    "transfers=12 delay=60ms delayTail=0.1 reordering=0.5 duplication=0.5"
                            + " electionTimeout=800ms heartbeat=100ms",
                    "quorum"),
            safety(Defect.M10_ROUND_RESET_ON_RESTART, "", "I3"),
            safety(Defect.M11_APPLY_OVER_GAP, "", "I8, reply"),
            safety(Defect.M12_READ_BEFORE_LEADER_START, "", "I14"),
            safety(Defect.M13_NO_STEP_DOWN, "transfers=5 loss=0.1", "step-down"),
            safety(Defect.M14_APPLIED_INDEX_APART, "snapshotEvery=10", "I8, reply"),
            safety(Defect.M15_SNAPSHOT_DROPS_BALLOTS, "snapshotEvery=10 keepEntries=0", "I1, I17"),
            safety(Defect.M16_CORRUPTION_AS_TORN_TAIL, "rots=12", "I17, quorum"),
            safety(Defect.M17_CHECKSUM_IGNORED, "rots=3", "I7, I8, slot"),
            directed(
                    Defect.M18_CHECKSUM_WITHOUT_PLACE,
                    "a record at another's place is refused even so, since its index, its batch's number"
                            + " and the checksum chained over the segment's batches do not fit there;"
                            + " only one in the void behind the log shows it: PlantedStorageDefectsTest"
                            + " puts it there"),
            safety(Defect.M19_FSYNC_RETRIED, "diskErrors=4 crashes=12", "I17"),
            safety(Defect.M20_TWO_CHANGES_IN_FLIGHT, "memberships=5", "I12"),
            safety(Defect.M21_WIPED_MEMBER_VOTES, "volumes=4", "I9, slot"),
            safety(Defect.M29_UNCONFIRMED_READ, "", "I14, stale-read"),
            safety(Defect.M30_READ_CONFIRMATION_REUSED, "", "I14, stale-read"),
            safety(Defect.M34_HASH_ORDER_IN_APPLY, "", "I8"),
            safety(Defect.M35_OLD_INCARNATION_BELIEVED, "identities=2", "slot, I3"),
            safety(Defect.M36_NO_PROBE, "", "probe"),
            directed(
                    Defect.M37_EQUAL_TIMERS,
                    "a promise is not spent on whoever comes first: of candidates that prepare at one moment"
                            + " the highest wins, and only those whom a quorum answered prepare at all, so"
                            + " equal timers cost messages first; PlantedTimersTest sees them"),
            liveness(Defect.M38_QUEUE_WITHOUT_LIMIT, "overloads=1", "I18"),
            safety(Defect.R03_SINGLE_VOTER_BEFORE_DISK, "members=1", "quorum"),
            safety(Defect.R10_BALLOT_BEFORE_ENTRIES, "crashes=12", "I9"),
            safety(Defect.R11_HOLE_IN_LOG, "", "I2"),
            safety(Defect.R16_READ_OF_UNDECIDED, "", "stale-read, reply"),
            safety(Defect.R17_ONE_BALLOT_VARIABLE, "", "I9"),
            safety(Defect.R18_FOLLOWER_LOCAL_READ, "", "I14, stale-read"),
            safety(Defect.R19_PREPARE_BEFORE_DURABLE, "", "I4"),
            safety(Defect.R21_DECIDED_PAST_OWN_BALLOT, "", "slot"),
            directed(
                    Defect.R23_LOG_BEHIND_DECIDED,
                    "the hint is written with or after the entries that it covers, and nothing is recovered"
                            + " beyond a batch that is not whole: without damage, which makes the member"
                            + " FAULTY, it never lies beyond the log; PlantedStorageDefectsTest puts it"
                            + " there"),
            safety(Defect.R26_SYNC_ACROSS_TRIM, "snapshotEvery=10 keepEntries=0", "slot, I2, liveness"),
            safety(Defect.E01_ACTS_BEFORE_EPOCH_DURABLE, "memberships=5", "I12"),
            safety(Defect.E02_EPOCH_REENTERED, "memberships=5", "I1"),
            safety(Defect.E03_SEAL_BALLOT_PROPOSED_AT, "memberships=5", "seal"),
            safety(Defect.E04_REMOVED_MEMBERS_COUNTED, "memberships=5", "electorate"),
            safety(
                    Defect.E05_TAIL_KEPT_ON_ENTRY,
                    "overloads=8 memberships=12 partitions=12 partitionTime=2s windowEntries=256"
                            + " windowBytes=4194304 operatorTick=50ms electionTimeout=800ms"
                            + " heartbeat=100ms loss=0",
                    "I7, I12"),
            safety(Defect.E06_LEADER_START_AFTER_STOP, "memberships=5", "I12"),
            safety(Defect.E07_READ_AFTER_PROPOSED_STOP, "memberships=5", "I14, stale-read"),
            safety(
                    Defect.E08_READ_AFTER_ADOPTED_STOP,
                    "memberships=12 crashes=12 downtime=500ms delay=40ms electionTimeout=800ms"
                            + " heartbeat=100ms operatorTick=50ms loss=0",
                    "I14, stale-read"),
            safety(Defect.E09_STALE_SYNC_TRUNCATES, "duplication=0.3 reordering=0.3", "I6"),
            safety(Defect.S01_VOTES_BEFORE_ACTIVATION, "", "activation"),
            safety(
                    Defect.S02_SEGMENT_DROPPED_BEFORE_STATE,
                    "segmentBytes=4096 crashes=20 keepEntries=0 snapshotEvery=20 downtime=300ms",
                    "I17"),
            safety(Defect.S03_NO_SEALING_BATCH, "rots=15 transfers=10", "I17"),
            safety(Defect.S04_LAST_BATCH_NOT_REWRITTEN, "diskErrors=4 crashes=12", "I17, I9"),
            safety(Defect.S05_NONCE_IGNORED, "identities=2", "I3, slot"),
            safety(Defect.S06_PROMISE_FILE_IGNORED, "rots=15 transfers=10", "I4"),
            safety(Defect.S07_FORGOTTEN_STATE_BELIEVED, "volumes=4", "I9, slot"),
            safety(Defect.S08_LATCH_IGNORED, "operators=3", "slot, I9"),
            safety(
                    Defect.S09_ANSWER_TO_ANOTHER_BELIEVED,
                    "identities=12 partitions=6 electionTimeout=800ms heartbeat=100ms",
                    "I3, I7, slot"),
            coordination(Defect.M22_REPLIES_NOT_IN_SNAPSHOT, "snapshotEvery=10", "I8, exactly-once"),
            coordination(Defect.M23_RETRY_WITH_NEW_ID, "", "exactly-once"),
            coordination(Defect.M24_RELEASE_OF_ANYONES, "", "claim"),
            directed(
                    Defect.M25_OLD_LEADERS_EXPIRY,
                    "in one log whatever an old leader proposed stands before the entry that establishes the"
                            + " next, and no member hands on another's expiry: the rule guards what does"
                            + " not happen; SessionsTest does it"),
            coordination(Defect.M26_DEAD_WAITER_GRANTED, "", "claim"),
            coordination(Defect.M27_TOKEN_COUNTED_LOCALLY, "", "P1"),
            coordination(Defect.M28_TOKEN_HANDED_ON, "", "P1"),
            coordination(Defect.M31_EXPIRY_NOT_RESTARTED, "", "P2"),
            coordination(Defect.M32_GUARANTEE_FROM_REPLY, "delay=50ms delayTail=0.05", "P2"),
            coordination(Defect.M33_WATCH_REVISION_SKIPPED, "", "watch"),
            coordination(Defect.C01_RENEWAL_UNCONFIRMED, "pauses=12 sessionTtl=1s", "P2"),
            coordination(Defect.C02_RENEWAL_AFTER_EXPIRE, "sessionTtl=1s", "P2"),
            coordination(Defect.C03_GRANT_WITHOUT_GUARANTEE, "sessionTtl=1s", "guarantee"),
            directed(
                    Defect.C04_NO_NEW_ERA,
                    "a cluster is recovered or restored by a tool, offline: PlantedErasTest does what that"
                            + " does"),
            directed(
                    Defect.C05_TICK_GAP_IGNORED,
                    "sessions end that need not, but none too early for those who hold something: their"
                            + " guarantees ended while the leader stood still; MemberTest sees it"),
            coordination(Defect.C06_CLAIM_LEAKED, "", "leak"));
    // spotless:on

    private MutantCatalogue() {}

    private static Mutant safety(Defect defect, String knobs, String killedBy) {
        return new Mutant(defect, REGISTER, SAFETY_SEEDS_MAX, knobs, killedBy, null);
    }

    private static Mutant liveness(Defect defect, String knobs, String killedBy) {
        return new Mutant(defect, REGISTER, LIVENESS_SEEDS_MAX, knobs, killedBy, null);
    }

    private static Mutant coordination(Defect defect, String knobs, String killedBy) {
        return new Mutant(defect, COORDINATION, SAFETY_SEEDS_MAX, knobs, killedBy, null);
    }

    private static Mutant directed(Defect defect, String why) {
        return new Mutant(defect, REGISTER, 0, "", "nothing", why);
    }

    /** Every mutant, those of directed tests included. */
    public static List<Mutant> all() {
        return ALL;
    }

    /** Defects without a mutant: none, or the catalogue is behind. */
    public static EnumSet<Defect> missing() {
        EnumSet<Defect> missing = EnumSet.allOf(Defect.class);
        for (Mutant mutant : ALL) {
            missing.remove(mutant.defect());
        }
        return missing;
    }

    /**
     * The mutants of these names.
     *
     * @throws IllegalArgumentException when a name fits none
     */
    public static List<Mutant> named(List<String> names) {
        List<Mutant> found = new ArrayList<>();
        for (String name : names) {
            Mutant mutant = find(name);
            if (mutant == null) {
                throw new IllegalArgumentException("'" + name + "' is no mutant; there are "
                        + Arrays.toString(ALL.stream().map(Mutant::id).toArray()));
            }
            found.add(mutant);
        }
        return found;
    }

    private static @Nullable Mutant find(String name) {
        for (Mutant mutant : ALL) {
            if (mutant.isNamed(name)) {
                return mutant;
            }
        }
        return null;
    }

    /** The {@code share}-th of {@code shares}, from 1: every mutant is in just one of them. */
    public static List<Mutant> share(int share, int shares) {
        List<Mutant> part = new ArrayList<>();
        for (int i = 0; i < ALL.size(); i++) {
            if (i % shares == share - 1) {
                part.add(ALL.get(i));
            }
        }
        return part;
    }
}
