/**
 * What a cluster's status says.
 *
 * <p>In: what was seen, what was decided or what failed, the status before, the time. Out: the whole status,
 * on every
 * path. May touch: the API types and the plan's; no API, no clock.
 */
@NullMarked
package dev.synod.operator.status;

import org.jspecify.annotations.NullMarked;
