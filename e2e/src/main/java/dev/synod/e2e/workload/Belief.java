package dev.synod.e2e.workload;

import java.util.function.BooleanSupplier;

/** A claim that was granted, and until when its holder is known to have believed in it. For one thread. */
final class Belief {
    private static final long REPORT_NANOS = 500_000_000;

    private final Journal journal;
    private final long operation;
    private final String name;
    private final long token;
    private final BooleanSupplier isHeld;
    private final long fromNanos;
    private long untilNanos;
    private long reportedNanos;

    Belief(Journal journal, long operation, String name, long token, BooleanSupplier isHeld) {
        this.journal = journal;
        this.operation = operation;
        this.name = name;
        this.token = token;
        this.isHeld = isHeld;
        fromNanos = System.nanoTime();
        untilNanos = fromNanos;
        report(false);
    }

    /** Asks whether it is held still, by the clock of this process. */
    boolean look() {
        long now = System.nanoTime(); // before the question: it is held at least until then
        if (!isHeld.getAsBoolean()) {
            return false;
        }
        untilNanos = now;
        if (now - reportedNanos > REPORT_NANOS) {
            report(false);
        }
        return true;
    }

    /** The holder lets go now, or has lost it. */
    void end() {
        look();
        report(true);
    }

    private void report(boolean over) {
        reportedNanos = untilNanos;
        journal.write(new Entry.Held(operation, name, token, fromNanos, untilNanos, over));
    }
}
