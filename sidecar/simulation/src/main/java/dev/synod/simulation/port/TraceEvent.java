package dev.synod.simulation.port;

import org.jspecify.annotations.Nullable;

/**
 * One thing that happened.
 *
 * @param step number of the event in the run
 * @param timeNanos true time
 * @param kind what happened
 * @param machine to which machine; -1 when to none
 * @param peer the other machine; -1 when there is none
 * @param value depends on the kind; 0 when it has none
 * @param frame bytes that travel, for {@link TraceKind#SENT}, {@code LOST} and {@code DELIVERED}; requests
 *     and replies of clients for theirs; else null. Not to be changed
 * @param detail for people; may be empty
 * @param view state of the machine's process, live: to be read before {@link TraceSink#record} returns; null
 *     when no process runs
 */
public record TraceEvent(
        long step,
        long timeNanos,
        TraceKind kind,
        int machine,
        int peer,
        long value,
        byte @Nullable [] frame,
        String detail,
        @Nullable ProgramView view) {}
