/**
 * The HTTP/JSON door on loopback, for shells, probes and languages without gRPC.
 *
 * <p>In: HTTP/1.1 requests. Out: JSON. Every request becomes a call of the native API, so that a member and
 * an agent have the same door. May touch: Netty, the native API's services; runs on the event loop.
 */
@NullMarked
package dev.synod.node.door;

import org.jspecify.annotations.NullMarked;
