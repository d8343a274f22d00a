/**
 * Adds an agent to workloads that shall use a cluster.
 *
 * <p>In: Kubernetes manifests as YAML. Out: the same with a native sidecar, and the endpoint set.
 *
 * <p>It may touch the YAML library, and no cluster.
 */
@NullMarked
package dev.synod.cli.inject;

import org.jspecify.annotations.NullMarked;
