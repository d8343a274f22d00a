package dev.synod.simulation.walk;

import dev.synod.paxos.Entry;
import dev.synod.paxos.Message;
import dev.synod.paxos.Payload;
import dev.synod.paxos.Replica;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What must hold of one member at each of its steps, seen from outside. Each check tells what broke, or null.
 */
final class LocalChecks {
    private LocalChecks() {}

    /** I1: promised, accepted, decided and epoch never decrease within a process; accepted <= promised. */
    static @Nullable String monotone(Replica before, Replica after) {
        boolean back = after.promised().isBelow(before.promised())
                || after.accepted().isBelow(before.accepted())
                || after.decided() < before.decided()
                || after.epoch() < before.epoch();
        if (back) {
            return "I1: promised, accepted, decided or epoch went back from " + text(before) + " to "
                    + text(after);
        }
        return after.promised().isBelow(after.accepted())
                ? "I1: accepted above promised: " + text(after)
                : null;
    }

    private static String text(Replica replica) {
        return replica.promised() + ", " + replica.accepted() + ", " + replica.decided() + ", "
                + replica.epoch();
    }

    /** I12 and I13: nothing follows a StopSign in its epoch; at most one StopSign is undecided. */
    static @Nullable String stopSigns(LogNode log, long decided) {
        int undecided = 0;
        int epoch = 0;
        for (Entry entry : log.entries()) {
            if (entry.proposedAt().epoch() < epoch) {
                return "I12: an entry follows a StopSign in its epoch: " + log;
            }
            if (entry.payload() instanceof Payload.StopSign stop) {
                epoch = stop.next().epoch();
                undecided += entry.index() > decided ? 1 : 0;
            }
        }
        return undecided > 1 ? "I13: two StopSigns are undecided: " + log : null;
    }

    /** I17: what became durable stays. */
    static @Nullable String volume(DiskImage before, DiskImage after) {
        boolean back = after.promised.isBelow(before.promised)
                || !after.holdsAtLeast(before.accepted, before.log.index);
        return back ? "I17: the volume went back from " + before + " to " + after : null;
    }

    /**
     * I4: what a frame says is on the volume when it leaves; I12: so is the epoch that its sender acts in.
     */
    static @Nullable String released(List<Frame> frames, DiskImage disk) {
        for (Frame frame : frames) {
            boolean holds = switch (frame.envelope.message()) {
                case Message.Fetch m -> true;
                case Message.Prepare m -> !disk.promised.isBelow(m.ballot());
                case Message.Promise m ->
                        !disk.promised.isBelow(m.ballot()) && disk.holdsAtLeast(m.accepted(), m.last());
                case Message.Accepted m -> disk.accepted.equals(m.ballot()) && disk.log.index >= m.upTo();
                default -> disk.epoch() >= frame.envelope.epoch();
            };
            if (!holds) {
                return "I4: " + frame + " leaves while the volume holds " + disk;
            }
        }
        return null;
    }
}
