package dev.synod.node;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Holds the threads of a node still, as SIGSTOP does with a process: while it lasts, nothing is read, sent or
 * written and no timer runs, yet the clock goes on; what arrives waits in the kernel.
 */
public final class Standstill {
    private final CountDownLatch moving;
    private final CountDownLatch over = new CountDownLatch(1);

    /** Of so many threads, each of which is to {@link #stand}. */
    Standstill(int threads) {
        moving = new CountDownLatch(threads);
    }

    /** Returns when it is over. An interrupt, which only ends a thread here, ends it for that one. */
    void stand() {
        moving.countDown();
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether all stand, within that time. */
    boolean reached(Duration within) throws InterruptedException {
        return moving.await(within.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Lets them go on. On any thread; again, it does nothing. */
    public void end() {
        over.countDown();
    }
}
