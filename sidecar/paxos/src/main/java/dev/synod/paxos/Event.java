package dev.synod.paxos;

import java.util.List;
import java.util.UUID;

/**
 * What happens to a member. Events are handed to {@link Replica#step} one at a time, in the order in which
 * they happen.
 */
public sealed interface Event {
    /** Time passed; due at {@link Replica#nextDeadlineNanos()}. */
    record Tick() implements Event {}

    /** A frame arrived; any bytes may. */
    @SuppressWarnings("ArrayRecordComponent") // frames are passed on, never compared
    record Received(byte[] frame) implements Event {}

    /** Every batch up to {@code sequence} is durable. Reported in order. */
    record Durable(long sequence) implements Event {}

    /** The connection from {@code peer} was closed by its end: it counts as silent at once. */
    record LinkClosed(UUID peer) implements Event {}

    /** Commands of clients, proposed in order; all or none are taken. */
    record Propose(List<Bytes> commands) implements Event {}

    /** A linearizable read wants an index. {@code id} is never used twice in one run of the process. */
    record Read(long id) implements Event {}

    /** Add an observer. Idempotent by UUID. */
    record AddObserver(UUID uuid, String address) implements Event {}

    /** Remove an observer. Idempotent by UUID. */
    record RemoveObserver(UUID uuid) implements Event {}

    /** Change the voters, if the epoch is still {@code expectedEpoch}. */
    record Reconfigure(int expectedEpoch, List<UUID> voters) implements Event {}

    /** Hand leadership to this voter. */
    record TransferTo(UUID target) implements Event {}

    /** Campaign now, without probing: an exhaustive walk's timer. */
    record Campaign() implements Event {}

    /** The cluster's latch is set: this member may vote. */
    record Activate() implements Event {}

    /**
     * The state machine's snapshot at {@code snapshot.index()} is complete and durable; entries up to
     * {@code base} may go.
     */
    record SnapshotTaken(Snapshot snapshot, long base) implements Event {}

    /** The snapshot whose chunks were stored is complete, verified and durable. */
    record SnapshotStaged(Snapshot snapshot) implements Event {}

    /** The snapshot whose chunks were stored proved wrong and was thrown away. */
    record StagingFailed(SnapshotRef snapshot) implements Event {}

    /** Answer to {@link SnapshotAction.ReadChunk}; empty when the snapshot is gone. */
    record ChunkRead(UUID peer, SnapshotRef snapshot, long offsetBytes, Bytes data) implements Event {}

    /** The disk is full or no longer so: while full the member takes no new entries but keeps promising. */
    record DiskFull(boolean full) implements Event {}
}
