/**
 * Multi-Paxos over one contiguous log with a log-wide ballot, as a pure state machine.
 *
 * <p>In: {@link dev.synod.paxos.Event}s (time, peer frames, completed writes, commands, reads). Out:
 * {@link dev.synod.paxos.Effects} (records to make durable, frames to send now or after a write, decided
 * entries, read grants). Commands are opaque bytes. The codec of the peer messages lives here too.
 *
 * <p>It may touch values of {@code java.base} only: no clock, thread, disk, network, logger, or randomness of
 * its own.
 */
@NullMarked
package dev.synod.paxos;

import org.jspecify.annotations.NullMarked;
