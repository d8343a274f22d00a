/**
 * An application as people write them, in a container beside a sidecar: it takes locks, leads, reads and
 * writes.
 *
 * <p>In: SYNOD_ENDPOINT and the rest of the client's environment, and how busy to be. Out: its history on the
 * standard output, a line of JSON each, and {@link dev.synod.e2e.workload.Line} to read it back. May
 * touch: the client.
 */
@NullMarked
package dev.synod.e2e.workload;

import org.jspecify.annotations.NullMarked;
