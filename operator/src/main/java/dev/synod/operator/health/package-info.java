/**
 * Whether this operator is of use, for the kubelet and for Prometheus.
 *
 * <p>In: the framework's own judgement of its watches, the election's callbacks, the Lease. Out: answers over
 * HTTP. May touch: the JDK's HTTP server, the Lease, the clock.
 */
@NullMarked
package dev.synod.operator.health;

import org.jspecify.annotations.NullMarked;
