/**
 * The cluster from a shell: how it stands, who belongs to it, a backup, waiting for it.
 *
 * <p>In: addresses of admin ports, or the sidecar's. Out: statuses, and a backup file.
 *
 * <p>It may touch the admin API, the published API's stubs, and the backup format of {@code storage}.
 */
@NullMarked
package dev.synod.cli.cluster;

import org.jspecify.annotations.NullMarked;
