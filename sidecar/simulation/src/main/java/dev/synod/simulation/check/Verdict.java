package dev.synod.simulation.check;

/** What a checker of histories found. Anything but {@link Accepted} fails a run. */
public sealed interface Verdict {
    /** Some order explains every answer and respects real time. {@code steps} were needed to find it. */
    record Accepted(long steps) implements Verdict {}

    /** No order does. */
    record Rejected(String why) implements Verdict {}

    /** The search was given up at its bound: reported as a failure, because nothing was shown. */
    record NotChecked(String why) implements Verdict {}
}
