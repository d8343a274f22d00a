/**
 * Links between members that can be cut and healed, for tests of Synod itself too.
 *
 * <p>In: connections of members, on loopback. Out: the same bytes, or none while a link is cut. It knows
 * nothing of what it passes on, and may touch {@code java.base} alone.
 */
@NullMarked
package dev.synod.testkit.link;

import org.jspecify.annotations.NullMarked;
