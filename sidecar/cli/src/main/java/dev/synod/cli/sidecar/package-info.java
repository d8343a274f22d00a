/**
 * The connection to a sidecar: where it is, how long it may take, what its errors mean.
 *
 * <p>In: options and environment. Out: stubs with a deadline, and one line for each failure.
 *
 * <p>It may touch the published API's stubs and gRPC.
 */
@NullMarked
package dev.synod.cli.sidecar;

import org.jspecify.annotations.NullMarked;
