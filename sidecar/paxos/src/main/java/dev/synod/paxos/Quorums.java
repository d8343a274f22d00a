package dev.synod.paxos;

/**
 * How many voters make a quorum. Any q1 must meet any q2, and any read quorum must meet any q1 (I11; Howard,
 * "Flexible Paxos", 2016).
 *
 * @param prepare q1: promises that elect a leader
 * @param accept q2: accepted votes that decide an entry
 * @param read qr: leadership confirmations that allow a read
 */
public record Quorums(int prepare, int accept, int read) {
    /** Majorities of {@code voters} members: what the product uses. */
    public static Quorums majority(int voters) {
        int majority = voters / 2 + 1;
        return new Quorums(majority, majority, majority);
    }

    /** Whether these quorums are safe for {@code voters} members (I11). */
    public boolean fit(int voters) {
        return prepare >= 1
                && accept >= 1
                && read >= 1
                && prepare <= voters
                && accept <= voters
                && read <= voters
                && prepare + accept > voters
                && read + prepare > voters;
    }
}
