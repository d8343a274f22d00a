package dev.synod.paxos;

/**
 * Where the epoch before a member's own ended: kept in its EPOCH record and in every snapshot, carried by
 * every message, and copied unchanged by whoever enters the epoch by fetch, snapshot or deduction.
 *
 * <p>A member of the ended epoch whose accepted ballot is at least {@code ballot}, and whose log reaches
 * {@code index}, knows from this alone that its StopSign is decided (design §3, epoch start).
 *
 * @param index s, the index of the StopSign; 0 in the first epoch
 * @param ballot the ballot at whose leader s was decided, never the StopSign's own proposedAt
 */
public record Seal(long index, Ballot ballot) {
    /** The first epoch was opened by no StopSign. */
    public static final Seal NONE = new Seal(0, Ballot.BOTTOM);
}
