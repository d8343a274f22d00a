/**
 * What Kubernetes is to hold for a cluster, object by object.
 *
 * <p>In: a {@code CoordinationCluster}, what was decided when it began, the operator's own settings. Out:
 * Kubernetes'
 * objects, the same for the same input. May touch: fabric8's types; no API, no clock, no randomness. Fields
 * that the
 * API server would fill in are written out, so that an object which is as it is to be compares equal.
 */
@NullMarked
package dev.synod.operator.model;

import org.jspecify.annotations.NullMarked;
