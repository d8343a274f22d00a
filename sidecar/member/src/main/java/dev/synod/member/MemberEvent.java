package dev.synod.member;

import dev.synod.paxos.Bytes;
import dev.synod.paxos.Snapshot;
import dev.synod.paxos.SnapshotRef;
import dev.synod.state.Command;
import dev.synod.state.StateMachine;
import java.util.List;
import java.util.UUID;

/**
 * What happens to a member. All that came up since the last step is handed to {@link Member#step} together,
 * in the order in which it happened. Ids of requests, reads, claims and watches are one space, and none is
 * used twice in one run of the process.
 */
public sealed interface MemberEvent {
    // The world.

    /** Time passed; due at {@link Member#nextDeadlineNanos()}. */
    record Tick() implements MemberEvent {}

    /** A frame arrived; any bytes may. */
    @SuppressWarnings("ArrayRecordComponent") // frames are passed on, never compared
    record Received(byte[] frame) implements MemberEvent {}

    /** Every batch up to {@code sequence} is durable. Reported in order. */
    record Durable(long sequence) implements MemberEvent {}

    /** The connection from {@code peer} was closed by its end: it counts as silent at once. */
    record LinkClosed(UUID peer) implements MemberEvent {}

    /** The disk is full or no longer so. */
    record DiskFull(boolean full) implements MemberEvent {}

    /** Answer to {@link MemberEffects.WriteSnapshot}: it is complete and durable. */
    record SnapshotWritten(Snapshot snapshot, long base) implements MemberEvent {}

    /** Answer to {@link MemberEffects.WriteSnapshot}: there was no room, or it is too large. */
    record SnapshotNotWritten() implements MemberEvent {}

    /** The snapshot whose chunks were stored is complete, verified and durable. */
    record SnapshotStaged(Snapshot snapshot) implements MemberEvent {}

    /** The snapshot whose chunks were stored proved wrong and was thrown away. */
    record StagingFailed(SnapshotRef snapshot) implements MemberEvent {}

    /** Answer to {@code SnapshotAction.ReadChunk}; empty when the snapshot is gone. */
    record ChunkRead(UUID peer, SnapshotRef snapshot, long offsetBytes, Bytes data) implements MemberEvent {}

    /** Answer to {@code SnapshotAction.Restore}: the state that the snapshot holds. */
    record StateRestored(Snapshot snapshot, StateMachine state) implements MemberEvent {}

    // Clients.

    /**
     * A command, answered by {@link Answer.Replied}. One that its session remembers is repeated until its
     * outcome is known or the time runs out; another is not.
     *
     * @param id of the request
     * @param command not a claim: see {@link Acquire} and {@link Stand}
     * @param timeoutNanos how long its caller waits for the answer
     */
    record Submit(long id, Command command, long timeoutNanos) implements MemberEvent {}

    /**
     * Opens a session or attaches to one, and keeps it alive from here on; answered by {@link
     * Answer.Replied} with {@link dev.synod.state.Reply.Attached}. From then on {@link
     * MemberEffects.SessionNotice} tells how it stands.
     *
     * @param id of the request
     * @param command {@link Command.OpenSession} or {@link Command.AttachSession}
     * @param timeoutNanos how long its caller waits for the answer
     */
    record Attach(long id, Command command, long timeoutNanos) implements MemberEvent {}

    /**
     * The application left without closing its session: its end of the stream was closed, which a process
     * that died does at once.
     *
     * @param session its id
     * @param attachGeneration of the attachment that ended; another one stays
     * @param graceNanos how long it may take to come back; then the session is ended
     */
    record Detach(long session, long attachGeneration, long graceNanos) implements MemberEvent {}

    /**
     * Takes a lock, waiting for it if asked to; answered once: {@link Answer.Replied} with Granted, Busy or
     * Refused, or {@link Failure#WAIT_TIMED_OUT}, {@link Failure#CLAIM_LOST}. A grant is answered only while
     * the session is {@link SessionStatus#ACTIVE}.
     *
     * @param id of the claim; {@link Cancel} gives it up
     * @param command with {@code queue} if it waits
     * @param waitNanos how long to stay in the queue; {@link Long#MAX_VALUE} for ever
     * @param timeoutNanos how long its caller waits for the decision to queue it or not
     */
    record Acquire(long id, Command.AcquireLock command, long waitNanos, long timeoutNanos)
            implements MemberEvent {}

    /**
     * Stands in an election: {@link MemberEffects.ClaimNotice}s tell its way, {@link Answer.Failed} or a
     * Refused ends it. {@link Cancel} stops the telling and nothing else.
     *
     * @param id of the claim
     * @param command who stands
     * @param timeoutNanos how long its caller waits for the first notice
     */
    record Stand(long id, Command.Campaign command, long timeoutNanos) implements MemberEvent {}

    /**
     * A read, answered by {@link Answer.MayRead}.
     *
     * @param id of the read
     * @param consistency what it may see
     * @param timeoutNanos how long its caller waits
     */
    record Read(long id, Consistency consistency, long timeoutNanos) implements MemberEvent {}

    /**
     * A watch: {@link MemberEffects.WatchNotice}s until {@link MemberEffects.WatchNotice.Ended}.
     *
     * @param id of the watch; {@link Cancel} ends it
     * @param target what it hears of
     */
    record Watch(long id, WatchTarget target) implements MemberEvent {}

    /**
     * The caller of an {@link Acquire} was gone when it was answered: what it was granted is given back.
     *
     * @param id of that claim
     * @param command of that claim
     */
    record GiveBack(long id, Command.AcquireLock command) implements MemberEvent {}

    /** The caller of a request, claim or watch is gone. A lock that it waited for is given up. */
    record Cancel(long id) implements MemberEvent {}

    // Operators. Answered by Changed, NotAllowed or Failed.

    /** The cluster's latch is set: this member may vote. */
    record Activate(long id) implements MemberEvent {}

    /** Change the voters, if the epoch is still {@code expectedEpoch}; only the leader does that. */
    record Reconfigure(long id, int expectedEpoch, List<UUID> voters) implements MemberEvent {}

    /** Add an observer. Idempotent by UUID; only the leader does that. */
    record AddObserver(long id, UUID uuid, String address) implements MemberEvent {}

    /** Remove an observer. Idempotent by UUID; only the leader does that. */
    record RemoveObserver(long id, UUID uuid) implements MemberEvent {}

    /** Hand leadership to this voter; answered when the hand-over has begun. */
    record TransferTo(long id, UUID target) implements MemberEvent {}
}
