package dev.synod.state;

/** In what way a lock is held. */
public enum LockMode {
    /** By one owner alone. */
    EXCLUSIVE,
    /** Beside other shared owners, but no exclusive one. */
    SHARED,
    /** One of a semaphore's permits. */
    PERMIT
}
