/**
 * What must hold, checked apart from the code that ought to hold it.
 *
 * <p>In: what the world reports after every event (frames that leave, batches that become durable, the
 * members' state), and at the end the history of the clients' operations with the decided log. Out: nothing,
 * or a {@link dev.synod.simulation.check.Violation} that names the invariant of {@code docs/protocol.md}.
 *
 * <p>It may read the protocol's values, never change a member; it uses no clock, thread or randomness.
 */
@NullMarked
package dev.synod.simulation.check;

import org.jspecify.annotations.NullMarked;
