/**
 * The stage on which scenarios play: a namespace, an operator, clusters with the workload in their pods.
 *
 * <p>In: KUBECONFIG, and system properties that begin with synod.e2e. Out: pods, histories, figures,
 * traces of what failed. May touch: the API server, its own namespace there, and processes of its own
 * pods.
 */
@NullMarked
package dev.synod.e2e.kubernetes;

import org.jspecify.annotations.NullMarked;
