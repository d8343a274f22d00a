/**
 * The operator's own program, with an end built in: it dies with the answer to a write.
 *
 * <p>In: the operator's settings, and system properties that begin with synod.e2e. Out: a line for each write
 * that was taken, and status 137. May touch: what the operator touches. It hangs on the seams that the
 * libraries have (a service of the API server's client, gRPC's configurators); the operator knows nothing
 * of it.
 */
@NullMarked
package dev.synod.e2e.mortal;

import org.jspecify.annotations.NullMarked;
