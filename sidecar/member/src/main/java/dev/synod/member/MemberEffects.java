package dev.synod.member;

import dev.synod.paxos.Configuration;
import dev.synod.paxos.Effects;
import dev.synod.paxos.Seal;
import dev.synod.paxos.SnapshotAction;
import dev.synod.paxos.WalRecord;
import dev.synod.state.Cause;
import dev.synod.state.Event;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a step asks of the world. The driver's duties, in order:
 *
 * <ol>
 *   <li>hand {@link #batches()} to the write-ahead log, in order, each durable whole or not at all; several
 *   may share one fsync; then report {@link MemberEvent.Durable};
 *   <li>carry out {@link #snapshotActions()} and {@link #writeSnapshot()} in order;
 *   <li>send each of {@link #outgoing()} whose {@code afterSequence} is durable, keep the others until it is;
 *   frames to one peer keep their order as far as they can;
 *   <li>pass on {@link #answers()}, {@link #claimNotices()}, {@link #watchNotices()} and {@link
 *   #sessionNotices()}, before the next step.
 * </ol>
 *
 * The driver clears and reuses one instance. A crash may come between any two of these.
 */
public final class MemberEffects {
    /**
     * Records of one batch.
     *
     * @param sequence contiguous from 1
     * @param records in order
     */
    public record Batch(long sequence, List<WalRecord> records) {}

    /**
     * Write a snapshot of the state: its chunks may be encoded on another thread.
     *
     * @param state what is to be written
     * @param configuration after the entry of its index
     * @param seal of that configuration's epoch
     * @param base handed back in {@link MemberEvent.SnapshotWritten}
     */
    public record WriteSnapshot(
            dev.synod.state.Snapshot state, Configuration configuration, Seal seal, long base) {}

    /**
     * The answer of a request.
     *
     * @param id of the request
     * @param answer its only one
     */
    public record Answered(long id, Answer answer) {}

    /** What becomes of a {@link MemberEvent.Stand}. */
    public sealed interface ClaimNotice {
        /** The claim's. */
        long id();

        /**
         * In the queue.
         *
         * @param position from 1, at that time
         */
        record Queued(long id, int position) implements ClaimNotice {}

        /**
         * It leads.
         *
         * @param token the fencing token
         */
        record Granted(long id, long token) implements ClaimNotice {}

        /**
         * It leads or stands no longer; the last notice unless the cause is {@link Cause#TRANSFERRED}, which
         * queues it again.
         *
         * @param token of the grant that is over; 0 for who only stood
         */
        record Left(long id, long token, Cause cause) implements ClaimNotice {}
    }

    /** What a watch hears. */
    public sealed interface WatchNotice {
        /** The watch's. */
        long id();

        /**
         * It has begun: what was acknowledged before it was asked for is seen. A watch of a lock or election
         * shows its state now, from {@link Member#state()}.
         *
         * @param revision nothing above it was told yet
         */
        record Started(long id, long revision) implements WatchNotice {}

        /**
         * Changes of whole revisions, in order.
         *
         * @param revision nothing up to it is missing
         * @param events what happened
         */
        record Changes(long id, long revision, List<Event> events) implements WatchNotice {}

        /**
         * All changes up to a revision that a quorum confirmed were told.
         *
         * @param revision at least as high as any before
         */
        record Bookmark(long id, long revision) implements WatchNotice {}

        /**
         * Events were skipped (a snapshot was installed): a watch of a lock or election shows its state anew.
         */
        record Reset(long id, long revision) implements WatchNotice {}

        /**
         * It has ended.
         *
         * @param reason UNAVAILABLE: ask another member, from the last revision seen; COMPACTED; BUSY
         * @param current the lowest revision kept, when compacted
         */
        record Ended(long id, Failure reason, long current) implements WatchNotice {}
    }

    /** What the application of an attached session has to hear. */
    public sealed interface SessionNotice {
        /** The session's id. */
        long session();

        /**
         * The session stands differently. How long it is guaranteed changes with every renewal, unsaid: see
         * {@link Member#guaranteedForNanos}.
         *
         * @param attachGeneration of the attachment
         * @param guaranteedUntilNanos in the clock of {@link Member#step}
         */
        record Status(long session, long attachGeneration, SessionStatus status, long guaranteedUntilNanos)
                implements SessionNotice {}

        /**
         * The session, which lives on, no longer holds a lock or leads, without having asked for that.
         *
         * @param election whether it is of an election
         * @param name of the lock or election
         * @param owner within the session
         * @param token of the grant that is over
         * @param reason given by who broke it; otherwise empty
         */
        record ClaimLost(
                long session, boolean election, String name, String owner, long token, Cause cause,
                String reason)
                implements SessionNotice {}
    }

    private final List<Batch> batches = new ArrayList<>();
    private final List<SnapshotAction> snapshotActions = new ArrayList<>();
    private final List<Effects.Outgoing> outgoing = new ArrayList<>();
    private final List<Answered> answers = new ArrayList<>();
    private final List<ClaimNotice> claimNotices = new ArrayList<>();
    private final List<WatchNotice> watchNotices = new ArrayList<>();
    private final List<SessionNotice> sessionNotices = new ArrayList<>();
    private @Nullable WriteSnapshot writeSnapshot;
    private @Nullable String fault;

    /** Forgets everything, for the next step. */
    public void clear() {
        batches.clear();
        snapshotActions.clear();
        outgoing.clear();
        answers.clear();
        claimNotices.clear();
        watchNotices.clear();
        sessionNotices.clear();
        writeSnapshot = null;
        fault = null;
    }

    /** For the write-ahead log. */
    public List<Batch> batches() {
        return batches;
    }

    /** Work for the snapshot store; {@code SnapshotAction.Take} is never among it. */
    public List<SnapshotAction> snapshotActions() {
        return snapshotActions;
    }

    /** A snapshot to be written, or null; no other is asked for until this one is answered. */
    public @Nullable WriteSnapshot writeSnapshot() {
        return writeSnapshot;
    }

    /** Frames for peers. */
    public List<Effects.Outgoing> outgoing() {
        return outgoing;
    }

    /** Answers of requests. */
    public List<Answered> answers() {
        return answers;
    }

    /** For who stands in elections. */
    public List<ClaimNotice> claimNotices() {
        return claimNotices;
    }

    /** For watches. */
    public List<WatchNotice> watchNotices() {
        return watchNotices;
    }

    /** For applications. */
    public List<SessionNotice> sessionNotices() {
        return sessionNotices;
    }

    /**
     * Why the member became FAULTY in this step, else null: it is silent from here on, frames that wait for a
     * batch are dropped, and it wants to be replaced.
     */
    public @Nullable String fault() {
        return fault;
    }

    void write(Batch batch) {
        batches.add(batch);
    }

    void act(SnapshotAction action) {
        snapshotActions.add(action);
    }

    void write(WriteSnapshot snapshot) {
        writeSnapshot = snapshot;
    }

    void send(Effects.Outgoing frame) {
        outgoing.add(frame);
    }

    void answer(long id, Answer answer) {
        answers.add(new Answered(id, answer));
    }

    void tell(ClaimNotice notice) {
        claimNotices.add(notice);
    }

    void tell(WatchNotice notice) {
        watchNotices.add(notice);
    }

    void tell(SessionNotice notice) {
        sessionNotices.add(notice);
    }

    void faulty(String why) {
        fault = why;
    }
}
