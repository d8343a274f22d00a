/**
 * Cuts a failed run down to what the failure needs.
 *
 * <p>In: a failed run and a way to run it again with other knobs and faults. Out: the smallest run found that
 * still breaks the same invariant. It knows nothing of what runs; the clock that bounds it comes from the
 * caller.
 */
@NullMarked
package dev.synod.simulation.shrink;

import org.jspecify.annotations.NullMarked;
