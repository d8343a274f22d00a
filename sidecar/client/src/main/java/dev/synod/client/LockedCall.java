package dev.synod.client;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Runs a task on a thread of its own, which is interrupted when its lock is lost. */
final class LockedCall {
    private LockedCall() {}

    static <R, X extends Exception> R run(LockHandle handle, LockTask<R, X> task)
            throws X, InterruptedException {
        CompletableFuture<Outcome<R>> ended = new CompletableFuture<>();
        Thread thread = started(() -> ended.complete(outcome(handle, task)));
        handle.onLost(loss -> thread.interrupt());
        Outcome<R> outcome;
        try {
            outcome = ended.get();
        } catch (InterruptedException interrupted) {
            // The lock must not be given back while the task still runs.
            thread.interrupt();
            ended.join();
            throw interrupted;
        } catch (ExecutionException never) {
            throw new IllegalStateException(never);
        }
        if (outcome.lost != null) {
            if (outcome.failure != null) {
                outcome.lost.addSuppressed(outcome.failure);
            }
            throw outcome.lost;
        }
        if (outcome.failure != null) {
            LockedCall.<X>rethrow(outcome.failure);
        }
        return result(outcome);
    }

    @SuppressWarnings("NullAway") // null only where the task itself returned null
    private static <R> R result(Outcome<R> outcome) {
        return outcome.result;
    }

    private record Outcome<R>(
            @Nullable R result, @Nullable Throwable failure, @Nullable LockLostException lost) {}

    private static <R, X extends Exception> Outcome<R> outcome(LockHandle handle, LockTask<R, X> task) {
        R result = null;
        Throwable failure = null;
        try {
            result = task.run(handle);
        } catch (Throwable thrown) { // it is thrown again, on the thread that waits
            failure = thrown;
        }
        try {
            handle.ensureHeld();
            return new Outcome<>(result, failure, null);
        } catch (LockLostException lost) {
            return new Outcome<>(result, failure, lost);
        }
    }

    /** The task can throw X and what is unchecked, and nothing else. */
    @SuppressWarnings("unchecked")
    private static <X extends Exception> void rethrow(Throwable failure) throws X {
        if (failure instanceof Error error) {
            throw error;
        }
        throw (X) failure;
    }

    /** A virtual thread where there are any; this code is compiled for Java 17. */
    private static Thread started(Runnable task) {
        try {
            return (Thread) Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, task);
        } catch (NoSuchMethodException older) {
            Thread thread = new Thread(task, "synod-locked");
            thread.setDaemon(true);
            thread.start();
            return thread;
        } catch (IllegalAccessException | InvocationTargetException impossible) {
            throw new IllegalStateException("Thread.startVirtualThread is there and cannot be called",
                    impossible);
        }
    }
}
