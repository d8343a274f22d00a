/**
 * The process: moves bytes between the world and {@code member}, and decides nothing.
 *
 * <p>In: peers' frames, clients' and operators' calls, time, completed writes. Out: frames, replies, files.
 * The threads are: one event loop (the member, every socket), one that writes the log, one for bulk work.
 */
@NullMarked
package dev.synod.node;

import org.jspecify.annotations.NullMarked;
