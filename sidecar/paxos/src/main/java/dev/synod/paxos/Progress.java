package dev.synod.paxos;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How far one peer is, as its leader knows. I15: match <= next - 1 <= last. */
final class Progress {
    /** Where a voter stands. */
    enum State {
        /** It has not promised this leader's ballot. */
        UNPREPARED,
        /** A Sync is on its way. */
        SYNCING,
        /** Its log is a prefix of the leader's; Accepts stream. */
        STREAMING
    }

    final UUID uuid;
    State state = State.UNPREPARED;
    /** The peer's log is durable up to here at this ballot. */
    long match;
    /** Next index to send. */
    long next = 1;
    /** Counts Syncs to this peer at this ballot. */
    long stream;
    long syncedNanos;
    /** When the peer last acknowledged anything of this ballot. */
    long heardNanos;
    /** When match last advanced, a chunk was asked for, or an entry was sent while nothing was in flight. */
    long movedNanos;
    /** Retries since match last advanced; each doubles the wait. */
    int retries;
    /** What the peer last promised with; its log before the first Sync of this ballot took effect. */
    Message.@Nullable Promise promise;
    /** The snapshot that its last Sync named, for as long as the own store has it. */
    @Nullable SnapshotRef snapshot;
    /** Highest read confirmation that the peer acknowledged. */
    long readSequence;
    /** An observer has asked for entries from {@link #next} on and waits for them. */
    boolean fetching;

    Progress(UUID uuid) {
        this.uuid = uuid;
    }

    Progress copy() {
        Progress copy = new Progress(uuid);
        copy.state = state;
        copy.match = match;
        copy.next = next;
        copy.stream = stream;
        copy.syncedNanos = syncedNanos;
        copy.heardNanos = heardNanos;
        copy.movedNanos = movedNanos;
        copy.retries = retries;
        copy.promise = promise;
        copy.snapshot = snapshot;
        copy.readSequence = readSequence;
        copy.fetching = fetching;
        return copy;
    }

    long fingerprint(long hash) {
        long h = Fingerprint.add(Fingerprint.add(Fingerprint.add(hash, uuid), state.ordinal()), match);
        h = Fingerprint.add(Fingerprint.add(Fingerprint.add(h, next), stream), readSequence);
        h = Fingerprint.add(Fingerprint.add(h, fetching ? 1 : 0), snapshot);
        Message.Promise last = promise;
        if (last == null) {
            return h;
        }
        // Of a promise only what a later Sync begins from is used again.
        return Fingerprint.add(
                Fingerprint.add(Fingerprint.add(h, last.accepted()), last.last()), last.decided());
    }
}
