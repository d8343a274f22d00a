/**
 * The catalogue of planted bugs, and the hunt for each: the proof that workload, faults and checkers together
 * would find it.
 *
 * <p>In: a way to run a seed with a defect. Out: how many seeds it took and which invariant broke, or that
 * the bug survived, which is a failure of the simulator.
 */
@NullMarked
package dev.synod.simulation.mutants;

import org.jspecify.annotations.NullMarked;
