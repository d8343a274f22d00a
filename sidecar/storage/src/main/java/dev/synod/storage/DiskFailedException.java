package dev.synod.storage;

/**
 * A write or fsync failed. What the disk holds is not known until it is read again after a restart, so the
 * process must end: nothing is ever retried (see {@link DiskFile#sync}), and every later call to the volume
 * throws this again.
 */
public final class DiskFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DiskFailedException(String what, Throwable cause) {
        super(what, cause);
    }
}
