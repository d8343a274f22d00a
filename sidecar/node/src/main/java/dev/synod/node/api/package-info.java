/**
 * The native API: {@code synod.coordination.v1} over {@link dev.synod.node.Coordinator}.
 *
 * <p>In: gRPC calls of applications, and what the member tells. Out: replies, streams, statuses with a
 * reason. May touch: grpc, the stubs, {@code Coordinator}; runs on the event loop alone and never blocks.
 */
@NullMarked
package dev.synod.node.api;

import org.jspecify.annotations.NullMarked;
