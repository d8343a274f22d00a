/**
 * Probes and metrics over HTTP, for kubelets and Prometheus; read-only and without secrets.
 *
 * <p>In: GET requests. Out: how the process is, in few words. May touch: Netty's HTTP, Micrometer, {@code
 * loop}'s status; answers on the event loop, so that an answer shows that the loop turns.
 */
@NullMarked
package dev.synod.node.probe;

import org.jspecify.annotations.NullMarked;
