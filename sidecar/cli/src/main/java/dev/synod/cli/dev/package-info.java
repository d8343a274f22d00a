/**
 * Clusters on this machine: every member a process of its own with a real volume and real connections.
 *
 * <p>In: a {@code CoordinationCluster} file. Out: processes, their logs as one, a line that tells how the
 * cluster stands, and a folder with everything that it keeps.
 *
 * <p>It may start processes, write to the cluster's folder, and talk to the members' admin ports. It stands
 * where the operator stands on Kubernetes, and follows the same rules.
 */
@NullMarked
package dev.synod.cli.dev;

import org.jspecify.annotations.NullMarked;
