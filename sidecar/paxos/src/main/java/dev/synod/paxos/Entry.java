package dev.synod.paxos;

/**
 * One command and its place in the log. Until it is decided, (index, proposedAt) identifies a proposal: two
 * entries with both equal are the same entry, because a ballot is used by one leader in one process run (I3).
 *
 * @param index place in the log, from 1
 * @param proposedAt the ballot at which a leader first appended it; never changed by later leaders that adopt
 *     it
 * @param payload what it carries
 */
public record Entry(long index, Ballot proposedAt, Payload payload) {
    /** Whether this is the same proposal as {@code other}. */
    public boolean isSameProposalAs(Entry other) {
        return index == other.index && proposedAt.equals(other.proposedAt);
    }

    /** Bytes that count against the windows: the command's own, and a flat overhead for the rest. */
    public int weightBytes() {
        return payload instanceof Payload.Command command ? weightBytes(command.body()) : OVERHEAD_BYTES;
    }

    /** What an entry with this command weighs. */
    static int weightBytes(Bytes command) {
        return OVERHEAD_BYTES + command.length();
    }

    private static final int OVERHEAD_BYTES = 48;
}
