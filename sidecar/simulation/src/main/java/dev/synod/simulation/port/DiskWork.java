package dev.synod.simulation.port;

/** What kind of work the disk's thread is given; it sets how long it takes. */
public enum DiskWork {
    /** Reads. */
    READ,
    /** Writes that need not be durable. */
    WRITE,
    /** Anything that waits for the device: a sync of a file or of the directory. */
    SYNC
}
