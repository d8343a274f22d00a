package dev.synod.client;

import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What futures of the JDK leave out. */
final class Futures {
    private Futures() {}

    /**
     * Calls {@code action} when {@code future} is done; a defect in it is reported, and not kept in a future.
     */
    static <T> void whenDone(
            CompletableFuture<T> future, BiConsumer<@Nullable T, @Nullable Throwable> action) {
        CompletableFuture<T> unused = future.whenComplete((result, failure) -> {
            try {
                action.accept(result, failure);
            } catch (RuntimeException | Error defect) {
                Callbacks.report(defect);
            }
        });
    }
}
