package dev.synod.paxos;

import java.util.UUID;

/** What the member's snapshot store is asked to do, in order. */
public sealed interface SnapshotAction {
    /**
     * Begin receiving {@code snapshot}, or go on at {@code offsetBytes} when part of it is there. Any other
     * is dropped.
     */
    record Begin(SnapshotRef snapshot, long offsetBytes) implements SnapshotAction {}

    /** Store bytes of the snapshot being received. */
    record Store(SnapshotRef snapshot, long offsetBytes, Bytes data) implements SnapshotAction {}

    /**
     * All bytes are stored: verify, make durable, answer {@link Event.SnapshotStaged} or
     * {@link Event.StagingFailed}.
     */
    record Finish(SnapshotRef snapshot) implements SnapshotAction {}

    /** Read bytes of an own snapshot for {@code peer}; answer {@link Event.ChunkRead}. */
    record ReadChunk(UUID peer, SnapshotRef snapshot, long offsetBytes, int lengthBytesMax)
            implements SnapshotAction {}

    /** A peer needs a snapshot and there is none: please take one now; answer {@link Event.SnapshotTaken}. */
    record Take() implements SnapshotAction {}

    /** The state machine is replaced by this staged snapshot before any later entry is applied. */
    record Restore(Snapshot snapshot) implements SnapshotAction {}
}
