package dev.synod.state;

/**
 * The ballot of a leader as the state machine knows it: all that matters here is which of two is later.
 *
 * @param epoch of the ballot
 * @param round of the ballot
 * @param member number of its owner
 */
public record Term(int epoch, long round, int member) implements Comparable<Term> {
    /** Before the first leader of an era. */
    public static final Term NONE = new Term(0, 0, 0);

    @Override
    public int compareTo(Term other) {
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
