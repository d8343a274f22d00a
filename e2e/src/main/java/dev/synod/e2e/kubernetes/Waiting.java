package dev.synod.e2e.kubernetes;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** Waits for what comes in its own time, and shows that it does. */
public final class Waiting {
    /** As exact as its figures are. More often would be load on the API server that is looked at. */
    private static final long LOOK_MILLIS = 500;
    private static final long TELL_NANOS = Duration.ofSeconds(10).toNanos();

    private Waiting() {}

    /**
     * Waits for a condition; what it throws meanwhile (an API server that is away) counts as not yet.
     *
     * @param seen tells how far it is, for progress and for the failure
     * @return how long it took
     */
    public static Duration until(String what, Duration patience, Callable<Boolean> condition,
            Supplier<String> seen) {
        long began = System.nanoTime();
        long told = began;
        Exception last = null;
        while (true) {
            try {
                if (condition.call()) {
                    return Duration.ofNanos(System.nanoTime() - began);
                }
                last = null;
            } catch (Exception passing) {
                last = passing;
            }
            long now = System.nanoTime();
            if (now - began > patience.toNanos()) {
                throw new AssertionError(what + " did not come in " + patience.toSeconds() + " s; seen last: "
                        + described(seen), last);
            }
            if (now - told > TELL_NANOS) {
                told = now;
                long left = (patience.toNanos() - (now - began)) / 1_000_000_000;
                Progress.say("    waiting for " + what + " (" + left + " s left): " + described(seen));
            }
            pause();
        }
    }

    private static String described(Supplier<String> seen) {
        try {
            return seen.get();
        } catch (RuntimeException e) {
            return "nothing, for " + e;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_MILLIS);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting", ended);
        }
    }
}
