/**
 * The exhaustive walk: every interleaving of a small group of real members, breadth first, with state
 * hashing.
 *
 * <p>In: {@link dev.synod.simulation.walk.WalkOptions}, the bounds of a walk. Out: a {@link
 * dev.synod.simulation.walk.WalkReport}: how many states there are, that the walk closed, or the shortest way
 * to a violation. {@link dev.synod.simulation.walk.WalkSuite} has the walks that a build runs.
 *
 * <p>It may touch {@code dev.synod.paxos} only. Threads and the clock are in {@code ParallelRunner} alone.
 */
@NullMarked
package dev.synod.simulation.walk;

import org.jspecify.annotations.NullMarked;
