package dev.synod.paxos;

import java.util.List;

/**
 * What a peer may say about logs. Whoever breaks this runs other code than ours: its message is dropped
 * before it has any effect, so that no invariant of this member depends on a peer's word.
 */
final class Plausible {
    /** No honest index or round comes near; what is counted on from here still fits the wire. */
    static final long NATURAL_MAX = ByteWriter.NATURAL_MAX / 2;
    /** The same for epochs and members' numbers. */
    private static final int NATURAL_INT_MAX = ByteWriter.NATURAL_INT_MAX / 2;

    private Plausible() {}

    /** Whether a cluster may have come as far as this. */
    static boolean configuration(Configuration configuration) {
        return configuration.epoch() < NATURAL_INT_MAX && configuration.nextNumber() < NATURAL_INT_MAX;
    }

    /** Whether decided entries may be taken: that nothing in them leads beyond what the wire can say. */
    static boolean fetched(List<Entry> entries) {
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i).payload() instanceof Payload.StopSign stop && !configuration(stop.next())) {
                return false;
            }
        }
        return entries.isEmpty() || entries.getLast().index() < NATURAL_MAX;
    }

    /** A snapshot's bytes are what its reference says, but who made the reference is a peer. */
    static boolean snapshot(Snapshot snapshot) {
        return snapshot.index() < NATURAL_MAX && configuration(snapshot.configuration());
    }

    /**
     * Entries that the log of {@code newest} can hold above this epoch's start: proposed in this epoch, none
     * at a higher ballot, nothing after a StopSign (I12), and that one leading to the next epoch.
     */
    static boolean entries(Core core, List<Entry> entries, Ballot newest) {
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            Ballot proposedAt = entry.proposedAt();
            if (entry.index() <= core.seal.index()
                    || !proposedAt.epochIs(core.epoch())
                    || proposedAt.isBottom()
                    || newest.isBelow(proposedAt)) {
                return false;
            }
            if (entry.payload() instanceof Payload.StopSign stop
                    && (i < entries.size() - 1
                            || stop.next().epoch() != core.epoch() + 1
                            || !configuration(stop.next()))) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether the bounds of a Sync make sense: it begins within the epoch, and with its snapshot if it has
     * one.
     */
    static boolean sync(Core core, Message.Sync sync) {
        SnapshotRef snapshot = sync.snapshot();
        return sync.from() >= core.seal.index()
                && sync.through() >= sync.from()
                && sync.through() < NATURAL_MAX
                && (snapshot == null || snapshot.index() == sync.from());
    }

    /** Whether the log that a Promise describes can be that of a voter of this epoch. */
    static boolean promise(Core core, Message.Promise promise) {
        SnapshotRef snapshot = promise.snapshot();
        return promise.accepted().epochIs(core.epoch())
                && promise.accepted().compareTo(promise.ballot()) <= 0
                && promise.base() <= promise.decided()
                && core.seal.index() <= promise.decided()
                && promise.decided() <= promise.last()
                && promise.last() < NATURAL_MAX
                && (snapshot == null
                        || (snapshot.index() >= promise.base() && snapshot.index() <= promise.decided()))
                && (promise.suffix().isEmpty() || promise.suffix().getLast().index() <= promise.last());
    }
}
