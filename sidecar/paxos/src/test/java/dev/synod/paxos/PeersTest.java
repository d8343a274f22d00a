package dev.synod.paxos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Who is believed: only the newest process of a member, on a volume that forgot nothing. */
final class PeersTest {
    private static final UUID PEER = new UUID(0, 2);
    private static final Ballot LOW = new Ballot(0, 1, 1);
    private static final Ballot HIGH = new Ballot(0, 2, 3);

    private final Peers peers = new Peers(Defects.NONE);

    private static Envelope from(UUID peer, long incarnation, long nonce, Ballot promised, Ballot accepted,
            long last) {
        return new Envelope(
                new UUID(7, 7),
                peer,
                new UUID(0, 1),
                incarnation,
                nonce,
                0,
                Seal.NONE,
                promised,
                accepted,
                last,
                new Message.Probe(1));
    }

    private final Configuration members = Configuration.initial(List.of(PEER), List.of("m"));

    private boolean admits(long incarnation, long nonce) {
        return admits(incarnation, nonce, HIGH, HIGH, 1_000);
    }

    private boolean admits(long incarnation, long nonce, Ballot promised, Ballot accepted, long last) {
        return peers.admit(from(PEER, incarnation, nonce, promised, accepted, last), members) == null;
    }

    @Test
    void whoeverComesFirstIsBelieved() {
        assertThat(admits(5, 50)).isTrue();
        assertThat(admits(5, 50)).isTrue();
    }

    @Test
    void anEarlierProcessIsRefusedAndToldWhoIsKnown() {
        admits(5, 50);
        peers.promised(PEER, promise(LOW, Ballot.BOTTOM, 0));
        peers.acknowledged(PEER, LOW, 9);
        Message.Refused refused = peers.admit(from(PEER, 4, 40, HIGH, HIGH, 100), members);
        assertThat(refused).isEqualTo(new Message.Refused(5, 50, LOW, LOW, 9));
    }

    @Test
    void asManyStartsWithAnotherNonceIsAnotherProcess() {
        admits(5, 50);
        assertThat(admits(5, 51)).isFalse();
        assertThat(admits(5, 50)).isTrue();
    }

    @Test
    void aNewProcessTakesThePlaceOfTheOld() {
        admits(5, 50);
        assertThat(admits(6, 60)).isTrue();
        assertThat(admits(5, 50)).isFalse();
    }

    @Test
    void aNewProcessMustShowEveryPromiseThatItsVolumeGave() {
        admits(5, 50);
        peers.promised(PEER, promise(HIGH, Ballot.BOTTOM, 0));
        assertThat(admits(6, 60, LOW, LOW, 100)).isFalse();
        assertThat(admits(6, 61, HIGH, LOW, 100)).isTrue();
    }

    @Test
    void aNewProcessMustShowTheLogThatAPromiseShowed() {
        admits(5, 50);
        peers.promised(PEER, promise(HIGH, LOW, 9));
        assertThat(admits(6, 60, HIGH, LOW, 8)).isFalse();
        assertThat(admits(6, 61, HIGH, LOW, 9)).isTrue();
    }

    private static Message.Promise promise(Ballot ballot, Ballot accepted, long last) {
        return new Message.Promise(ballot, accepted, last, 0, 0, null, 0, 0, List.of());
    }

    @Test
    void aNewProcessMustShowEveryEntryThatItsVolumeAcknowledged() {
        admits(5, 50);
        peers.acknowledged(PEER, LOW, 9);
        assertThat(admits(6, 60, LOW, LOW, 8)).isFalse();
        assertThat(admits(6, 61, LOW, Ballot.BOTTOM, 100)).as("a longer log of a lower ballot").isFalse();
        assertThat(admits(6, 62, LOW, LOW, 9)).isTrue();
    }

    @Test
    void aShorterLogOfAHigherBallotForgotNothing() {
        admits(5, 50);
        peers.acknowledged(PEER, LOW, 9);
        assertThat(admits(6, 60, HIGH, HIGH, 3)).isTrue();
    }

    @Test
    void aRefusedProcessLeavesNoTrace() {
        admits(5, 50);
        peers.acknowledged(PEER, LOW, 9);
        assertThat(admits(7, 70, LOW, LOW, 8)).isFalse();
        assertThat(admits(5, 50)).as("the process that was known before").isTrue();
    }

    @Test
    void withinOneProcessMessagesMayOvertakeEachOther() {
        admits(5, 50);
        peers.acknowledged(PEER, HIGH, 9);
        assertThat(admits(5, 50, LOW, LOW, 3)).isTrue();
    }

    @Test
    void memoryOnlyGrows() {
        admits(5, 50);
        peers.acknowledged(PEER, HIGH, 9);
        peers.acknowledged(PEER, LOW, 100);
        peers.acknowledged(PEER, HIGH, 7);
        peers.promised(PEER, promise(LOW, Ballot.BOTTOM, 0));
        assertThat(admits(6, 60, HIGH, HIGH, 8)).isFalse();
        assertThat(admits(6, 60, HIGH, HIGH, 9)).isTrue();
    }

    @Test
    void onePeerSaysNothingAboutAnother() {
        admits(5, 50);
        UUID other = new UUID(0, 3);
        assertThat(peers.admit(from(other, 1, 1, LOW, LOW, 0), members)).isNull();
        peers.promised(new UUID(0, 9), promise(HIGH, Ballot.BOTTOM, 0));
        assertThat(peers.admit(from(new UUID(0, 9), 1, 1, LOW, LOW, 0), members)).isNull();
    }

    @Test
    void strangersDoNotTakeTheMemoryOfAMemberAway() {
        admits(5, 50);
        for (int i = 0; i < 10_000; i++) {
            assertThat(peers.admit(from(new UUID(1, i), 1, 1, LOW, LOW, 0), members)).isNull();
        }
        assertThat(admits(4, 40)).isFalse();
    }

    @Test
    void strangersWithoutNumberCostNoMemoryWithoutBound() {
        for (int i = 0; i < 10_000; i++) {
            assertThat(peers.admit(from(new UUID(1, i), 1, 1, LOW, LOW, 0), members)).isNull();
        }
        admits(5, 50);
        assertThat(admits(4, 40)).isFalse();
    }

    @Test
    void aCopySharesNothing() {
        admits(5, 50);
        Peers copy = peers.copy();
        admits(6, 60);
        assertThat(copy.admit(from(PEER, 5, 50, HIGH, HIGH, 1_000), members)).isNull();
        assertThat(admits(5, 50)).isFalse();
    }
}
