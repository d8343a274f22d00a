package dev.synod.client;

import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The one thread on which the client's state changes, with a timer. What is handed to it after {@link #close}
 * is dropped.
 */
final class Loop implements Executor, AutoCloseable {
    private final ScheduledThreadPoolExecutor executor;

    Loop() {
        executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread created = new Thread(task, "synod-client");
            created.setDaemon(true);
            return created;
        }, new ThreadPoolExecutor.DiscardPolicy());
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public void execute(Runnable task) {
        executor.execute(guarded(task));
    }

    /** Runs {@code task} after {@code delayNanos}, unless the future is cancelled before. */
    Future<?> schedule(Runnable task, long delayNanos) {
        return executor.schedule(guarded(task), delayNanos, TimeUnit.NANOSECONDS);
    }

    /** As {@link #schedule}, of what is never called off. */
    void later(Runnable task, long delayNanos) {
        Future<?> unused = schedule(task, delayNanos);
    }

    /** Drops what is scheduled, carries out what was handed over before, and ends the thread. */
    @Override
    public void close() {
        executor.shutdown();
    }

    /** A scheduled executor would keep an exception to itself. */
    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | Error defect) {
                Callbacks.report(defect);
            }
        };
    }
}
