/**
 * What plugs into the world, and what comes out of it: interfaces and plain values, no machinery.
 *
 * <p>In: a {@link dev.synod.simulation.port.Subject}, which makes the
 * {@link dev.synod.simulation.port.Program} that runs on each machine, the
 * {@link dev.synod.simulation.port.Workload} of the clients and the
 * {@link dev.synod.simulation.port.Oracle}s. Out: a {@link dev.synod.simulation.port.RunResult}, with its
 * {@link dev.synod.simulation.port.Knobs} and {@link dev.synod.simulation.port.Fault}s, which repeat the run.
 *
 * <p>It may touch the values of {@code dev.synod.paxos} and the disk port of {@code dev.synod.storage}.
 */
@NullMarked
package dev.synod.simulation.port;

import org.jspecify.annotations.NullMarked;
