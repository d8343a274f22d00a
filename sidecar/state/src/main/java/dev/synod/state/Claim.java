package dev.synod.state;

/**
 * What a claimant asks of a lock.
 *
 * @param claimant who asks
 * @param mode how it is to be held
 * @param holdersMax how many may hold it at once: the semaphore's permits, 1 for {@link LockMode#EXCLUSIVE},
 *     0 (without bound) for {@link LockMode#SHARED}
 */
public record Claim(Claimant claimant, LockMode mode, int holdersMax) {
    /** Whether both ask for the same kind of lock: a mutex, or a semaphore of as many permits. */
    boolean isOfOneKindWith(Claim other) {
        boolean permit = mode == LockMode.PERMIT;
        return permit == (other.mode == LockMode.PERMIT) && (!permit || holdersMax == other.holdersMax);
    }
}
