package dev.synod.state;

/**
 * Who holds a lock.
 *
 * @param claim what was granted
 * @param token the fencing token: the revision of the grant
 */
public record Holder(Claim claim, long token) {
    /** Whose claim it is. */
    public Claimant claimant() {
        return claim.claimant();
    }
}
