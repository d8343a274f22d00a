package dev.synod.simulation.port;

/**
 * Families of faults. A third of the seeds switch whole families off: what is left then has its say (swarm
 * testing).
 */
public enum FaultFamily {
    /** Processes killed, machines without power. */
    CRASH,
    /** Machines that hold events back while their clocks run on. */
    PAUSE,
    /** Some machines do not reach some others. */
    PARTITION,
    /** A link holds everything back for a while. */
    CLOG,
    /** Connections closed. */
    CLOSE,
    /** Clocks that run fast or slow, or jump ahead. */
    CLOCK,
    /** Slow and stuck disks. */
    SLOW_DISK,
    /** Full disks. */
    FULL_DISK,
    /** Errors from the disk. */
    DISK_ERROR,
    /** Damage to what lies on a disk. */
    ROT,
    /** Volumes wiped, rolled back, or another cluster's. */
    VOLUME,
    /** Two processes of one identity. */
    IDENTITY,
    /** An operator that is interrupted or loses its own latch. */
    OPERATOR,
    /** Changes of voters and observers. */
    MEMBERSHIP,
    /** Leadership transfers. */
    TRANSFER,
    /** More requests than can be served. */
    OVERLOAD,
    /**
     * Loss, duplication, reordering, heavy-tailed delay and damaged bytes: set by knobs, not by single
     * faults.
     */
    NOISE
}
