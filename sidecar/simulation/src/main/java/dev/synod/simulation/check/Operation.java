package dev.synod.simulation.check;

import org.jspecify.annotations.Nullable;

/**
 * One operation of one client as the client saw it.
 *
 * @param client who asked
 * @param input what was asked
 * @param calledAt when the client asked, on any clock that orders the calls and returns of all clients. What
 *     is equal counts as overlapping
 * @param returnedAt when it had the answer, or by when it is known to have happened; {@link #NEVER} when
 *     neither is known: then it may have happened at any time after {@code calledAt}, or not at all
 * @param output the answer, or null when there was none
 */
public record Operation<I, O>(long client, I input, long calledAt, long returnedAt, @Nullable O output) {
    /** When an operation returned of which nothing is known. */
    public static final long NEVER = Long.MAX_VALUE;

    /** Checks the order of the times. */
    public Operation {
        if (returnedAt < calledAt) {
            throw new IllegalArgumentException("operation of client " + client + " returned at " + returnedAt
                    + ", before it was called at " + calledAt);
        }
        if (output != null && returnedAt == NEVER) {
            throw new IllegalArgumentException(
                    "operation of client " + client + " has an answer but no time of it");
        }
    }

    /** Whether it is known to have happened. */
    boolean happened() {
        return returnedAt != NEVER;
    }

    @Override
    public String toString() {
        return "client " + client + " [" + calledAt + ", " + (returnedAt == NEVER ? "never" : returnedAt)
                + "] " + input
                + " -> " + (output == null ? "unknown" : output);
    }
}
