/**
 * Disks in memory that fail as real ones do, for the simulator and the tests of storage.
 *
 * <p>In: the calls of the {@link dev.synod.storage.Disk} port, and orders to crash, rot, lose, misdirect or
 * run full. Out: the bytes a process would read, and counts of the faults that struck.
 *
 * <p>It may touch memory and the seeded generator it was given.
 */
@NullMarked
package dev.synod.simulation.disk;

import org.jspecify.annotations.NullMarked;
