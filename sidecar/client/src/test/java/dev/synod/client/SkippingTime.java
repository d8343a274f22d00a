package dev.synod.client;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The system's clocks, put forward: as for a process that was paused, or a machine that slept. */
final class SkippingTime implements Time {
    private final AtomicLong nanosAhead = new AtomicLong();
    private final AtomicLong wallMillisAhead = new AtomicLong();

    /** Both clocks go on while the process stands still. */
    void pauseProcess(long nanos) {
        nanosAhead.addAndGet(nanos);
        wallMillisAhead.addAndGet(TimeUnit.NANOSECONDS.toMillis(nanos));
    }

    /** The monotonic clock stands still with the machine. */
    void sleepMachine(long nanos) {
        wallMillisAhead.addAndGet(TimeUnit.NANOSECONDS.toMillis(nanos));
    }

    @Override
    public long nanos() {
        return System.nanoTime() + nanosAhead.get();
    }

    @Override
    public long wallMillis() {
        return System.currentTimeMillis() + wallMillisAhead.get();
    }
}
