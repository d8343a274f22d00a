/**
 * The consensus core over a volume, with a small replicated state machine of registers and lists and the
 * clients' side of it: the subject that puts {@code paxos} and {@code storage} to the test by themselves.
 *
 * <p>In: what a {@link dev.synod.simulation.port.Machine} offers, and the requests of clients. Out: frames,
 * disk work, replies; and the {@link dev.synod.simulation.port.Workload} that asks and reads them.
 *
 * <p>It may touch the consensus core, storage, and the ports of the simulation; never the world behind them.
 */
@NullMarked
package dev.synod.simulation.register;

import org.jspecify.annotations.NullMarked;
