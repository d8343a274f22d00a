package dev.synod.paxos;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a step asks of the world. The driver's duties, in order:
 *
 * <ol>
 *   <li>hand {@link #records()} (if any) to the write-ahead log as batch {@link #batchSequence()}: durable
 *   whole or not at all, in the order of the sequence numbers; several batches may share one fsync; then
 *   report {@link Event.Durable};
 *   <li>carry out {@link #snapshotActions()} in order;
 *   <li>send each of {@link #outgoing()} whose {@code afterSequence} is durable, keep the others until it is
 *   (sendNow and sendAfter of the design); frames to one peer keep their order as far as they can;
 *   <li>apply decided entries up to {@link #decided()}, in order;
 *   <li>answer {@link #reads()} once applied that far.
 * </ol>
 *
 * The driver clears and reuses one instance. A crash may come between any two of these.
 */
public final class Effects {
    /**
     * A frame for a peer.
     *
     * @param to the receiver
     * @param frame encoded envelope; not changed after it is handed over
     * @param afterSequence leaves only when this batch is durable; 0 for at once
     * @param bulk belongs on the connection for snapshots, not on the one for consensus
     */
    @SuppressWarnings("ArrayRecordComponent") // frames are passed on, never compared
    public record Outgoing(UUID to, byte[] frame, long afterSequence, boolean bulk) {}

    /**
     * The fate of a read.
     *
     * @param id of {@link Event.Read}
     * @param index serve it when applied this far; -1: not served, ask again with a new id
     */
    public record ReadOutcome(long id, long index) {}

    /** What became of a proposal, reconfiguration or transfer. */
    public enum Refusal {
        /** This member does not lead. */
        NOT_LEADER,
        /** Too much is undecided: back off. */
        BUSY,
        /** The disk is full. */
        DISK_FULL,
        /** An epoch change or a transfer is under way. */
        CHANGING,
        /** The expected epoch is not the current one. */
        WRONG_EPOCH,
        /** The change is not allowed; see {@link Effects#refusalReason()}. */
        NOT_ALLOWED
    }

    private final List<WalRecord> records = new ArrayList<>();
    private final List<SnapshotAction> snapshotActions = new ArrayList<>();
    private final List<Outgoing> outgoing = new ArrayList<>();
    private final List<ReadOutcome> reads = new ArrayList<>();
    private long batchSequence;
    private long decided;
    private long proposedFrom;
    private @Nullable Ballot proposedAt;
    private @Nullable Refusal refusal;
    private @Nullable String refusalReason;
    private @Nullable String fault;

    /** Forgets everything, for the next step. */
    public void clear() {
        records.clear();
        snapshotActions.clear();
        outgoing.clear();
        reads.clear();
        batchSequence = 0;
        decided = 0;
        proposedFrom = 0;
        proposedAt = null;
        refusal = null;
        refusalReason = null;
        fault = null;
    }

    /** Records of this step's batch; empty when nothing is to be written. */
    public List<WalRecord> records() {
        return records;
    }

    /** Number of this step's batch, contiguous from 1; 0 when there is none. */
    public long batchSequence() {
        return batchSequence;
    }

    /** Work for the snapshot store. */
    public List<SnapshotAction> snapshotActions() {
        return snapshotActions;
    }

    /** Frames for peers. */
    public List<Outgoing> outgoing() {
        return outgoing;
    }

    /** Reads that were granted or refused. */
    public List<ReadOutcome> reads() {
        return reads;
    }

    /** The highest decided index, when it advanced in this step; else 0. */
    public long decided() {
        return decided;
    }

    /** Index of the first entry proposed by this step; 0 when none was. */
    public long proposedFrom() {
        return proposedFrom;
    }

    /** Ballot of the entries proposed by this step. */
    public @Nullable Ballot proposedAt() {
        return proposedAt;
    }

    /** Why a proposal, reconfiguration or transfer was not taken; null when it was. */
    public @Nullable Refusal refusal() {
        return refusal;
    }

    /** What exactly was not allowed, for the caller to read. */
    public @Nullable String refusalReason() {
        return refusalReason;
    }

    /**
     * Why the member became FAULTY in this step, else null: it is silent from here on, frames that wait for
     * a batch are dropped, and it wants to be replaced.
     */
    public @Nullable String fault() {
        return fault;
    }

    void write(WalRecord record, long sequence) {
        records.add(record);
        batchSequence = sequence;
    }

    void act(SnapshotAction action) {
        snapshotActions.add(action);
    }

    void send(Outgoing message) {
        outgoing.add(message);
    }

    void read(long id, long index) {
        reads.add(new ReadOutcome(id, index));
    }

    void decidedUpTo(long index) {
        decided = index;
    }

    void proposed(long from, Ballot at) {
        proposedFrom = from;
        proposedAt = at;
    }

    void refuse(Refusal why, @Nullable String reason) {
        refusal = why;
        refusalReason = reason;
    }

    void faulty(String why) {
        fault = why;
    }
}
