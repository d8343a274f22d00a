package dev.synod.simulation.disk;

/** What changes a disk, or makes a change durable. Reading changes nothing and is not counted. */
public enum DiskOperation {
    /** A file is created. */
    CREATE,
    /** Bytes are written. */
    WRITE,
    /** A file is cut. */
    TRUNCATE,
    /** A file's content and size are made durable. */
    SYNC,
    /** A file gets another name. */
    RENAME,
    /** A file is removed. */
    DELETE,
    /** Names are made durable. */
    SYNC_DIRECTORY
}
