package dev.synod.state;

/**
 * Who holds or waits for a lock, or leads or stands in an election: an owner within a session. One session
 * may have many; each is a claimant of its own.
 *
 * @param session the session whose end ends the claim
 * @param owner a name chosen by the client
 */
public record Claimant(long session, String owner) implements Comparable<Claimant> {
    @Override
    public int compareTo(Claimant other) {
        int bySession = Long.compare(session, other.session);
        return bySession != 0 ? bySession : owner.compareTo(other.owner);
    }

    @Override
    public String toString() {
        return owner + " of session " + session;
    }
}
