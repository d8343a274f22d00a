/**
 * The client of Synod for Java 17 and later: sessions, locks, elections and small values, through the sidecar
 * on localhost.
 *
 * <p>In: calls of an application, on any thread, and what its sidecar says. Out: handles that know when what
 * they stand for is no longer guaranteed, callbacks on threads of their own, and typed exceptions. State that
 * more than one event can change is touched on one thread ({@link dev.synod.client.Loop}) and nowhere else;
 * no user code runs there, and nothing blocks there.
 *
 * <p>It may touch {@code dev.synod.coordination.v1} (its messages and stubs) and gRPC's API; the transport is
 * found at run time.
 */
@NullMarked
package dev.synod.client;

import org.jspecify.annotations.NullMarked;
