package dev.synod.paxos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Lies that once had an effect, each told to member 2 of a group of three that follows 1 at ballot 0.1.1 and
 * holds a LeaderStart and {@code a}. What {@link ReplicaFuzzTest} finds is written down here.
 */
final class HostilePeerTest {
    private static final Ballot BALLOT = new Ballot(0, 1, 1);
    private static final Ballot HIGHER = new Ballot(0, 2, 1);
    private static final long END = ByteWriter.NATURAL_MAX;

    private final ScriptedGroup group =
            new ScriptedGroup(
                    new Options(1, 0, 256, 1 << 20, 1 << 20, 64, 8), new SeededRandom(1), new Trace());
    private ScriptedMember leader;
    private ScriptedMember member;
    private Replica replica;

    @BeforeEach
    void aLeaderAndItsFollowers() {
        group.trace().level(Trace.Level.NONE);
        group.found(3, true);
        leader = group.member("1");
        member = group.member("2");
        replica = member.running();
        group.step(leader, new Event.Campaign());
        group.settle();
        propose("a");
    }

    private void propose(String command) {
        group.step(leader, new Event.Propose(List.of(bytes(command))));
        group.settle();
    }

    private static Bytes bytes(String text) {
        return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Entry command(long index, Ballot proposedAt, String text) {
        return new Entry(index, proposedAt, new Payload.Command(bytes(text)));
    }

    private Entry stop(long index, Ballot proposedAt, int epoch) {
        Configuration now = replica.configuration();
        return new Entry(
                index,
                proposedAt,
                new Payload.StopSign(
                        new Configuration(epoch, now.voters(), List.of(), now.nextNumber(), now.quorums())));
    }

    /** Member 1 says this to member 2, in 2's own epoch. */
    private void hears(Message message) {
        hears(replica.epoch(), replica.seal(), replica.promised(), message);
    }

    private void hears(int epoch, Seal seal, Ballot promised, Message message) {
        Envelope envelope = new Envelope(
                group.cluster(),
                leader.uuid(),
                member.uuid(),
                leader.incarnation(),
                leader.nonce(),
                epoch,
                seal,
                promised,
                promised,
                replica.last(),
                message);
        group.step(member, new Event.Received(Codec.encode(envelope)));
    }

    private static Message.Sync sync(Ballot ballot, long stream, long from, long through, Entry... entries) {
        return new Message.Sync(ballot, stream, from, null, through, List.of(entries), 0);
    }

    private static Message.Prepare prepare(Ballot ballot) {
        return new Message.Prepare(ballot, ballot, 100, 0, 0, null);
    }

    /** Nothing is written, and the member is what it was: a follower of 1 that holds two entries. */
    private void nothingHappened() {
        assertThat(member.nextBatch()).isNull();
        assertThat(replica.promised()).isEqualTo(BALLOT);
        assertThat(replica.accepted()).isEqualTo(BALLOT);
        assertThat(replica.last()).isEqualTo(2);
        assertThat(replica.epoch()).isZero();
        assertThat(replica.role()).isEqualTo(Role.FOLLOWER);
        group.step(leader, new Event.Campaign()); // streams that a lie ran ahead with count anew
        group.settle();
        propose("b");
        assertThat(replica.decided()).as("decided when the lie is over").isEqualTo(4);
    }

    // ---- epochs ---------------------------------------------------------------------------------------

    @Test
    void theFirstEpochFollowsNoOther() {
        hears(new Message.Sealed(replica.configuration().nextEpoch(List.of(leader.uuid())), false, false));
        assertThat(group.network()).isEmpty();
        nothingHappened();
    }

    @Test
    void theStopSignThatBeganAnEpochDoesNotEndItToo() {
        group.step(leader, new Event.Reconfigure(0, List.of(leader.uuid(), member.uuid())));
        group.settle();
        propose("b");
        assertThat(replica.epoch()).isEqualTo(1);
        long decided = replica.decided();
        hears(2, new Seal(replica.seal().index(), replica.accepted()), replica.promised(),
                new Message.Probe(1));
        assertThat(replica.epoch()).isEqualTo(1);
        assertThat(replica.decided()).isEqualTo(decided);
    }

    @Test
    void aBallotOfAnotherEpochThanItsMessageIsNobodys() {
        hears(prepare(new Ballot(1, 1, 1)));
        hears(sync(new Ballot(3, 1, 1), 1, 0, 0));
        hears(new Message.Heartbeat(new Ballot(1, 1, 1), 0, 0, 0, 0));
        assertThat(group.network()).isEmpty();
        nothingHappened();
    }

    @Test
    void entriesOfAnotherEpochAreNotTaken() {
        hears(new Message.Accept(BALLOT, 1, 2, List.of(command(3, new Ballot(1, 1, 1), "x")), 0));
        hears(new Message.Accept(BALLOT, 1, 2, List.of(command(3, Ballot.BOTTOM, "x")), 0));
        nothingHappened();
    }

    @Test
    void entriesAreNotNewerThanTheBallotThatBringsThem() {
        hears(new Message.Accept(BALLOT, 1, 2, List.of(command(3, HIGHER, "x")), 0));
        nothingHappened();
    }

    // ---- StopSigns ------------------------------------------------------------------------------------

    @Test
    void nothingFollowsAStopSignInOneMessage() {
        Entry after = command(4, BALLOT, "x");
        hears(new Message.Accept(BALLOT, 1, 2, List.of(stop(3, BALLOT, 1), after), 4));
        hears(sync(BALLOT, 9, 2, 4, stop(3, BALLOT, 1), after));
        nothingHappened();
    }

    @Test
    void nothingFollowsTheStopSignThatIsHere() {
        group.cut("2", "1");
        group.step(leader, new Event.Reconfigure(0, List.of(leader.uuid(), member.uuid())));
        group.deliver(flight -> flight.isOn("1", "2"));
        member.allDurable();
        assertThat(replica.last()).isEqualTo(3);
        hears(new Message.Accept(BALLOT, 1, 3, List.of(command(4, BALLOT, "x")), 4));
        hears(sync(BALLOT, 9, 3, 4, command(4, BALLOT, "x")));
        assertThat(replica.last()).isEqualTo(3);
        hears(prepare(HIGHER));
        member.allDurable();
        hears(sync(HIGHER, 1, 3, 4, command(4, HIGHER, "x")));
        assertThat(replica.last()).isEqualTo(3);
        assertThat(replica.accepted()).isEqualTo(BALLOT);
    }

    @Test
    void aStopSignLeadsToTheNextEpochAndNoOther() {
        hears(new Message.Accept(BALLOT, 1, 2, List.of(stop(3, BALLOT, 2)), 3));
        hears(sync(BALLOT, 9, 2, 3, stop(3, BALLOT, 5)));
        nothingHappened();
    }

    // ---- Sync -----------------------------------------------------------------------------------------

    @Test
    void aSyncThatContradictsTheAcceptedLogChangesNothing() {
        hears(sync(BALLOT, 9, 1, 3, command(2, HIGHER, "x"), command(3, BALLOT, "y")));
        hears(sync(BALLOT, 9, 0, 1, command(1, new Ballot(0, 1, 3), "x")));
        nothingHappened();
    }

    /** All follow 1 at 0.2.1; entry 2 is one of 0.1.1. */
    private void aSecondBallot() {
        group.step(leader, new Event.Campaign());
        group.settle();
        assertThat(replica.accepted()).isEqualTo(HIGHER);
        assertThat(replica.decided()).isEqualTo(3);
    }

    @Test
    void aSyncThatContradictsTheLogOfItsOwnBallotEndsTheMember() {
        aSecondBallot();
        hears(sync(HIGHER, 9, 1, 2, command(2, HIGHER, "x")));
        assertThat(replica.role()).isEqualTo(Role.FAULTY);
        assertThat(member.fault()).contains("I7", "entry 2", "0.1.1", "0.2.1");
    }

    @Test
    void anAcceptThatContradictsTheLogOfItsOwnBallotEndsTheMember() {
        aSecondBallot();
        hears(new Message.Accept(HIGHER, 1, 1, List.of(command(2, HIGHER, "x")), 2));
        assertThat(replica.role()).isEqualTo(Role.FAULTY);
        assertThat(member.fault()).contains("I7");
    }

    @Test
    void aSyncThatContradictsWhatIsDecidedEndsTheMember() {
        aSecondBallot();
        Ballot third = new Ballot(0, 3, 1);
        hears(prepare(third));
        member.allDurable();
        hears(sync(third, 1, 1, 4, command(2, HIGHER, "x"), command(3, HIGHER, "y"), command(4, third, "z")));
        assertThat(replica.role()).isEqualTo(Role.FAULTY);
        assertThat(member.fault()).contains("I8", "entry 2");
        assertThat(replica.last()).isEqualTo(3);
    }

    @Test
    void piecesOfTwoSyncsMakeNoLog() {
        hears(prepare(HIGHER));
        member.allDurable();
        hears(sync(HIGHER, 1, 2, 4, command(3, HIGHER, "x")));
        hears(sync(HIGHER, 1, 5, 6, command(6, HIGHER, "y")));
        assertThat(replica.last()).isEqualTo(2);
        assertThat(replica.accepted()).isEqualTo(BALLOT);
        hears(sync(HIGHER, 1, 2, 4, command(4, HIGHER, "z")));
        assertThat(replica.last()).isEqualTo(4);
        assertThat(replica.accepted()).isEqualTo(HIGHER);
    }

    @Test
    void aSyncBeginsWithItsSnapshotOrWithinTheLog() {
        SnapshotRef elsewhere = new SnapshotRef(40, 10, Bytes.of(new byte[Codec.DIGEST_BYTES]));
        hears(prepare(HIGHER));
        member.allDurable();
        group.drop(flight -> true);
        hears(new Message.Sync(HIGHER, 1, 50, elsewhere, 51, List.of(command(51, HIGHER, "x")), 0));
        hears(new Message.Sync(HIGHER, 2, 2, elsewhere, 3, List.of(command(3, HIGHER, "x")), 0));
        assertThat(group.network()).as("requests for the snapshot").isEmpty();
        hears(sync(HIGHER, 3, 10, 9));
        assertThat(replica.last()).isEqualTo(2);
        assertThat(replica.accepted()).isEqualTo(BALLOT);
    }

    // ---- the ends of the wire -------------------------------------------------------------------------

    @Test
    void aRoundAtTheEndOfTheWireEndsNoProcess() {
        hears(0, Seal.NONE, new Ballot(0, END, 3), new Message.Probe(1));
        hears(prepare(new Ballot(0, END, 1)));
        hears(new Message.Nack(BALLOT, new Ballot(0, END, 3)));
        assertThat(replica.promised()).isEqualTo(BALLOT);
        group.step(member, new Event.Campaign());
        assertThat(replica.promised()).as("a round that leaves others").isEqualTo(new Ballot(0, 2, 2));
    }

    @Test
    void onlyElectorsHaveDrawnBallots() {
        leader = group.newcomer("4");
        hears(0, Seal.NONE, new Ballot(0, 77, 3), new Message.Probe(1));
        group.step(member, new Event.Campaign());
        assertThat(replica.promised()).isEqualTo(new Ballot(0, 2, 2));
    }

    @Test
    void aLogAtTheEndOfTheWireElectsNobody() {
        group.cut("2", "3");
        group.step(member, new Event.Campaign());
        member.allDurable();
        group.drop(flight -> true);
        SnapshotRef far = new SnapshotRef(END, 10, Bytes.of(new byte[Codec.DIGEST_BYTES]));
        Ballot ballot = replica.promised();
        hears(new Message.Promise(ballot, BALLOT, END, END, END, far, 0, 0, List.of()));
        assertThat(group.network()).as("requests for the snapshot").isEmpty();
        group.step(member, new Event.SnapshotStaged(
                new Snapshot(far, replica.configuration(), replica.seal())));
        assertThat(replica.role()).isEqualTo(Role.PREPARING);
        assertThat(replica.last()).isEqualTo(2);
    }

    @Test
    void aStopSignThatLeavesNoNumbersIsNotTaken() {
        Configuration now = replica.configuration();
        Configuration spent = new Configuration(
                1, now.voters(), List.of(), ByteWriter.NATURAL_INT_MAX, now.quorums());
        hears(new Message.Accept(BALLOT, 1, 2, List.of(new Entry(3, BALLOT, new Payload.StopSign(spent))),
                3));
        nothingHappened();
    }

    @Test
    void aSnapshotAtTheEndOfTheWireIsNotFetched() {
        ScriptedMember newcomer = group.newcomer("4");
        SnapshotRef far = new SnapshotRef(END, 0, Bytes.of(new byte[Codec.DIGEST_BYTES]));
        Envelope offer = new Envelope(
                group.cluster(),
                leader.uuid(),
                newcomer.uuid(),
                leader.incarnation(),
                leader.nonce(),
                0,
                Seal.NONE,
                BALLOT,
                BALLOT,
                0,
                new Message.SnapshotOffer(far));
        group.step(newcomer, new Event.Received(Codec.encode(offer)));
        assertThat(group.network()).isEmpty();
    }

    @Test
    void indexesAtTheEndOfTheWireAreNumbersLikeAnyOther() {
        hears(new Message.Accept(BALLOT, END, END - 1, List.of(), END));
        hears(new Message.Heartbeat(BALLOT, END, END, END, END));
        hears(sync(BALLOT, END, END, END));
        hears(new Message.Fetch(END, false));
        hears(new Message.Accepted(BALLOT, END, END));
        hears(new Message.LogChunk(List.of(command(END, BALLOT, "x")), END));
        assertThat(replica.last()).isEqualTo(2);
        assertThat(replica.decided()).isEqualTo(2);
        assertThat(replica.accepted()).isEqualTo(BALLOT);
    }

    // ---- to candidates and leaders --------------------------------------------------------------------

    @Test
    void aPromiseThatCannotBeTrueElectsNobody() {
        group.cut("2", "3");
        group.step(member, new Event.Campaign());
        member.allDurable();
        Ballot ballot = replica.promised();
        group.drop(flight -> true);
        hears(new Message.Promise(ballot, ballot, 5, 9, 0, null, 0, 0, List.of()));
        hears(new Message.Promise(ballot, new Ballot(1, 1, 1), 5, 5, 0, null, 0, 0, List.of()));
        hears(new Message.Promise(ballot, new Ballot(0, 9, 1), 5, 2, 0, null, 0, 0, List.of()));
        hears(new Message.Promise(
                ballot, BALLOT, 3, 2, 0, null, 0, 3,
                List.of(command(3, BALLOT, "x"), command(4, BALLOT, "y"))));
        assertThat(replica.role()).isEqualTo(Role.PREPARING);
    }

    @Test
    void aSuffixThatBeginsTooLateIsReplacedByOneThatBeginsInTime() {
        group.cut("2", "3");
        group.step(member, new Event.Campaign());
        member.allDurable();
        Ballot ballot = replica.promised();
        hears(new Message.Promise(
                ballot, BALLOT, 4, 2, 0, null, 0, 4, List.of(command(4, BALLOT, "y"))));
        assertThat(replica.role()).isEqualTo(Role.PREPARING);
        hears(new Message.Promise(
                ballot, BALLOT, 4, 2, 0, null, 0, 3,
                List.of(command(3, BALLOT, "x"), command(4, BALLOT, "y"))));
        assertThat(replica.role()).isEqualTo(Role.LEADER);
        assertThat(replica.last()).isEqualTo(5);
    }

    @Test
    void aSuffixThatRunsOnAfterAStopSignIsNotAdopted() {
        group.cut("2", "3");
        group.step(member, new Event.Campaign());
        member.allDurable();
        Ballot ballot = replica.promised();
        List<Entry> suffix = List.of(stop(3, BALLOT, 1), command(4, BALLOT, "x"));
        hears(new Message.Promise(ballot, BALLOT, 4, 2, 0, null, 0, 3, suffix));
        assertThat(replica.role()).isEqualTo(Role.PREPARING);
        assertThat(replica.last()).isEqualTo(2);
    }

    @Test
    void anIndexFromAnybodyButWhoWasAskedIsNoAnswer() {
        group.step(member, new Event.Read(7));
        leader = group.member("3");
        hears(new Message.ReadReply(7 ^ member.nonce(), 0));
        assertThat(replica.readsQueued()).isEqualTo(1);
        leader = group.member("1");
        hears(new Message.ReadReply(7 ^ member.nonce(), 2));
        assertThat(replica.readsQueued()).isZero();
    }

    @Test
    void entriesFromAnybodyButWhoWasAskedAreNotTaken() {
        member = group.newcomer("4");
        group.step(leader, new Event.AddObserver(member.uuid(), "m4"));
        group.settle();
        group.step(leader, leader.taken(0));
        replica = member.running();
        group.step(leader, new Event.Campaign());
        group.settle();
        Ballot ballot = leader.running().promised();
        for (String wanted : List.of("snapshot", "entries")) {
            hears(0, Seal.NONE, ballot, new Message.Heartbeat(ballot, 0, 0, 0, 0));
            group.settle();
            assertThat(replica.last()).as(wanted).isPositive();
        }
        long last = replica.last();
        leader = group.member("3");
        hears(new Message.LogChunk(List.of(command(last + 1, ballot, "x")), last + 1));
        assertThat(replica.last()).isEqualTo(last);
        leader = group.member("1");
        propose("b");
        assertThat(replica.last()).as("what the leader sends").isEqualTo(last + 1);
    }

    @Test
    void nobodyHasAcceptedOrConfirmedWhatWasNotSent() {
        member = leader;
        replica = leader.running();
        leader = group.member("3");
        group.drop(flight -> true);
        group.step(member, new Event.Propose(List.of(bytes("b"))));
        member.allDurable();
        hears(new Message.Accepted(BALLOT, 1, 4));
        assertThat(replica.decided()).isEqualTo(2);
        hears(new Message.HeartbeatAck(BALLOT, END));
        group.drop(flight -> true);
        group.step(member, new Event.Read(1));
        assertThat(replica.readsQueued()).as("reads that wait for a real confirmation").isEqualTo(1);
    }
}
