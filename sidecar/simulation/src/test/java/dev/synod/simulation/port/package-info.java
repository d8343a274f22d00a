/**
 * Tests of the values that name a run: its knobs and its faults.
 *
 * <p>In: seeds and texts. Out: assertions that what is written is read back.
 *
 * <p>It may touch the ports only.
 */
@NullMarked
package dev.synod.simulation.port;

import org.jspecify.annotations.NullMarked;
