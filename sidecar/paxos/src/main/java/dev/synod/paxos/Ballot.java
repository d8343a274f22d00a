package dev.synod.paxos;

/**
 * A ballot: the right of one member to lead, totally ordered by epoch, then round, then member number.
 *
 * <p>One ballot covers the whole open log (Sequence Paxos). A ballot with round 0 is the <em>bottom</em> of
 * its epoch: it is what a member that enters the epoch has promised and accepted, and nobody owns it.
 *
 * @param epoch the epoch whose voters are counted, from 0
 * @param round rises with every campaign, from 1; 0 only in the bottom ballot
 * @param member the number of the owner in the epoch's configuration, from 1; 0 only in the bottom ballot
 */
public record Ballot(int epoch, long round, int member) implements Comparable<Ballot> {
    /** The bottom of the first epoch: what a freshly formatted member has promised and accepted. */
    public static final Ballot BOTTOM = new Ballot(0, 0, 0);

    /** The ballot that a member holds on entering {@code epoch}; owned by nobody. */
    public static Ballot bottomOf(int epoch) {
        return epoch == 0 ? BOTTOM : new Ballot(epoch, 0, 0);
    }

    /** Whether this is the ballot of an epoch just entered, which no member owns. */
    public boolean isBottom() {
        return round == 0;
    }

    /** Whether this ballot is of {@code wanted}. */
    boolean epochIs(int wanted) {
        return epoch == wanted;
    }

    /** The larger of the two. */
    public static Ballot max(Ballot a, Ballot b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    /** Whether this ballot is lower than {@code other}. */
    public boolean isBelow(Ballot other) {
        return compareTo(other) < 0;
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof Ballot ballot
                        && round == ballot.round
                        && member == ballot.member
                        && epoch == ballot.epoch);
    }

    @Override
    public int hashCode() {
        return (epoch * 31 + member) * 31 + Long.hashCode(round);
    }

    @Override
    public int compareTo(Ballot other) {
        if (epoch != other.epoch) {
            return Integer.compare(epoch, other.epoch);
        }
        if (round != other.round) {
            return Long.compare(round, other.round);
        }
        return Integer.compare(member, other.member);
    }

    @Override
    public String toString() {
        return epoch + "." + round + "." + member;
    }
}
