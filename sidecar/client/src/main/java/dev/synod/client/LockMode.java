package dev.synod.client;

/** In what way a lock is held. */
public enum LockMode {
    /** By one owner alone. */
    EXCLUSIVE(dev.synod.coordination.v1.LockMode.LOCK_MODE_EXCLUSIVE),
    /** Beside other shared owners, but no exclusive one. */
    SHARED(dev.synod.coordination.v1.LockMode.LOCK_MODE_SHARED),
    /** One of a semaphore's permits; see {@link NamedLock#permits}. */
    PERMIT(dev.synod.coordination.v1.LockMode.LOCK_MODE_PERMIT);

    private final dev.synod.coordination.v1.LockMode proto;

    LockMode(dev.synod.coordination.v1.LockMode proto) {
        this.proto = proto;
    }

    dev.synod.coordination.v1.LockMode proto() {
        return proto;
    }

    static LockMode of(dev.synod.coordination.v1.LockMode proto) {
        return switch (proto) {
            case LOCK_MODE_SHARED -> SHARED;
            case LOCK_MODE_PERMIT -> PERMIT;
            default -> EXCLUSIVE;
        };
    }
}
