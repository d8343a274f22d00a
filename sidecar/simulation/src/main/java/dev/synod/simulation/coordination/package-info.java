/**
 * The whole member in the simulator: {@code dev.synod.member.Member} over a volume, the applications of its
 * machine, and the oracles of sessions, claims, values and watches.
 *
 * <p>In: what a {@link dev.synod.simulation.port.Machine} offers, and what applications ask. Out: frames,
 * disk work, replies; and the {@link dev.synod.simulation.port.Workload} that asks and reads them.
 *
 * <p>It may touch the member and all below it, and the ports of the simulation; never the world behind them.
 */
@NullMarked
package dev.synod.simulation.coordination;

import org.jspecify.annotations.NullMarked;
