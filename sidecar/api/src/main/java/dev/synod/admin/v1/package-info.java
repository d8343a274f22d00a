/**
 * Purpose: what operators and {@code synodctl} say to a member, published: messages and stubs.
 * In: nothing but the protos in {@code src/main/protobuf}; all else here is generated from them.
 * Out: stubs for the operator and the command line; the base of the service for the sidecar.
 * May touch: protobuf and gRPC. Nothing here decides anything.
 * Compatible from release to release: fields are added, never renumbered.
 */
@NullMarked
package dev.synod.admin.v1;

import org.jspecify.annotations.NullMarked;
