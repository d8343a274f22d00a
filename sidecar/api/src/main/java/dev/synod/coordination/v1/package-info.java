/**
 * Purpose: what applications and sidecars say to each other, published: messages and stubs.
 * In: nothing but the protos in {@code src/main/protobuf}; all else here is generated from them.
 * Out: stubs for the client and for whoever writes one of his own; bases of the services for the sidecar.
 * May touch: protobuf and gRPC. Nothing here decides anything.
 * Compatible from release to release: fields are added, never renumbered.
 */
@NullMarked
package dev.synod.coordination.v1;

import org.jspecify.annotations.NullMarked;
