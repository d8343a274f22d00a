package dev.synod.paxos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a driver sees of one member. */
final class ReplicaTest {
    private static final long SECOND_NANOS = 1_000_000_000;

    private final ScriptedGroup group =
            new ScriptedGroup(Options.DEFAULT, new SeededRandom(1), new Trace());
    private final Effects out = new Effects();

    @BeforeEach
    void threeVoters() {
        group.trace().level(Trace.Level.NONE);
        group.found(3, true);
    }

    private Effects step(Replica replica, Event event) {
        out.clear();
        replica.step(group.nowNanos(), event, out);
        return out;
    }

    private Replica lead() {
        group.step(group.member("1"), new Event.Campaign());
        group.settle();
        return group.member("1").running();
    }

    private static Recovered damaged() {
        Configuration configuration = Configuration.initial(List.of(ScriptedGroup.uuid("1")), List.of("m1"));
        return new Recovered(
                new UUID(7, 7),
                ScriptedGroup.uuid("1"),
                1,
                1,
                true,
                Ballot.BOTTOM,
                Ballot.BOTTOM,
                Seal.NONE,
                configuration,
                0,
                null,
                0,
                List.of(),
                0,
                null,
                "segment 3 is damaged");
    }

    // ---- start --------------------------------------------------------------------------------------------

    @Test
    void aVoterByItselfWaitsForNobodyWhenItStarts() {
        ScriptedGroup alone = new ScriptedGroup(Options.DEFAULT, new SeededRandom(1), new Trace());
        alone.trace().level(Trace.Level.NONE);
        alone.found(1, true);
        assertThat(alone.member("1").running().nextDeadlineNanos()).isEqualTo(alone.nowNanos());
        assertThat(group.member("1").running().nextDeadlineNanos()).isGreaterThan(group.nowNanos());
        alone.tick(0);
        alone.settle();
        assertThat(alone.member("1").running().role()).isEqualTo(Role.LEADER);
    }

    // ---- silence ------------------------------------------------------------------------------------------

    @Test
    void aMemberWithADamagedVolumeIsSilentAndKeepsNobodyWaiting() {
        Replica faulty =
                new Replica(damaged(), Options.DEFAULT, new SeededRandom(1), Defects.NONE, group.nowNanos());
        assertThat(faulty.role()).isEqualTo(Role.FAULTY);
        assertThat(faulty.votes()).isFalse();
        assertThat(faulty.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
        step(faulty, new Event.Campaign());
        step(faulty, new Event.Tick());
        assertThat(out.records()).isEmpty();
        assertThat(out.outgoing()).isEmpty();
        assertThat(step(faulty, new Event.Read(1)).reads()).containsExactly(new Effects.ReadOutcome(1, -1));
        for (Event event : List.of(
                new Event.Propose(List.of(Bytes.EMPTY)),
                new Event.AddObserver(new UUID(0, 9), "m9"),
                new Event.RemoveObserver(new UUID(0, 9)),
                new Event.Reconfigure(0, List.of()),
                new Event.TransferTo(new UUID(0, 2)))) {
            assertThat(step(faulty, event).refusal()).as("%s", event).isEqualTo(Effects.Refusal.NOT_LEADER);
        }
    }

    @Test
    void framesOfAnotherClusterAndFramesForAnotherMemberAreDropped() {
        Replica replica = group.member("2").running();
        Ballot ballot = new Ballot(0, 1, 1);
        Message prepare = new Message.Prepare(ballot, Ballot.BOTTOM, 0, 0, 0, null);
        UUID one = ScriptedGroup.uuid("1");
        UUID two = ScriptedGroup.uuid("2");
        for (Envelope envelope : List.of(
                envelope(new UUID(1, 1), one, two, prepare),
                envelope(group.cluster(), one, ScriptedGroup.uuid("3"), prepare),
                envelope(group.cluster(), two, two, prepare))) {
            step(replica, new Event.Received(Codec.encode(envelope)));
            assertThat(out.records()).isEmpty();
            assertThat(out.outgoing()).isEmpty();
        }
        step(replica, new Event.Received(Codec.encode(envelope(group.cluster(), one, two, prepare))));
        assertThat(replica.promised()).isEqualTo(ballot);
    }

    private static Envelope envelope(UUID cluster, UUID from, UUID to, Message message) {
        return new Envelope(
                cluster, from, to, 1, 1, 0, Seal.NONE, Ballot.BOTTOM, Ballot.BOTTOM, 0, message);
    }

    // ---- time ---------------------------------------------------------------------------------------------

    @Test
    void aTickBeforeItIsDueDoesNothing() {
        for (ScriptedMember member : group.members()) {
            Replica replica = member.running();
            assertThat(replica.nextDeadlineNanos()).isGreaterThan(group.nowNanos());
            step(replica, new Event.Tick());
            assertThat(out.outgoing()).isEmpty();
            assertThat(replica.role()).isEqualTo(Role.FOLLOWER);
        }
    }

    @Test
    void aVoterThatHearsNobodyProbesWhenItsTimeHasCome() {
        Replica replica = group.member("1").running();
        out.clear();
        replica.step(replica.nextDeadlineNanos(), new Event.Tick(), out);
        assertThat(replica.role()).isEqualTo(Role.PROBING);
        assertThat(out.outgoing()).hasSize(2);
        assertThat(out.records()).as("a probe burns nothing").isEmpty();
    }

    @Test
    void aLeaderHasSomethingToDoWithEveryHeartbeat() {
        Replica leader = lead();
        long interval = Options.DEFAULT.heartbeatNanos();
        assertThat(leader.nextDeadlineNanos()).isLessThanOrEqualTo(group.nowNanos() + interval);
    }

    @Test
    void withoutTimersNothingIsEverDue() {
        Options options = new Options(1, 0, 8, 100, 100, 100, 8);
        ScriptedGroup timeless = new ScriptedGroup(options, new SeededRandom(1), new Trace());
        timeless.trace().level(Trace.Level.NONE);
        timeless.found(3, true);
        timeless.step(timeless.member("1"), new Event.Campaign());
        timeless.settle();
        timeless.step(timeless.member("2"), new Event.Read(1));
        for (ScriptedMember member : timeless.members()) {
            assertThat(member.running().nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
        }
        assertThat(timeless.member("1").running().role()).isEqualTo(Role.LEADER);
    }

    @Test
    void threeVotersElectOneLeaderByThemselves() {
        group.run(4 * SECOND_NANOS);
        assertThat(group.members())
                .filteredOn(member -> member.running().role() == Role.LEADER)
                .hasSize(1);
    }

    // ---- snapshots ----------------------------------------------------------------------------------------

    private Event.SnapshotTaken taken(Replica replica, long index, long base) {
        SnapshotRef ref = new SnapshotRef(index, 10, Bytes.of(new byte[Codec.DIGEST_BYTES]));
        return new Event.SnapshotTaken(
                new Snapshot(ref, replica.configuration(), replica.seal()), base);
    }

    @Test
    void aSnapshotOfWhatIsNotDecidedIsIgnored() {
        Replica leader = lead();
        step(leader, taken(leader, 2, 2));
        assertThat(leader.snapshot()).isNull();
        assertThat(out.records()).isEmpty();
    }

    @Test
    void theLogGoesUpToTheBaseGivenButNeverBeyondTheSnapshot() {
        Replica leader = lead();
        for (int i = 0; i < 5; i++) {
            group.step(group.member("1"), new Event.Propose(List.of(Bytes.EMPTY)));
            group.settle();
        }
        assertThat(leader.decided()).isEqualTo(6);
        step(leader, taken(leader, 4, 2));
        assertThat(leader.base()).isEqualTo(2);
        step(leader, taken(leader, 5, 6));
        assertThat(leader.base()).isEqualTo(5);
        assertThat(leader.entry(6).index()).isEqualTo(6);
    }

    @Test
    void anOlderSnapshotThanTheNewestIsIgnored() {
        Replica leader = lead();
        group.step(group.member("1"), new Event.Propose(List.of(Bytes.EMPTY)));
        group.settle();
        step(leader, taken(leader, 2, 0));
        step(leader, taken(leader, 1, 1));
        assertThat(leader.base()).isZero();
        assertThat(out.records()).isEmpty();
    }

    // ---- refusals -----------------------------------------------------------------------------------------

    @Test
    void anAddressThatNoPeerWouldReadIsRefusedWithTheReason() {
        Replica leader = lead();
        step(leader, new Event.AddObserver(new UUID(0, 4), "a".repeat(Configuration.ADDRESS_BYTES_MAX + 1)));
        assertThat(out.refusal()).isEqualTo(Effects.Refusal.NOT_ALLOWED);
        assertThat(out.refusalReason()).contains("at most 256 bytes");
        assertThat(step(leader, new Event.AddObserver(new UUID(0, 4), "a")).refusal()).isNull();
    }

    @Test
    void aChangeForAnotherEpochIsRefused() {
        Replica leader = lead();
        List<UUID> voters = List.of(ScriptedGroup.uuid("1"), ScriptedGroup.uuid("2"));
        assertThat(step(leader, new Event.Reconfigure(1, voters)).refusal())
                .isEqualTo(Effects.Refusal.WRONG_EPOCH);
        assertThat(step(leader, new Event.Reconfigure(0, voters)).refusal()).isNull();
        assertThat(step(leader, new Event.Reconfigure(0, voters)).refusal())
                .isEqualTo(Effects.Refusal.CHANGING);
    }
}
