package dev.synod.client;

import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait before the next attempt: doubling from 50 ms to 1 s, each taken at random between half and
 * whole, so that many clients do not come back together.
 */
final class Backoff {
    private static final long FIRST_NANOS = 50_000_000;
    private static final long LAST_NANOS = 1_000_000_000;

    private long nextNanos = FIRST_NANOS;

    /** Before the next attempt. */
    long nanos() {
        long whole = nextNanos;
        nextNanos = Math.min(LAST_NANOS, whole * 2);
        return whole / 2 + ThreadLocalRandom.current().nextLong(whole / 2 + 1);
    }

    /** An attempt succeeded. */
    void reset() {
        nextNanos = FIRST_NANOS;
    }
}
