package dev.synod.e2e.workload;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Whether the workload is to end. Thread-safe. */
final class Stopping {
    private final CountDownLatch asked = new CountDownLatch(1);

    void ask() {
        asked.countDown();
    }

    boolean isAsked() {
        return asked.getCount() == 0;
    }

    /** Waits that long, or until the end is asked for. */
    void pauseMillis(long millis) throws InterruptedException {
        boolean _ = asked.await(millis, TimeUnit.MILLISECONDS);
    }
}
