package dev.synod.simulation.disk;

/**
 * Told before every operation that changes a disk; may throw {@link SimulatedCrash} instead of letting it
 * happen.
 */
@FunctionalInterface
public interface OperationHook {
    /** A hook that lets everything happen. */
    OperationHook NONE = (number, operation, name) -> {};

    /**
     * The operation is about to happen.
     *
     * @param number of the operation on this disk, from 1
     * @param name of the file; empty for the folder
     */
    void before(long number, DiskOperation operation, String name);
}
