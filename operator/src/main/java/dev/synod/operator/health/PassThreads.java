package dev.synod.operator.health;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The threads of passes, each with the writing of its status. Sees one that does not end: a call of the
 * client has no time-out once its answer has begun, and none that waits for a dead connection ever returns
 * (fabric8io/kubernetes-client#6909, #7299). Its cluster would have no operator until the next start.
 */
public final class PassThreads extends ThreadPoolExecutor {
    /** A call that is not answered fails after two minutes of trying again, and a pass makes several. */
    static final Duration PATIENCE = Duration.ofMinutes(15);

    private final LongSupplier nanoTime;
    private final Map<Thread, Long> began = new ConcurrentHashMap<>();

    /** As many passes at once. */
    public PassThreads(int threads) {
        this(threads, System::nanoTime);
    }

    PassThreads(int threads, LongSupplier nanoTime) {
        super(threads, threads, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name("synod-pass-", 0).daemon().factory());
        this.nanoTime = nanoTime;
        allowCoreThreadTimeOut(true);
    }

    @Override
    protected void beforeExecute(Thread thread, Runnable pass) {
        began.put(thread, nanoTime.getAsLong());
    }

    @Override
    protected void afterExecute(Runnable pass, Throwable thrown) {
        began.remove(Thread.currentThread());
    }

    /** What is wrong; empty when nothing is. */
    public String problem() {
        long now = nanoTime.getAsLong();
        Duration longest = Duration
                .ofNanos(began.values().stream().mapToLong(began -> now - began).max().orElse(0));
        return longest.compareTo(PATIENCE) <= 0
                ? ""
                : "a pass has not ended for " + longest.toSeconds() + " s: a call waits for ever";
    }
}
