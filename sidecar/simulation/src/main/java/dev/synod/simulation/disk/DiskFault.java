package dev.synod.simulation.disk;

/**
 * The ways in which a {@link SimDisk} failed: a run of the simulator that met none of some kind has not
 * tested it.
 */
public enum DiskFault {
    /** A process died and the disk kept what was in memory. */
    PROCESS_DEATH,
    /** The power went. */
    POWER_CUT,
    /** Unsynced bytes were lost, at least in part. */
    UNSYNCED_LOST,
    /** Unsynced bytes reached the disk although nobody synced them, at least in part. */
    UNSYNCED_KEPT,
    /** Unsynced bytes turned into others. */
    UNSYNCED_GARBLED,
    /** A created, renamed or removed name went back, the folder not having been synced. */
    NAME_UNDONE,
    /** A sync failed, and left pages that look clean. */
    SYNC_FAILED,
    /** A write failed. */
    WRITE_FAILED,
    /** A read failed. */
    READ_FAILED,
    /** The disk was full. */
    FULL,
    /** A bit of synced bytes flipped. */
    BIT_ROT,
    /** Pages were written to another place. */
    MISDIRECTED,
    /** Pages were not written, and the sync said they were. */
    WRITE_LOST,
    /** Everything was removed. */
    WIPED,
    /** An earlier or another disk's content took the place of this one's. */
    REPLACED
}
