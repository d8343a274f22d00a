package dev.synod.paxos;

import java.util.function.Supplier;

/** What a {@link ScriptedGroup} did, one line an event: time in milliseconds, who, what. */
final class Trace {
    /** How much is written down. */
    enum Level {
        /** Every message, batch and decision. */
        ALL,
        /** Who leads, what fails, which epoch. */
        ROLES,
        /** Nothing. */
        NONE
    }

    private static final long MILLISECOND_NANOS = 1_000_000;

    private final StringBuilder text = new StringBuilder();
    private Level level = Level.ALL;

    void level(Level wanted) {
        level = wanted;
    }

    /** A line that only a whole trace holds. */
    void detail(long nowNanos, String who, Supplier<String> what) {
        if (level == Level.ALL) {
            line(nowNanos, who, what.get());
        }
    }

    /** A line of every trace. */
    void event(long nowNanos, String who, Supplier<String> what) {
        if (level != Level.NONE) {
            line(nowNanos, who, what.get());
        }
    }

    private void line(long nowNanos, String who, String what) {
        text.append(String.format("%6d  %-5s %s\n", nowNanos / MILLISECOND_NANOS, who, what));
    }

    /** A line without time or place. */
    void say(String line) {
        text.append(line.stripTrailing()).append('\n');
    }

    /** What was written since the last call. */
    String take() {
        String taken = text.toString();
        text.setLength(0);
        return taken;
    }
}
