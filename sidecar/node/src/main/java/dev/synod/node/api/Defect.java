package dev.synod.node.api;

import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What must not happen: nothing is swallowed, the process ends by its handler of uncaught exceptions. */
public final class Defect {
    private Defect() {}

    /** Hands {@code cause} to whom uncaught exceptions of this thread go. */
    public static void report(Throwable cause) {
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, cause);
    }

    /** Does {@code step} when {@code future} is done; that it throws is a defect, and no future hides it. */
    public static <T extends @Nullable Object> void whenDone(CompletableFuture<T> future,
            BiConsumer<? super @Nullable T, ? super @Nullable Throwable> step) {
        future.whenComplete((value, error) -> {
            try {
                step.accept(value, error);
            } catch (RuntimeException e) {
                report(e);
            }
        });
    }

    /** The same for a future that never fails. */
    public static <T extends @Nullable Object> void then(CompletableFuture<T> future, Consumer<T> step) {
        future.thenAccept(value -> {
            try {
                step.accept(value);
            } catch (RuntimeException e) {
                report(e);
            }
        });
    }
}
