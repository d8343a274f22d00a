/**
 * Links between members: frames over gRPC streams, one connection for consensus and one for snapshots.
 *
 * <p>In: frames to send, the configuration's addresses. Out: frames that arrived, links that closed. Frames may
 * be lost, never changed; they are opaque here. May touch: grpc, the transport's stubs; runs on the event loop
 * alone and never blocks.
 */
@NullMarked
package dev.synod.node.transport;

import org.jspecify.annotations.NullMarked;
