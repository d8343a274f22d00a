package dev.synod.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Calls that fail at once when what they belong to ends. Any thread. */
final class OpenCalls {
    private final AtomicLong added = new AtomicLong();
    private final ConcurrentHashMap<Long, CompletableFuture<?>> open = new ConcurrentHashMap<>();
    private volatile @Nullable Supplier<? extends RuntimeException> ended;

    void add(CompletableFuture<?> call) {
        Long number = added.incrementAndGet();
        open.put(number, call);
        Futures.whenDone(call, (result, failure) -> open.remove(number));
        Supplier<? extends RuntimeException> failure = ended;
        if (failure != null) {
            call.completeExceptionally(failure.get());
        }
    }

    /** Fails all there are, and all that come. */
    void end(Supplier<? extends RuntimeException> failure) {
        ended = failure;
        for (CompletableFuture<?> call : open.values()) {
            call.completeExceptionally(failure.get());
        }
    }
}
