package dev.synod.client;

import io.grpc.MethodDescriptor;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A watch that shows a whole state at each change, made of a first one and what happened since. */
final class StateWatch<Q, R, V> implements Watch {
    private final Client client;
    private final BiFunction<@Nullable V, R, V> fold;
    private final Consumer<V> listener;
    private final Callbacks.Queue queue;
    private final ResumingStream<Q, R> stream;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private @Nullable V shown; // on the loop

    StateWatch(
            Client client, MethodDescriptor<Q, R> method, Q request,
            BiFunction<@Nullable V, R, V> fold, Consumer<V> listener) {
        this.client = client;
        this.fold = fold;
        this.listener = listener;
        queue = client.callbacks().newQueue();
        stream = new ResumingStream<>(client, method, true, open -> open.accept(request), new Events());
    }

    StateWatch<Q, R, V> opened() {
        client.link().track(ended);
        stream.open();
        return this;
    }

    @Override
    public void close() {
        stream.close();
        ended.complete(null);
    }

    @Override
    public CompletableFuture<Void> ended() {
        return client.handedOut(ended);
    }

    private final class Events implements ResumingStream.Handler<R> {
        @Override
        public void heard(R message, Runnable more) {
            V now = fold.apply(shown, message);
            if (now.equals(shown)) {
                more.run();
                return;
            }
            shown = now;
            queue.add(() -> {
                if (!ended.isDone()) {
                    listener.accept(now);
                }
                more.run();
            });
        }

        @Override
        public void broken(CoordinationException failure) {
            // the next stream begins with the whole state
        }

        @Override
        public void refused(CoordinationException failure) {
            ended.completeExceptionally(failure);
        }
    }
}
