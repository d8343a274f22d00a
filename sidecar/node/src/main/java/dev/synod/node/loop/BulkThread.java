package dev.synod.node.loop;

import dev.synod.node.ExitCode;
import dev.synod.node.Halt;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * One thread for what takes long and can wait: states encoded and decoded, metrics put into text, files of
 * certificates looked at. An exception of its work ends the process.
 */
public final class BulkThread implements Executor, AutoCloseable {
    private final ScheduledThreadPoolExecutor executor;
    private final Halt halt;

    /** A thread of its own; it starts with the first work. */
    public BulkThread(String name, Halt halt) {
        this.halt = halt;
        this.executor = new ScheduledThreadPoolExecutor(1,
                Thread.ofPlatform().name(name + "-bulk").daemon(true).priority(Thread.MIN_PRIORITY)
                        .factory());
        executor.setRemoveOnCancelPolicy(true);
    }

    /** Does the work after all that was given before; not at all once this is closed. */
    @Override
    public void execute(Runnable work) {
        try {
            executor.execute(guarded(work));
        } catch (RejectedExecutionException e) {
            // Closed: nobody waits for it any more.
        }
    }

    /** Does the work again and again, the first time after one period, until this is closed. */
    public void every(Duration period, Runnable work) {
        executor.scheduleWithFixedDelay(
                guarded(work), period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
    }

    private Runnable guarded(Runnable work) {
        return () -> {
            try {
                work.run();
            } catch (Throwable e) {
                halt.halt(ExitCode.SOFTWARE, "the bulk thread broke: " + e, e);
            }
        };
    }

    /** Drops what waits; what is under way ends by itself. */
    @Override
    public void close() {
        executor.shutdownNow();
    }
}
