package dev.synod.client;

import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Threads on which the application's code is called back; it may block them. */
final class Callbacks implements Executor, AutoCloseable {
    private final AtomicLong threads = new AtomicLong();
    private final AtomicInteger pending = new AtomicInteger();
    private final ConcurrentLinkedQueue<CompletableFuture<Void>> waitingForIdle =
            new ConcurrentLinkedQueue<>();
    private final ThreadLocal<Boolean> inside = ThreadLocal.withInitial(() -> false);
    private final ExecutorService executor = Executors.newCachedThreadPool(task -> {
        Thread created = new Thread(task, "synod-callback-" + threads.incrementAndGet());
        created.setDaemon(true);
        return created;
    });

    @Override
    public void execute(Runnable task) {
        try {
            executor.execute(() -> runReporting(task));
        } catch (RejectedExecutionException closed) {
            // The client is closed, but whoever was promised a callback still gets it.
            runReporting(task);
        }
    }

    /** Whether the caller is being called back: it must not wait for callbacks. */
    boolean isInside() {
        return inside.get();
    }

    /** Completed once no callback is under way or asked for. */
    CompletableFuture<Void> idle() {
        CompletableFuture<Void> idle = new CompletableFuture<>();
        waitingForIdle.add(idle);
        if (pending.get() == 0) {
            idle.complete(null);
        }
        return idle;
    }

    /** A queue of its own for one listener. */
    Queue newQueue() {
        return new Queue();
    }

    /** Callbacks that were asked for before still come. */
    @Override
    public void close() {
        executor.shutdown();
    }

    /** An exception of the application's code is the application's: its handler of uncaught ones gets it. */
    static void report(Throwable defect) {
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, defect);
    }

    private static void runReporting(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error defect) {
            report(defect);
        }
    }

    /** Calls back one at a time, in the order asked for. */
    final class Queue {
        private final ReentrantLock lock = new ReentrantLock();
        private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
        private boolean running;
        private volatile @Nullable Thread thread;

        void add(Runnable task) {
            pending.incrementAndGet();
            lock.lock();
            try {
                tasks.add(task);
                if (running) {
                    return;
                }
                running = true;
            } finally {
                lock.unlock();
            }
            execute(this::drain);
        }

        /** Whether the caller is being called back from this queue: it must not wait for it. */
        boolean isCurrent() {
            return thread == Thread.currentThread();
        }

        private void drain() {
            thread = Thread.currentThread();
            for (Runnable task = next(); task != null; task = next()) {
                inside.set(true);
                runReporting(task);
                inside.set(false);
                returned();
            }
        }

        private void returned() {
            if (pending.decrementAndGet() == 0) {
                waitingForIdle.forEach(idle -> idle.complete(null));
                waitingForIdle.clear();
            }
        }

        private @Nullable Runnable next() {
            lock.lock();
            try {
                Runnable task = tasks.poll();
                if (task == null) {
                    running = false;
                    thread = null;
                }
                return task;
            } finally {
                lock.unlock();
            }
        }
    }
}
