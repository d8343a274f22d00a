package dev.synod.paxos;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A member that finds its own state broken stops before anything of the step takes effect. */
final class CoreTest {
    private static final Ballot BALLOT = new Ballot(0, 2, 1);
    private static final UUID OTHER = ScriptedGroup.uuid("2");

    private final Core core = core();

    /** One of two voters, with one decided and one undecided entry of its own. */
    private static Core core() {
        Recovered recovered = new Recovered(
                new UUID(7, 7),
                ScriptedGroup.uuid("1"),
                1,
                1,
                true,
                BALLOT,
                BALLOT,
                Seal.NONE,
                Configuration.initial(List.of(ScriptedGroup.uuid("1"), OTHER), List.of("m1", "m2")),
                0,
                null,
                0,
                List.of(command(1), command(2)),
                1,
                null,
                null);
        Core core = new Core(recovered, Options.DEFAULT, new SeededRandom(1), Defects.NONE, 0);
        core.begin(1, new Effects());
        return core;
    }

    private static Entry command(long index) {
        return new Entry(
                index, BALLOT, new Payload.Command(Bytes.of("a".getBytes(StandardCharsets.UTF_8))));
    }

    private void isBroken(String invariant) {
        assertThatThrownBy(core::end)
                .isInstanceOf(InvariantViolation.class)
                .hasMessageStartingWith(invariant + " broken");
    }

    private void leads() {
        core.role = Role.LEADER;
        core.leadership.begin(BALLOT, BALLOT, 2, false);
    }

    @Test
    void aPromiseIsNeverTakenBack() {
        core.promised = new Ballot(0, 1, 1);
        core.accepted = core.promised;
        isBroken("I1");
    }

    @Test
    void theAcceptedBallotNeverDecreases() {
        core.accepted = new Ballot(0, 1, 1);
        isBroken("I1");
    }

    @Test
    void nothingIsAcceptedAboveThePromise() {
        core.accepted = new Ballot(0, 3, 1);
        isBroken("I1");
    }

    @Test
    void whatIsDecidedStaysDecided() {
        core.decided = 0;
        isBroken("I1");
    }

    @Test
    void nobodyHoldsWhatWasNotSent() {
        leads();
        Progress peer = core.leadership.followers().all().getFirst();
        peer.match = 1;
        isBroken("I15");
    }

    @Test
    void nothingIsSentThatIsNotThere() {
        leads();
        Progress peer = core.leadership.followers().all().getFirst();
        peer.next = 4;
        isBroken("I15");
    }

    @Test
    void aSecondStopSignIsNotProposedWhileOneIsUndecided() {
        core.append(new Entry(
                3, BALLOT, new Payload.StopSign(core.configuration.nextEpoch(List.of(OTHER)))));
        core.role = Role.LEADER;
        core.leadership.begin(BALLOT, BALLOT, 2, true); // as if it had not looked at what it adopted
        assertThatThrownBy(
                () -> core.leadership.proposePayload(
                        new Payload.StopSign(core.configuration.nextEpoch(List.of(OTHER)))))
                .isInstanceOf(InvariantViolation.class)
                .hasMessageStartingWith("I13 broken");
    }
}
