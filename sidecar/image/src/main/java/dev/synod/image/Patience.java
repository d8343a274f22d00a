package dev.synod.image;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waiting for what a process does in its own time. */
final class Patience {
    /** Far above what anything here takes: a recording JVM on a machine that does other things too. */
    static final Duration LONG = Duration.ofMinutes(2);

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private Patience() {}

    /** Looks every 2 ms until something is so; fails after {@link #LONG}, naming it. */
    static void await(String what, BooleanSupplier condition) {
        long began = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - began > LONG.toNanos()) {
                throw new IllegalStateException("waited " + LONG.toSeconds() + " s in vain for " + what);
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }
}
