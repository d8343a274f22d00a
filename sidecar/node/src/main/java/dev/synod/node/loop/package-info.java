/**
 * Runs the member: one event loop that steps it, one thread that owns the volume, one for bulk work.
 *
 * <p>In: frames, calls of the services, completed writes, time. Out: frames to the transport, calls back. It
 * carries out {@code MemberEffects} in the order they ask for and decides nothing. May touch: {@code member},
 * {@code storage}, Netty's event loop.
 */
@NullMarked
package dev.synod.node.loop;

import org.jspecify.annotations.NullMarked;
