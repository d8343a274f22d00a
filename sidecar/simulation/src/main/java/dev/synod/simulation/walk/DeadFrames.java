package dev.synod.simulation.walk;

import dev.synod.paxos.Message;
import java.util.Arrays;

/**
 * Which frames can never matter again, so that states that differ only in them are one.
 *
 * <ol>
 *   <li>An answer to the owner of a ballot that no longer prepares or leads it: a ballot is prepared once, by
 *   one process.
 *   <li>A Promise to a leader that has begun as many Syncs to its sender as the walk allows: the Promise is
 *   stale, or would begin one more.
 *   <li>What the owner of a ballot sent to a voter whose volume has promised a higher one, once the owner no
 *   longer prepares or leads it: it would be answered by Nack, see 1.
 *   <li>What belongs to an epoch that the receiver's volume has left: it would be answered by Sealed, as is
 *   the Probe that lies in every outbox of a walk with StopSigns.
 *   <li>Sealed, unless it asks to campaign, to a member whose volume is in that epoch: it ends telling at
 *   most.
 *   <li>With one Sync a follower and no reads: Accept and Heartbeat whose entries are on the follower's
 *   volume at that ballot and whose decided index is known there, crash or not.
 * </ol>
 *
 * <p>Beside its message a frame tells of its sender: its incarnation, which is why nothing is dropped in a
 * walk with {@link WalkOptions#newIncarnations()}, and the ballot it has promised, by which a candidate
 * chooses a round above it: with two ballots, whoever a dead frame tells of the second one has none left to
 * choose.
 */
final class DeadFrames {
    private final WalkOptions bounds;

    DeadFrames(WalkOptions bounds) {
        this.bounds = bounds;
    }

    boolean isDead(Frame frame, MemberState from, MemberState to) {
        if (!bounds.reduced() || bounds.newIncarnations()) {
            return false;
        }
        return switch (frame.use) {
            case OWNER -> isDeadForOwner(frame, to);
            case FOLLOWER -> isDeadForFollower(frame, from, to);
            case ANYBODY ->
                    frame.envelope.message() instanceof Message.Sealed sealed
                            && !sealed.campaign()
                            && frame.envelope.epoch() <= to.disk.epoch();
        };
    }

    private boolean isDeadForOwner(Frame frame, MemberState owner) {
        if (owner.live != frame.ballot) {
            return true;
        }
        int streams = owner.streams[frame.from];
        return frame.envelope.message() instanceof Message.Promise promise
                && streams > 0
                && (promise.stream() < streams || streams >= WalkOptions.STREAMS_MAX);
    }

    private boolean isDeadForFollower(Frame frame, MemberState owner, MemberState to) {
        if (frame.envelope.epoch() < to.disk.epoch()) {
            return true;
        }
        if (frame.ballot < to.settledPromise) {
            return owner.live != frame.ballot;
        }
        if (bounds.readsMax() > 0 || to.settledAccepted != frame.ballot) {
            return false;
        }
        return switch (frame.envelope.message()) {
            case Message.Accept m ->
                    m.previous() + m.entries().size() <= to.disk.log.index
                            && m.decided() <= to.settledDecided;
            case Message.Heartbeat m -> m.stream() > 0 && m.decided() <= to.settledDecided;
            default -> false;
        };
    }

    /**
     * Whether {@link #isDead} may answer differently for frames from or to {@code after} than for
     * {@code before}.
     */
    static boolean mayDiffer(MemberState before, MemberState after) {
        return before.live != after.live
                || before.settledPromise != after.settledPromise
                || before.settledDecided != after.settledDecided
                || before.disk != after.disk
                || !Arrays.equals(before.streams, after.streams);
    }
}
