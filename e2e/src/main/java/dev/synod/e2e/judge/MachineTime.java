package dev.synod.e2e.judge;

import dev.synod.e2e.workload.Line;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One time for all runs. Runs under one kernel share its monotonic clock, and their times are exact. Runs
 * on several machines go by the machines' clocks, which are trusted to {@link #MARGIN_MILLIS} of each
 * other, as time servers keep them: then whatever is judged by time is judged with that margin, so that
 * nothing right is called wrong. Revisions and tokens are judged without time in any case.
 */
final class MachineTime {
    /** How far clocks of machines may be from each other. */
    static final long MARGIN_MILLIS = 500;

    private final boolean oneMachine;

    private MachineTime(boolean oneMachine) {
        this.oneMachine = oneMachine;
    }

    /** @param boot of the machine that judges */
    static MachineTime of(List<Run> runs, String boot) {
        return new MachineTime(runs.stream().allMatch(run -> run.boot().equals(boot)));
    }

    boolean isExact() {
        return oneMachine;
    }

    /** How far from the truth a time may be, in nanoseconds. */
    long marginNanos() {
        return oneMachine ? 0 : TimeUnit.MILLISECONDS.toNanos(MARGIN_MILLIS);
    }

    /** When a moment was, that the line's process told by its own clock. */
    long at(Line line, long nanos) {
        return oneMachine
                ? nanos
                : TimeUnit.MILLISECONDS.toNanos(line.wallMillis()) + (nanos - line.nanos());
    }

    long at(Line line) {
        return at(line, line.nanos());
    }

    /** The line was made then or later. */
    long notAfter(Line line) {
        return at(line) - marginNanos();
    }

    /** The line was made then or earlier. */
    long notBefore(Line line) {
        return at(line) + marginNanos();
    }

    /** A moment of the process that judges. */
    long at(Moment moment) {
        return oneMachine ? moment.nanos() : TimeUnit.MILLISECONDS.toNanos(moment.wallMillis());
    }
}
