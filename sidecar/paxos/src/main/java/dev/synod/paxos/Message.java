package dev.synod.paxos;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What members say to each other. {@code docs/protocol.md} has the table of senders, receivers, and what must
 * be durable before each leaves. Every message travels in an {@link Envelope}.
 */
public sealed interface Message {
    /** Whether the receiver counts it because it asked, so that it is for the process that asked alone. */
    default boolean isAnswer() {
        return this instanceof Promise
                || this instanceof Nack
                || this instanceof Accepted
                || this instanceof HeartbeatAck
                || this instanceof ProbeReply
                || this instanceof ReadReply;
    }

    /** Asks a voter whether it would promise: burns no ballot and changes nothing. */
    record Probe(long id) implements Message {}

    /**
     * Answer to {@link Probe}.
     *
     * @param granted the sender hears no leader and may vote
     * @param base where the sender's log begins
     */
    record ProbeReply(long id, boolean granted, long base) implements Message {}

    /**
     * Phase 1 for the whole open log. Leaves only when {@code ballot} is durable at the candidate.
     *
     * @param accepted accepted ballot of the candidate
     * @param last end of the candidate's log
     * @param decided known decided at the candidate
     * @param suffixFrom first index wanted of the receiver's log, or 0 for what the receiver finds necessary
     * @param transferredBy the ballot of the leader that handed over to the candidate, or null
     */
    record Prepare(
            Ballot ballot,
            Ballot accepted,
            long last,
            long decided,
            long suffixFrom,
            @Nullable Ballot transferredBy)
            implements Message {}

    /**
     * Answer to {@link Prepare}, and later the way a follower asks its leader for a new {@link Sync}. Leaves
     * only when {@code ballot} is durable as promised.
     *
     * @param accepted ballot of the sender's log
     * @param last end of the sender's log
     * @param decided known decided at the sender
     * @param base where the sender's log begins
     * @param snapshot the sender's newest snapshot, or null
     * @param stream newest stream of this ballot's leader that the sender has seen; 0 for none
     * @param suffixFrom index of the first entry in {@code suffix}
     * @param suffix the sender's entries from there, as far as one frame holds; empty when its log does not
     *     beat the candidate's
     */
    record Promise(
            Ballot ballot,
            Ballot accepted,
            long last,
            long decided,
            long base,
            @Nullable SnapshotRef snapshot,
            long stream,
            long suffixFrom,
            List<Entry> suffix)
            implements Message {}

    /** The sender has promised a higher ballot than the one refused. */
    record Nack(Ballot refused, Ballot promised) implements Message {}

    /**
     * Makes a follower's log the leader's: cut back to {@code from}, then the entries up to {@code through}.
     * It may come in pieces, which the follower only stages; the last one takes effect in one batch.
     *
     * @param stream counts the leader's attempts to synchronise this follower; from 1
     * @param from the follower keeps its log up to here
     * @param snapshot what the follower must hold first, when {@code from} is its index and not in the
     *     follower's log
     * @param through the last index of the whole Sync
     * @param entries a contiguous piece of {@code from+1..through}
     * @param decided known decided at the leader
     */
    record Sync(
            Ballot ballot,
            long stream,
            long from,
            @Nullable SnapshotRef snapshot,
            long through,
            List<Entry> entries,
            long decided)
            implements Message {}

    /**
     * New entries after {@code previous}, in order within {@code stream}; without any, only what is decided,
     * and unanswered.
     */
    record Accept(Ballot ballot, long stream, long previous, List<Entry> entries, long decided)
            implements Message {}

    /** The sender's log is durable up to {@code upTo} at {@code ballot}; cumulative. */
    record Accepted(Ballot ballot, long stream, long upTo) implements Message {}

    /**
     * The leader lives.
     *
     * @param readSequence confirmation counter for reads; never reused within a ballot
     * @param decided known decided at the leader
     * @param stream the receiver's current stream, or 0
     * @param sent how far the leader has sent entries to the receiver
     */
    record Heartbeat(Ballot ballot, long readSequence, long decided, long stream, long sent)
            implements Message {}

    /** Sent only while the sender's promised ballot is {@code ballot}. */
    record HeartbeatAck(Ballot ballot, long readSequence) implements Message {}

    /** The sender heard the leader of {@code ballot} but has not promised it: please prepare me. */
    record PrepareRequest(Ballot ballot) implements Message {}

    /**
     * Please send decided entries from {@code from} on. {@code blank}: the sender has no configuration, only
     * a snapshot helps.
     */
    record Fetch(long from, boolean blank) implements Message {}

    /** Decided entries, contiguous; {@code decided} is how far the sender knows. */
    record LogChunk(List<Entry> entries, long decided) implements Message {}

    /** The entries asked for are gone; this snapshot covers them. */
    record SnapshotOffer(SnapshotRef snapshot) implements Message {}

    /** Please send bytes of the snapshot from {@code offsetBytes} on. */
    record ChunkRequest(SnapshotRef snapshot, long offsetBytes) implements Message {}

    /** Bytes of the snapshot; empty when the sender no longer has it. */
    record Chunk(SnapshotRef snapshot, long offsetBytes, Bytes data) implements Message {}

    /** The leader of {@code ballot} hands over: campaign now. */
    record Transfer(Ballot ballot) implements Message {}

    /** Asks the leader for a read index. */
    record ReadRequest(long id) implements Message {}

    /** Answer to {@link ReadRequest}; {@code index} is -1 when the sender cannot serve it. */
    record ReadReply(long id, long index) implements Message {}

    /**
     * The receiver's epoch has ended: {@code next} governs from the envelope's seal on.
     *
     * @param established the first entry of a later epoch is known decided
     * @param campaign a leader that is not a voter of {@code next} hands over to the receiver
     */
    record Sealed(Configuration next, boolean established, boolean campaign) implements Message {}

    /**
     * The receiver is not who its peer knows: a newer process has its identity, or its volume forgot what it
     * once acknowledged.
     *
     * @param incarnation newest incarnation that the sender knows of the receiver
     * @param nonce of that incarnation
     * @param promised highest promise remembered from incarnations before {@code incarnation}'s
     * @param accepted ballot of the highest acknowledgement remembered
     * @param index of the highest acknowledgement remembered
     */
    record Refused(long incarnation, long nonce, Ballot promised, Ballot accepted, long index)
            implements Message {}
}
