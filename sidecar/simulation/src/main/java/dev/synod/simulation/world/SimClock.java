package dev.synod.simulation.world;

/**
 * A machine's monotonic clock: it runs a little fast or slow, and may jump ahead as a paused virtual
 * machine's does. It never goes back.
 */
final class SimClock {
    private static final long PER_MILLION = 1_000_000;

    /** From here on, {@code local = anchorLocal + (true - anchorTrue) * (1 + rate)}. */
    private long anchorTrueNanos;

    private long anchorLocalNanos;
    private long ratePerMillion;

    /**
     * @param localNanos what it shows at true time 0
     * @param ratePerMillion how much faster than true time it runs; negative for slower
     */
    SimClock(long localNanos, long ratePerMillion) {
        this.anchorLocalNanos = localNanos;
        this.ratePerMillion = ratePerMillion;
    }

    /** What it shows at true time {@code trueNanos}, which never decreases from call to call. */
    long localNanos(long trueNanos) {
        long passed = trueNanos - anchorTrueNanos;
        return anchorLocalNanos + passed + scaled(passed);
    }

    private long scaled(long passed) {
        // Whole millions apart from the rest, so that hours at a high rate do not overflow.
        return passed / PER_MILLION * ratePerMillion + passed % PER_MILLION * ratePerMillion / PER_MILLION;
    }

    /**
     * The earliest true time at which it shows at least {@code localNanos}, as it now runs; never before
     * {@code trueNanos}.
     */
    long trueNanosOf(long localNanos, long trueNanos) {
        long wanted = localNanos - localNanos(trueNanos);
        if (wanted <= 0) {
            return trueNanos;
        }
        if (wanted > Long.MAX_VALUE / 4) {
            return Long.MAX_VALUE;
        }
        long perMillion = PER_MILLION + ratePerMillion;
        long guess = trueNanos + wanted / perMillion * PER_MILLION
                + wanted % perMillion * PER_MILLION / perMillion;
        while (localNanos(guess) < localNanos) {
            guess++;
        }
        return guess;
    }

    /** Changes the rate from true time {@code trueNanos} on. */
    void run(long perMillion, long trueNanos) {
        anchorLocalNanos = localNanos(trueNanos);
        anchorTrueNanos = trueNanos;
        ratePerMillion = perMillion;
    }

    /** Jumps ahead at true time {@code trueNanos}. */
    void jump(long byNanos, long trueNanos) {
        anchorLocalNanos = localNanos(trueNanos) + byNanos;
        anchorTrueNanos = trueNanos;
    }

    /** How much faster than true time it runs. */
    long ratePerMillion() {
        return ratePerMillion;
    }
}
