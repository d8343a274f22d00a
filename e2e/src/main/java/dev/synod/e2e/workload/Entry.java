package dev.synod.e2e.workload;

/** What a line of a history tells. Operations are counted within a run; values are "run.operation". */
public sealed interface Entry {
    /** What is asked for. */
    enum Kind {
        /** Sets a value. */
        PUT,
        /** Sets a value that nobody changed since it was read. */
        SWAP,
        /** Sets a value in the store that a lock or an election guards, while the claim is held. */
        GUARDED,
        /** Reads a value, linearizably. */
        READ,
        /** Asks for a lock. */
        ACQUIRE,
        /** Stands in an election. */
        STAND
    }

    /** What came of it. */
    enum Outcome {
        /** Done, with an answer. */
        OK,
        /** Had no effect. */
        FAILED,
        /** It may have had its effect, or still may. */
        UNKNOWN
    }

    /**
     * The process began.
     *
     * @param boot this start of the machine's kernel: processes of one boot share one clock
     */
    record Begin(String boot) implements Entry {}

    /**
     * Something is asked for.
     *
     * @param name key, lock or election
     * @param value that is set
     * @param expected revision that a swap expects; of a guarded write, that of the value it found
     * @param token of the claim that guards it
     */
    record Call(long operation, Kind kind, String name, String value, long expected, long token)
            implements Entry {}

    /**
     * It was answered.
     *
     * @param done false when a swap found another revision, or a lock was not to be had in time
     * @param revision of a change, its own; of a read, that of the last change, 0 when there is nothing
     * @param value that was read
     * @param token that was granted
     * @param error in words; empty when there is none
     */
    record Return(long operation, Outcome outcome, boolean done, long revision, String value, long token,
            String error) implements Entry {}

    /**
     * A claim as its holder believes in it.
     *
     * @param operation that asked for it
     * @param name the lock or election
     * @param fromNanos when it was told that it holds it
     * @param untilNanos the last moment at which it was asked whether it holds it, and did
     * @param over nothing more will be told of this grant
     */
    record Held(long operation, String name, long token, long fromNanos, long untilNanos, boolean over)
            implements Entry {}

    /** Who leads, as an observer was told. */
    record LedBy(String election, String leader, long session, long token) implements Entry {}

    /** How a session stands. */
    record Session(long session, String state) implements Entry {}

    /** The process ended in order: no line is missing. */
    record End() implements Entry {}
}
