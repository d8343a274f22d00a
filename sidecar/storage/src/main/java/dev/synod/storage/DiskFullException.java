package dev.synod.storage;

import java.io.IOException;

/**
 * There is no room on the disk. From {@link Volume} it means: nothing was changed, nothing is lost, and the
 * same call may be made again once there is room.
 */
public final class DiskFullException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * Thrown by disks too.
     *
     * @param what what did not fit, with sizes
     */
    public DiskFullException(String what) {
        super(what);
    }
}
