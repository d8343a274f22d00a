/**
 * What the plan is told, read out of Kubernetes' objects.
 *
 * <p>In: objects as the API server gave them. Out: the plan's {@code Desired}, and its {@code Observed} but
 * for what
 * members say themselves. May touch: fabric8's types; no API. Whoever calls it fetches.
 */
@NullMarked
package dev.synod.operator.observe;

import org.jspecify.annotations.NullMarked;
