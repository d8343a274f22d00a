package dev.synod.simulation.port;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of a run.
 *
 * @param seed its seed
 * @param knobs its knobs
 * @param faults those that struck, in order: handed to another run, they take the place of drawing
 * @param failure what broke, or null
 * @param unrecoverable the faults left no core that could go on, as the atlas allows; liveness was not
 *     demanded
 * @param steps events that happened
 * @param simulatedNanos true time that passed
 * @param traceHash equal for equal runs
 * @param counters what was exercised
 * @param history what the clients saw
 */
public record RunResult(
        long seed,
        Knobs knobs,
        List<Fault> faults,
        @Nullable Failure failure,
        boolean unrecoverable,
        long steps,
        long simulatedNanos,
        long traceHash,
        Counters counters,
        History history) {

    /** Names in {@link Counters.Group#TOTAL}. */
    public static final String EVENTS = "events";

    /** Frames handed to the network. */
    public static final String MESSAGES = "messages";

    /** Operations of clients that ended, whichever way; those of {@link FaultKind#OVERLOAD} left out. */
    public static final String OPERATIONS = "client operations";

    /** Times that a process became leader. */
    public static final String LEADER_CHANGES = "leader changes";

    /** Highest index known decided by any process. */
    public static final String DECIDED = "entries decided";

    /** Faults that struck. */
    public static final String FAULTS = "faults";

    /**
     * What broke.
     *
     * @param invariant short name by which failures are told apart
     * @param message with values
     * @param step the event after which it showed
     * @param timeNanos true time
     */
    public record Failure(String invariant, String message, long step, long timeNanos) {}

    /** Whether nothing broke. */
    public boolean passed() {
        return failure == null;
    }
}
