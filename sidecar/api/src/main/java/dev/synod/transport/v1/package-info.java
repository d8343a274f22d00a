/**
 * Purpose: the stream between two members, internal: messages and stubs.
 * In: nothing but the proto in {@code src/main/protobuf}; all else here is generated from it.
 * Out: stubs for the sidecar's transport; frames within are opaque here.
 * May touch: protobuf and gRPC. Nothing here decides anything.
 * Not published: members of neighbouring releases agree by the protocol number in the first message.
 */
@NullMarked
package dev.synod.transport.v1;

import org.jspecify.annotations.NullMarked;
