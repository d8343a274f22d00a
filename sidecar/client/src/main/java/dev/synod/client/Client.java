package dev.synod.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What the parts of one client share.
 *
 * @param link to the sidecar
 * @param loop where state changes
 * @param callbacks where the application is called back
 * @param time clocks
 * @param namespace of all names
 * @param callNanos how long a call that does not wait for others may take
 */
record Client(Link link, Loop loop, Callbacks callbacks, Time time, String namespace, long callNanos) {
    /**
     * The future as the application sees it: what it chains runs on a callback thread, not where the client
     * works; cancelling it cancels the client's.
     *
     * @param unclaimed told a result that came too late for a cancelled future
     */
    <T> CompletableFuture<T> handedOut(CompletableFuture<T> inner, java.util.function.Consumer<T> unclaimed) {
        CompletableFuture<T> outer = new CompletableFuture<>();
        Futures.whenDone(outer, (result, failure) -> {
            if (outer.isCancelled()) {
                inner.cancel(false);
            }
        });
        Futures.whenDone(inner, onCallbackThread((result, failure) -> {
            if (failure != null) {
                outer.completeExceptionally(bare(failure));
            } else if (!outer.complete(result)) {
                unclaimed.accept(result);
            }
        }));
        return outer;
    }

    /** {@link #handedOut(CompletableFuture, java.util.function.Consumer)} of what nobody has to give back. */
    <T> CompletableFuture<T> handedOut(CompletableFuture<T> inner) {
        return handedOut(inner, result -> {});
    }

    private <T> BiConsumer<T, @Nullable Throwable> onCallbackThread(
            BiConsumer<T, @Nullable Throwable> action) {
        return (result, failure) -> callbacks.execute(() -> action.accept(result, failure));
    }

    /** Waits; what failed is thrown as it is, with the caller's stack trace. */
    static <T> T await(CompletableFuture<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (InterruptedException interrupted) {
            future.cancel(false);
            throw interrupted;
        } catch (ExecutionException failed) {
            throw thrown(failed);
        }
    }

    /** Waits for a call that takes {@link #callNanos} at most; an interrupt gives it up and stays set. */
    static <T> T awaitBriefly(CompletableFuture<T> future, boolean changes) {
        try {
            return await(future);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CoordinationException(io.grpc.Status.Code.CANCELLED,
                    dev.synod.coordination.v1.ErrorReason.ERROR_REASON_UNSPECIFIED,
                    "the calling thread was interrupted before the sidecar answered", changes, 0, 0,
                    interrupted);
        }
    }

    /** What failed, without what futures wrap it in. */
    static Throwable bare(Throwable failure) {
        Throwable bare = failure;
        while ((bare instanceof CompletionException || bare instanceof ExecutionException)
                && bare.getCause() != null) {
            bare = bare.getCause();
        }
        return bare;
    }

    /** What failed, to be thrown on the thread that waited. */
    static RuntimeException thrown(ExecutionException failed) {
        Throwable bare = bare(failed);
        if (bare instanceof RuntimeException unchecked) {
            unchecked.addSuppressed(new AwaitedHere());
            return unchecked;
        }
        if (bare instanceof Error error) {
            throw error;
        }
        return new IllegalStateException("a call failed in a way that the client does not know", bare);
    }

    /** Shows who waited for what failed on another thread. */
    private static final class AwaitedHere extends Exception {
        private static final long serialVersionUID = 1;

        AwaitedHere() {
            super("awaited here");
        }
    }
}
