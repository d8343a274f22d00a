package dev.synod.client;

/**
 * What is done under a lock.
 *
 * @param <R> what comes of it
 * @param <X> what it may throw
 */
@FunctionalInterface
public interface LockTask<R, X extends Exception> {
    /** Runs with the lock held; the thread is interrupted when the lock is lost. */
    R run(LockHandle handle) throws X;
}
