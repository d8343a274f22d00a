/**
 * The world that members live in, and all that can go wrong there: one thread, one queue of events in virtual
 * time.
 *
 * <p>In: a seed, the {@link dev.synod.simulation.port.Subject} under test, and, to repeat or cut down a run,
 * its {@link dev.synod.simulation.port.Knobs} and {@link dev.synod.simulation.port.Fault}s. Out: a
 * {@link dev.synod.simulation.port.RunResult}. {@link dev.synod.simulation.world.SimulationRun} is the door.
 *
 * <p>It may touch the ports, the simulated disk, and the few values of the protocol that an operator handles;
 * it knows nothing of what the programs on its machines do.
 */
@NullMarked
package dev.synod.simulation.world;

import org.jspecify.annotations.NullMarked;
