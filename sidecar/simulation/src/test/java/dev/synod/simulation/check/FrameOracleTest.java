package dev.synod.simulation.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Message;
import dev.synod.paxos.Payload;
import dev.synod.paxos.Role;
import dev.synod.storage.VolumeState;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class FrameOracleTest {
    private static final Ballot B1 = new Ballot(0, 1, 1);
    private static final Ballot B2 = new Ballot(0, 2, 2);

    private final FakeWorld world = new FakeWorld(3, 1);
    private final FakeMember first = world.member(0);
    private final FakeMember second = world.member(1);

    private static void assertBroken(String invariant, ThrowingCallable what) {
        assertThatThrownBy(what)
                .isInstanceOfSatisfying(Violation.class, violation -> assertThat(violation.invariant())
                        .as(violation.getMessage())
                        .isEqualTo(invariant));
    }

    private static Message.Promise promise(Ballot ballot) {
        return new Message.Promise(ballot, Ballot.BOTTOM, 0, 0, 0, null, 0, 0, List.of());
    }

    @Test
    void aPromiseMayLeaveOnlyWhenItIsDurable() {
        second.promise(B1);
        world.step(1);
        assertBroken("I4", () -> world.send(1, 0, promise(B1)));
        second.sync();
        assertThatCode(() -> world.send(1, 0, promise(B1))).doesNotThrowAnyException();
    }

    @Test
    void prepareMayLeaveOnlyWhenItsBallotIsDurable() {
        first.promise(B1);
        world.step(0);
        Message.Prepare prepare = new Message.Prepare(B1, Ballot.BOTTOM, 0, 0, 0, null);
        assertBroken("I4", () -> world.send(0, 1, prepare));
        first.sync();
        assertThatCode(() -> world.send(0, 1, prepare)).doesNotThrowAnyException();
    }

    @Test
    void prepareWithTheBallotOfAnEarlierRunIsFound() {
        first.promise(B1).sync();
        Message.Prepare prepare = new Message.Prepare(B1, Ballot.BOTTOM, 0, 0, 0, null);
        world.send(0, 1, prepare);
        world.restart(0, first.restarted());
        assertBroken("I3", () -> world.send(0, 1, prepare));
    }

    @Test
    void acceptedMayLeaveOnlyWhenItsEntriesAreDurable() {
        first.adopt(B1, first, 0).append(B1, new Payload.LeaderStart());
        world.step(0);
        second.adopt(B1, first, 1);
        world.step(1);
        assertBroken("I4", () -> world.send(1, 0, new Message.Accepted(B1, 1, 1)));
        second.sync();
        assertThatCode(() -> world.send(1, 0, new Message.Accepted(B1, 1, 1))).doesNotThrowAnyException();
    }

    @Test
    void aVoteCountsAsSoonAsItLeaves() {
        first.adopt(B1, first, 0).append(B1, new Payload.LeaderStart()).sync();
        world.step(0);
        second.adopt(B1, first, 1);
        world.step(1);
        second.sync();
        world.send(1, 0, new Message.Accepted(B1, 1, 1));
        assertThat(world.consensus.chosen().last()).isEqualTo(1);
    }

    @Test
    void aVoteOvertakenByALaterWriteStillCounts() {
        first.adopt(B1, first, 0).append(B1, new Payload.LeaderStart()).sync();
        world.step(0);
        second.adopt(B1, first, 1);
        world.step(1);
        second.adopt(B2, second, 1);
        world.step(1);
        second.sync();
        world.send(1, 0, new Message.Accepted(B1, 1, 1));
        assertThat(world.consensus.chosen().last()).isEqualTo(1);
    }

    @Test
    void aFaultyMemberIsSilent() {
        world.damaged.add(1);
        second.promise(B1).sync();
        second.role = Role.FAULTY;
        assertBroken("I17", () -> world.send(1, 0, promise(B1)));
        assertThatCode(() -> world.send(1, 0, new Message.Fetch(1, false))).doesNotThrowAnyException();
    }

    @Test
    void aVoteBeforeTheActivationIsFound() {
        second.volume = VolumeState.FORMATTED;
        second.promise(B1).sync();
        assertBroken("activation", () -> world.send(1, 0, promise(B1)));
    }

    @Test
    void aVoteOfAnObserverIsFound() {
        world.member(3).promise(B1).sync();
        assertBroken("electorate", () -> world.send(3, 0, promise(B1)));
    }

    @Test
    void actingAtABallotOfAnEpochThatIsNotOnDiskIsFound() {
        Ballot next = new Ballot(1, 1, 2);
        second.promise(next).sync();
        assertBroken("I12", () -> world.send(1, 0, promise(next)));
    }

    @Test
    void anAcknowledgedHeartbeatOfAnotherBallotThanThePromisedOneIsFound() {
        second.promise(B2).sync();
        assertBroken("I14", () -> world.send(1, 0, new Message.HeartbeatAck(B1, 1)));
        assertThatCode(() -> world.send(1, 0, new Message.HeartbeatAck(B2, 1))).doesNotThrowAnyException();
    }

    @Test
    void aFrameThatCannotBeReadIsFound() {
        assertBroken("codec",
                () -> world.frames.onFrameSent(0, first.uuid, second.uuid, new byte[] {1, 2, 3}));
    }

    @Test
    void aReadServedWithAnUndecidedStopSignIsFound() {
        first.proposed = world.configuration.nextEpoch(List.of(first.uuid));
        assertBroken("I14", () -> world.send(0, 1, new Message.ReadReply(1, 0)));
        assertThatCode(() -> world.send(0, 1, new Message.ReadReply(1, -1))).doesNotThrowAnyException();
    }

    @Test
    void aReadServedBeyondWhatIsDecidedIsFound() {
        assertBroken("I14", () -> world.send(0, 1, new Message.ReadReply(1, 5)));
    }
}
