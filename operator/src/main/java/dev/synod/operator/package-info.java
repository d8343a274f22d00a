/**
 * The operator: from a {@code CoordinationCluster} to running members.
 *
 * <p>In: the cluster's object, what Kubernetes and the members say. Out: Kubernetes' objects, one step at a
 * time, and
 * the status. What decides is pure and lies in {@code model}, {@code plan} and {@code status}; nothing of it
 * touches
 * the API server, a member, a clock or randomness.
 */
@NullMarked
package dev.synod.operator;

import org.jspecify.annotations.NullMarked;
