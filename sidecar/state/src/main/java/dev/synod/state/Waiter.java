package dev.synod.state;

/**
 * Who waits for a lock.
 *
 * @param claim what is asked for
 * @param ticket its place in the queue: the index of the command that put it there
 */
public record Waiter(Claim claim, long ticket) {
    /** Whose claim it is. */
    public Claimant claimant() {
        return claim.claimant();
    }
}
