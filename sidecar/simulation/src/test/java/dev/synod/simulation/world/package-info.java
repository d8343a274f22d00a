/**
 * Tests of the world itself, with a program too simple to be wrong in interesting ways.
 *
 * <p>In: seeds, knobs and explicit faults. Out: what the trace, the counters and the result say happened.
 *
 * <p>It may touch everything in the world's package; the consensus core only for the values that an operator
 * handles.
 */
@NullMarked
package dev.synod.simulation.world;

import org.jspecify.annotations.NullMarked;
