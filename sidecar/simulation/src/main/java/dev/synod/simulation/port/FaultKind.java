package dev.synod.simulation.port;

/** Kinds of {@link Fault}, each with what its fields mean there. */
public enum FaultKind {
    /** The process on target is killed and starts again after the duration; the page cache survives. */
    KILL(FaultFamily.CRASH),
    /** Target loses power: what was not synced is at risk. It comes back after the duration. */
    POWER_CUT(FaultFamily.CRASH),
    /** As a power cut, in the middle of the amount-th disk operation from now. */
    CRASH_AT_DISK(FaultFamily.CRASH),
    /**
     * The same, but counted from when target next creates, renames or removes a file; 0 is that operation
     * itself.
     */
    CRASH_AT_FILE(FaultFamily.CRASH),
    /**
     * As a kill, in the amount-th call that the program makes of its machine from now: between two effects.
     */
    CRASH_AT_CALL(FaultFamily.CRASH),
    /** Every machine loses power at once; each comes back at a time of its own within the duration. */
    POWER_CUT_ALL(FaultFamily.CRASH),

    /** Target hands no event to its process for the duration. */
    PAUSE(FaultFamily.PAUSE),

    /** A {@code Partitioner} mode, {@code amount % 8}, symmetric if {@code amount >= 8}, for the duration. */
    PARTITION(FaultFamily.PARTITION),

    /** The link from target to other holds frames back for the duration. */
    CLOG(FaultFamily.CLOG),

    /** The connection between target and other is closed; both ends are told. */
    CLOSE_LINK(FaultFamily.CLOSE),

    /** Target's clock runs {@code amount} parts per million fast; a negative amount is slow. */
    CLOCK_RATE(FaultFamily.CLOCK),
    /** Target's monotonic clock jumps ahead by the duration. */
    CLOCK_JUMP(FaultFamily.CLOCK),

    /** Target's disk takes {@code amount} times as long for the duration. */
    DISK_SLOW(FaultFamily.SLOW_DISK),
    /** Target's disk finishes nothing for the duration. */
    DISK_STUCK(FaultFamily.SLOW_DISK),

    /** Target's disk is full but for {@code amount} bytes for the duration. */
    DISK_FULL(FaultFamily.FULL_DISK),

    /** A sync on target fails: the amount-th from now. With a duration, power is cut that long after. */
    SYNC_ERROR(FaultFamily.DISK_ERROR),
    /** A write on target fails: the amount-th from now. */
    WRITE_ERROR(FaultFamily.DISK_ERROR),
    /** A read on target fails: the amount-th from now. */
    READ_ERROR(FaultFamily.DISK_ERROR),

    /**
     * A bit of what lies on target's disk flips. In the amount, 1 cuts target's power then, so that it is
     * read; 2 makes it one of the bytes written last.
     */
    BIT_ROT(FaultFamily.ROT),
    /**
     * What target syncs is written over something else: the amount-th time from now, or, with an amount of 0,
     * when it next makes a promise durable. Power is cut when that can be told.
     */
    MISDIRECTED_WRITE(FaultFamily.ROT),
    /** What target syncs is not written; else the same. */
    LOST_WRITE(FaultFamily.ROT),

    /** Target comes back after the duration with an empty volume. */
    WIPE(FaultFamily.VOLUME),
    /** An image of target's volume is taken now, and target gets it back after the duration. */
    ROLLBACK(FaultFamily.VOLUME),
    /**
     * Target comes back after the duration with a volume of another cluster that claims the same identity.
     */
    FOREIGN_VOLUME(FaultFamily.VOLUME),

    /**
     * Another machine starts on an image of target's volume, while target, cut off, lives on for the
     * duration.
     */
    FORK_LIVE(FaultFamily.IDENTITY),
    /** Target's process stops; then it and a twin start from the one image, both for the duration. */
    FORK_STOPPED(FaultFamily.IDENTITY),

    /** The operator is down for the duration and forgets what it did not write down. */
    OPERATOR_CRASH(FaultFamily.OPERATOR),
    /** The operator's latch reads as missing for the duration, and the operator starts anew. */
    LATCH_LOST(FaultFamily.OPERATOR),

    /** Whoever runs the cluster wants {@code amount} voters. */
    WANT_VOTERS(FaultFamily.MEMBERSHIP),
    /** Whoever runs the cluster wants {@code amount} observers beside them. */
    WANT_OBSERVERS(FaultFamily.MEMBERSHIP),
    /** Whoever runs the cluster wants target replaced, sound as it may be. */
    WANT_REPLACED(FaultFamily.MEMBERSHIP),

    /** Leadership is to go to target. */
    TRANSFER(FaultFamily.TRANSFER),

    /** {@code amount} clients ask target all at once, spread over the duration. */
    OVERLOAD(FaultFamily.OVERLOAD);

    private final FaultFamily family;

    FaultKind(FaultFamily family) {
        this.family = family;
    }

    /** The family that switches it off. */
    public FaultFamily family() {
        return family;
    }
}
