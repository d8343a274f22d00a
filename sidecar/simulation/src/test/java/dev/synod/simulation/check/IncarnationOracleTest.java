package dev.synod.simulation.check;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Codec;
import dev.synod.paxos.Envelope;
import dev.synod.paxos.Message;
import dev.synod.paxos.Role;
import dev.synod.paxos.Seal;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The first member hears frames of the second. */
class IncarnationOracleTest {
    private static final Message.Refused REFUSED = new Message.Refused(1, 1, Ballot.BOTTOM, Ballot.BOTTOM, 0);

    private final FakeWorld world = new FakeWorld(3, 0);
    private final IncarnationOracle oracle = new IncarnationOracle();

    @BeforeEach
    void begin() {
        oracle.begin(world);
    }

    private static byte[] frame(int from, int to, long incarnation, long nonce, Message message) {
        UUID sender = FakeWorld.uuid(from);
        return Codec.encode(new Envelope(
                FakeWorld.CLUSTER,
                sender,
                FakeWorld.uuid(to),
                incarnation,
                nonce,
                0,
                Seal.NONE,
                Ballot.BOTTOM,
                Ballot.BOTTOM,
                0,
                message));
    }

    private void deliver(long incarnation, long nonce) {
        oracle.onFrameDelivered(1, 0, frame(1, 0, incarnation, nonce, new Message.Probe(1)), false);
    }

    private void answer(Message message) {
        oracle.onFrameSent(0, FakeWorld.uuid(0), FakeWorld.uuid(1), frame(0, 1, 1, 1, message));
    }

    private void stepped() {
        oracle.afterStep(0, world.member(0));
    }

    private void heard(long incarnation, long nonce) {
        deliver(incarnation, nonce);
        stepped();
    }

    @Test
    void anOlderIncarnationMustBeRefused() {
        heard(5, 1);
        deliver(4, 1);
        assertThatThrownBy(this::stepped).isInstanceOf(Violation.class).hasMessageContaining("identity");
    }

    @Test
    void theSameIncarnationWithAnotherNonceMustBeRefused() {
        heard(5, 1);
        deliver(5, 2);
        assertThatThrownBy(this::stepped).isInstanceOf(Violation.class).hasMessageContaining("another nonce");
    }

    @Test
    void aRefusalAloneIsRight() {
        heard(5, 1);
        deliver(4, 1);
        answer(REFUSED);
        assertThatCode(this::stepped).doesNotThrowAnyException();
    }

    @Test
    void aRefusalBesideAnythingElseIsNot() {
        heard(5, 1);
        deliver(4, 1);
        answer(REFUSED);
        answer(new Message.ProbeReply(1, true, 0));
        assertThatThrownBy(this::stepped).isInstanceOf(Violation.class);
    }

    @Test
    void aNewerIncarnationIsHeardUnlessItIsRefused() {
        heard(5, 1);
        deliver(6, 1);
        answer(REFUSED); // it forgot something
        stepped();
        heard(5, 1);
        heard(7, 1);
        deliver(5, 1);
        assertThatThrownBy(this::stepped).isInstanceOf(Violation.class);
    }

    @Test
    void anotherProcessOfTheReceiverRemembersNothing() {
        heard(5, 1);
        world.restart(0, world.member(0).restarted());
        heard(4, 1);
        assertThatCode(() -> heard(4, 1)).doesNotThrowAnyException();
    }

    @Test
    void framesThatNobodyReadsDoNotCount() {
        heard(5, 1);
        oracle.onFrameDelivered(1, 0, frame(1, 0, 9, 1, new Message.Probe(1)), true);
        stepped();
        oracle.onFrameDelivered(1, 0, frame(1, 2, 9, 1, new Message.Probe(1)), false);
        stepped();
        oracle.onFrameDelivered(1, 0, frame(1, 0, 9, 1, REFUSED), false);
        stepped();
        assertThatCode(() -> heard(5, 1)).doesNotThrowAnyException();
    }

    @Test
    void aFaultyReceiverOwesNoAnswer() {
        heard(5, 1);
        world.member(0).role = Role.FAULTY;
        deliver(4, 1);
        assertThatCode(this::stepped).doesNotThrowAnyException();
    }
}
