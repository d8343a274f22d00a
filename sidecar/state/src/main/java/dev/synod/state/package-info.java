/**
 * The replicated state machine: sessions, locks, elections and values.
 *
 * <p>In: the bytes of a {@link dev.synod.state.Command}, at the index of the log where it was decided. Out:
 * {@link dev.synod.state.Applied} (a reply, the events of the command, the revision), answers to reads, a
 * digest, and snapshots. Equal commands at equal indexes give equal replies, events, digests and snapshots on
 * every member.
 *
 * <p>It may touch values of {@code java.base} only, and of {@code dev.synod.paxos} nothing but bytes and
 * their reader and writer: no clock, thread, disk, network, logger, or randomness. Time comes in as commands
 * ({@link dev.synod.state.Command.ExpireSession}).
 */
@NullMarked
package dev.synod.state;

import org.jspecify.annotations.NullMarked;
