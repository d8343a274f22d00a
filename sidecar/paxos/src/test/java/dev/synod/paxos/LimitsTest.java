package dev.synod.paxos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Every queue of a member has a limit, and says so when it is full (I18). */
final class LimitsTest {
    private static final int READS = 3;
    private static final int WINDOW = 4;
    private static final int WINDOW_BYTES = 400;

    private final ScriptedGroup group =
            new ScriptedGroup(
                    new Options(1, 0, WINDOW, WINDOW_BYTES, 1 << 20, 64, READS), new SeededRandom(1),
                    new Trace());
    private final Effects out = new Effects();

    private Replica ledBy1(int voters) {
        group.trace().level(Trace.Level.NONE);
        group.found(voters, true);
        group.step(group.member("1"), new Event.Campaign());
        group.settle();
        return group.member("1").running();
    }

    private Effects step(Replica replica, Event event) {
        out.clear();
        replica.step(group.nowNanos(), event, out);
        return out;
    }

    private static Event propose(int... bytes) {
        List<Bytes> commands = new ArrayList<>();
        for (int length : bytes) {
            commands.add(Bytes.of(new byte[length]));
        }
        return new Event.Propose(commands);
    }

    // ---- reads ----------------------------------------------------------------------------------------

    @Test
    void aLeaderLetsOnlySoManyReadsWait() {
        Replica leader = ledBy1(3);
        for (int id = 1; id <= READS; id++) {
            assertThat(step(leader, new Event.Read(id)).reads()).isEmpty();
        }
        assertThat(step(leader, new Event.Read(9)).reads()).containsExactly(new Effects.ReadOutcome(9, -1));
        assertThat(leader.readsQueued()).isEqualTo(READS);
    }

    @Test
    void aFollowerAsksOnlySoManyAtOnce() {
        ledBy1(3);
        Replica follower = group.member("2").running();
        for (int id = 1; id <= READS; id++) {
            assertThat(step(follower, new Event.Read(id)).outgoing()).hasSize(1);
        }
        Effects refused = step(follower, new Event.Read(9));
        assertThat(refused.reads()).containsExactly(new Effects.ReadOutcome(9, -1));
        assertThat(refused.outgoing()).isEmpty();
    }

    @Test
    void readsOfOthersCountAgainstTheLeadersLimitAndAreRefusedByAnswer() {
        ledBy1(3);
        ScriptedMember asking = group.member("2");
        for (int id = 1; id <= READS; id++) {
            group.step(group.member("1"), new Event.Read(id));
        }
        group.step(asking, new Event.Read(9));
        group.deliver(flight -> flight.isOn("2", "1"));
        assertThat(group.member("1").running().readsQueued()).isEqualTo(READS);
        assertThat(asking.running().readsQueued()).isEqualTo(1);
        group.deliver(flight -> flight.envelope().message() instanceof Message.ReadReply);
        assertThat(asking.running().readsQueued()).isZero();
    }

    // ---- proposals ------------------------------------------------------------------------------------

    @Test
    void onlySoManyEntriesMayBeUndecided() {
        Replica leader = ledBy1(3);
        assertThat(step(leader, propose(1, 1, 1)).refusal()).isNull();
        assertThat(step(leader, propose(1, 1)).refusal()).isEqualTo(Effects.Refusal.BUSY);
        assertThat(step(leader, propose(1)).refusal()).isNull();
        assertThat(step(leader, propose(1)).refusal()).isEqualTo(Effects.Refusal.BUSY);
        assertThat(leader.last() - leader.decided()).isEqualTo(WINDOW);
    }

    @Test
    void aChangeOfMembersWaitsForTheWindowLikeACommand() {
        Replica leader = ledBy1(3);
        step(leader, propose(1, 1, 1, 1));
        UUID newcomer = ScriptedGroup.uuid("4");
        assertThat(step(leader, new Event.AddObserver(newcomer, "m4")).refusal())
                .isEqualTo(Effects.Refusal.BUSY);
        List<UUID> voters = List.of(ScriptedGroup.uuid("1"), ScriptedGroup.uuid("2"));
        assertThat(step(leader, new Event.Reconfigure(0, voters)).refusal()).isEqualTo(Effects.Refusal.BUSY);
    }

    @Test
    void whenTheBytesOfTheWindowAreFullNothingMoreIsTaken() {
        Replica leader = ledBy1(3);
        assertThat(step(leader, propose(WINDOW_BYTES)).refusal()).as("one at a time, however large").isNull();
        assertThat(step(leader, propose(1)).refusal()).isEqualTo(Effects.Refusal.BUSY);
    }

    @Test
    void newBytesCountAgainstTheWindowToo() {
        Replica leader = ledBy1(3);
        assertThat(step(leader, propose(WINDOW_BYTES / 2)).refusal()).isNull();
        assertThat(step(leader, propose(WINDOW_BYTES / 2)).refusal()).isEqualTo(Effects.Refusal.BUSY);
        assertThat(step(leader, propose(WINDOW_BYTES / 4)).refusal()).as("what fits").isNull();
    }

    @Test
    void whatCanNeverFitIsRefusedWithTheReason() {
        Replica leader = ledBy1(3);
        Effects many = step(leader, propose(1, 1, 1, 1, 1));
        assertThat(many.refusal()).isEqualTo(Effects.Refusal.NOT_ALLOWED);
        assertThat(many.refusalReason()).contains("5 commands", "at most 4");
        Effects large = step(leader, propose(WINDOW_BYTES / 2, WINDOW_BYTES / 2));
        assertThat(large.refusal()).isEqualTo(Effects.Refusal.NOT_ALLOWED);
        assertThat(large.refusalReason()).contains("at most 400");
    }

    @Test
    void whatIsRefusedLeavesNothingBehind() {
        Replica leader = ledBy1(3);
        step(leader, propose(1));
        long before = leader.fingerprint();
        Effects refused = step(leader, propose(1, 1, 1, 1));
        assertThat(refused.refusal()).isEqualTo(Effects.Refusal.BUSY);
        assertThat(refused.records()).isEmpty();
        assertThat(refused.outgoing()).isEmpty();
        assertThat(refused.proposedFrom()).isZero();
        assertThat(leader.fingerprint()).isEqualTo(before);
    }

    @Test
    void aPeerThatAcknowledgesNothingIsSentOneWindow() {
        Replica leader = ledBy1(3);
        group.cut("3", "1");
        for (int round = 0; round < 5; round++) {
            group.step(group.member("1"), propose(1, 1));
            group.settle();
        }
        assertThat(leader.decided()).isEqualTo(11);
        assertThat(group.member("3").running().last()).isEqualTo(1 + WINDOW);
    }

    @Test
    void aPeerThatAcknowledgesNothingIsSentOneWindowOfBytes() {
        ledBy1(3);
        group.cut("3", "1");
        for (int round = 0; round < 3; round++) {
            group.step(group.member("1"), propose(WINDOW_BYTES / 2));
            group.settle();
        }
        assertThat(group.member("3").running().last()).as("one of them fits, not two").isEqualTo(2);
    }

    @Test
    void aPeerThatHasEverythingElseIsSentALargerEntryThanTheWindow() {
        ledBy1(3);
        group.step(group.member("1"), propose(3 * WINDOW_BYTES));
        group.settle();
        assertThat(group.member("3").running().last()).isEqualTo(2);
        assertThat(group.member("3").running().decided()).isEqualTo(2);
    }

    // ---- observers ------------------------------------------------------------------------------------

    @Test
    void noMoreObserversComeThanACertainNumber() {
        Replica leader = ledBy1(1);
        for (int i = 0; i < Configuration.OBSERVERS_MAX; i++) {
            group.step(group.member("1"), new Event.AddObserver(new UUID(9, i), "o" + i));
            if (i < Configuration.OBSERVERS_MAX - 1) {
                group.settle();
            }
        }
        Effects refused = step(leader, new Event.AddObserver(new UUID(9, 99), "o99"));
        assertThat(refused.refusal()).as("one of the most is undecided")
                .isEqualTo(Effects.Refusal.NOT_ALLOWED);
        assertThat(refused.refusalReason()).contains("64 observers");
        group.settle();
        assertThat(step(leader, new Event.AddObserver(new UUID(9, 0), "o0")).refusal())
                .as("who is here already").isNull();
        assertThat(leader.configuration().observers()).hasSize(Configuration.OBSERVERS_MAX);
        assertThat(leader.configuration().nextNumber()).isEqualTo(2 + Configuration.OBSERVERS_MAX);
    }

    // ---- who does not lead ----------------------------------------------------------------------------

    @Test
    void whoeverDoesNotLeadTakesNothing() {
        ledBy1(3);
        Replica follower = group.member("2").running();
        UUID other = ScriptedGroup.uuid("3");
        for (Event event : List.of(
                propose(1),
                new Event.AddObserver(other, "m3"),
                new Event.RemoveObserver(other),
                new Event.Reconfigure(0, List.of(other)),
                new Event.TransferTo(other))) {
            assertThat(step(follower, event).refusal()).as("%s", event).isEqualTo(Effects.Refusal.NOT_LEADER);
        }
    }
}
