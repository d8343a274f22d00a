/**
 * Carries out the steps that were decided on, and brings objects to what they are to be.
 *
 * <p>In: an action of the plan, objects as they were read in this pass. Out: calls to the API server and to
 * members; each names what it was decided on (UIDs, resource versions, epochs), so that it does nothing when
 * that has changed meanwhile. May touch: the API server, members, randomness. Decides nothing.
 */
@NullMarked
package dev.synod.operator.act;

import org.jspecify.annotations.NullMarked;
