package dev.synod.simulation.check;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Codec;
import dev.synod.paxos.Envelope;
import dev.synod.paxos.Message;
import dev.synod.paxos.Role;
import dev.synod.simulation.port.Oracle;
import dev.synod.simulation.port.ProgramView;
import dev.synod.simulation.port.WorldFacts;
import dev.synod.storage.VolumeState;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads every frame as it leaves and holds what it vouches for against what its sender has on disk (I4),
 * before the network or a crash can hide it. It also finds ballots used by two runs (I3), acts in an epoch
 * whose EPOCH record is not durable (I12), votes of members who may not vote, and FAULTY members that are not
 * silent (I17).
 */
public final class FrameOracle implements Oracle {
    private final ConsensusOracle consensus;
    private @Nullable WorldFacts facts;

    /** An oracle that shares its count of votes with {@code consensus}. */
    public FrameOracle(ConsensusOracle consensus) {
        this.consensus = consensus;
    }

    @Override
    public void begin(WorldFacts world) {
        facts = world;
    }

    @Override
    public void onFrameSent(int from, @Nullable UUID sender, UUID to, byte[] frame) {
        ProgramView view = facts == null ? null : facts.running(from);
        if (view == null || !consensus.belongs(view)) {
            return;
        }
        MemberTrack track = consensus.present(from, view);
        Envelope envelope = Codec.decode(frame);
        if (envelope == null) {
            throw new Violation("codec", track.who + " sent a frame that cannot be read");
        }
        if (!envelope.from().equals(view.member()) || !envelope.to().equals(to)) {
            throw new Violation("identity",
                    track.who + " sent a frame from " + envelope.from() + " to " + envelope.to()
                            + " on its connection to " + to);
        }
        switch (envelope.message()) {
            case Message.Prepare m -> prepare(track, view, m);
            case Message.Promise m -> promise(track, view, m);
            case Message.Accepted m -> accepted(track, view, m);
            case Message.HeartbeatAck m -> heartbeatAck(track, view, envelope, m);
            case Message.ProbeReply m -> {
                if (m.granted()) {
                    mayVote(track, view, "grant a probe");
                }
            }
            case Message.ReadReply m -> {
                if (m.index() >= 0) {
                    servesRead(track, view, m.index());
                }
            }
            case Message.Sync m -> leads(track, view, m.ballot());
            case Message.Accept m -> leads(track, view, m.ballot());
            case Message.Heartbeat m -> leads(track, view, m.ballot());
            case Message.Transfer m -> leads(track, view, m.ballot());
            default -> {}
        }
    }

    private void prepare(MemberTrack track, ProgramView view, Message.Prepare m) {
        mayVote(track, view, "send Prepare");
        actsInDurableEpoch(track, view, m.ballot());
        promisedDurably(track, view, m.ballot(), "Prepare");
        BallotRecord record = consensus.ledger().record(m.ballot(), view.base());
        consensus.own(track, record);
        promises(track, record);
    }

    private void promise(MemberTrack track, ProgramView view, Message.Promise m) {
        mayVote(track, view, "send Promise");
        actsInDurableEpoch(track, view, m.ballot());
        promisedDurably(track, view, m.ballot(), "Promise");
        BallotRecord record = consensus.ledger().record(m.ballot(), view.base());
        electorate(track, record, "promises");
        promises(track, record);
    }

    /** A superseded process is cut off: what it promises from then on reaches nobody. */
    private void promises(MemberTrack track, BallotRecord record) {
        UUID member = track.member;
        int slot = member == null ? -1 : record.voters.voterSlot(member);
        if (slot >= 0 && !isSuperseded(track)) {
            record.promised(slot);
        }
    }

    private boolean isSuperseded(MemberTrack track) {
        return facts != null && facts.superseded(track.machine);
    }

    private static void promisedDurably(MemberTrack track, ProgramView view, Ballot ballot, String what) {
        if (view.durablePromised().isBelow(ballot)) {
            throw new Violation("I4",
                    track.who + " sent " + what + "(" + ballot + "), but durable is only the promise "
                            + view.durablePromised());
        }
    }

    private void accepted(MemberTrack track, ProgramView view, Message.Accepted m) {
        mayVote(track, view, "send Accepted");
        actsInDurableEpoch(track, view, m.ballot());
        Ballot durable = view.durableAccepted();
        // At an older ballot its record may have been overtaken by a later one in the same write.
        boolean holds = m.ballot().isBelow(durable)
                ? track.hasReached(m.ballot(), m.upTo())
                : m.ballot().equals(durable) && m.upTo() <= view.durableLast();
        if (!holds) {
            throw new Violation("I4",
                    track.who + " sent Accepted(" + m.ballot() + ", " + m.upTo() + "), but durable is "
                            + durable + " up to " + view.durableLast());
        }
        BallotRecord record = consensus.ledger().record(m.ballot(), view.base());
        electorate(track, record, "votes");
        UUID member = track.member;
        if (member != null && !isSuperseded(track)) {
            consensus.ledger().vote(record, member, m.upTo());
        }
    }

    /** A leader counts this as "nobody higher has my promise", for reads and for staying (I14). */
    private void heartbeatAck(MemberTrack track, ProgramView view, Envelope envelope,
            Message.HeartbeatAck m) {
        mayVote(track, view, "acknowledge a heartbeat");
        actsInDurableEpoch(track, view, m.ballot());
        if (!m.ballot().equals(envelope.promised())) {
            throw new Violation("I14",
                    track.who + " acknowledged the heartbeat of " + m.ballot() + " but has promised "
                            + envelope.promised());
        }
    }

    /**
     * I14: a read is served at an index that is decided, and by no leader that proposed or adopted a
     * StopSign, because the next epoch may decide without it.
     */
    private static void servesRead(MemberTrack track, ProgramView view, long index) {
        if (index > view.decided()) {
            throw new Violation("I14", track.who + " serves a read at " + index + ", but knows only "
                    + view.decided() + " decided");
        }
        if (view.proposedConfiguration() != null) {
            throw new Violation("I14",
                    track.who + " serves a read with an undecided StopSign at the end of its log");
        }
    }

    private void leads(MemberTrack track, ProgramView view, Ballot ballot) {
        mayVote(track, view, "lead");
        actsInDurableEpoch(track, view, ballot);
        consensus.own(track, consensus.ledger().record(ballot, view.base()));
    }

    private static void mayVote(MemberTrack track, ProgramView view, String what) {
        if (view.role() == Role.FAULTY) {
            throw new Violation("I17", track.who + " is FAULTY and must not " + what);
        }
        if (view.volume() != VolumeState.ACTIVATED) {
            throw new Violation("activation",
                    track.who + " must not " + what + " before its activation is durable");
        }
    }

    /**
     * Ballots of an epoch are for those whose EPOCH record is on disk; its effect there is the accepted
     * ballot's epoch.
     */
    private static void actsInDurableEpoch(MemberTrack track, ProgramView view, Ballot ballot) {
        if (ballot.epoch() > view.durableAccepted().epoch()) {
            throw new Violation("I12",
                    track.who + " acts at ballot " + ballot + ", but on its disk it is in epoch "
                            + view.durableAccepted().epoch());
        }
    }

    private static void electorate(MemberTrack track, BallotRecord record, String what) {
        UUID member = track.member;
        if (member == null || !record.voters.isVoter(member)) {
            throw new Violation("electorate", track.who + " " + what + " at ballot " + record.ballot
                    + " but is no voter of its epoch");
        }
    }
}
