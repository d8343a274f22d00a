/**
 * What every subject does in the same way: a volume is opened, formatted, recovered, written in batches and
 * sealed; snapshots are carried to and from it; and the replica is shown to oracles.
 *
 * <p>In: a {@link dev.synod.simulation.port.Machine}, and the records, frames and snapshot work that a core
 * asks for. Out: disk work and frames, and calls back to the subject when something is durable.
 *
 * <p>It may touch the consensus core, storage, and the ports of the simulation; never the world behind them.
 */
@NullMarked
package dev.synod.simulation.driver;

import org.jspecify.annotations.NullMarked;
