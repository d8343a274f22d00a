package dev.synod.client;

import dev.synod.coordination.v1.ErrorReason;
import dev.synod.coordination.v1.ValueEvent;
import dev.synod.coordination.v1.ValueServiceGrpc;
import dev.synod.coordination.v1.WatchValuesRequest;
import dev.synod.coordination.v1.WatchValuesResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A watch of values that goes on where it was when its stream breaks: no change is missed, and none told
 * twice.
 */
final class ValueWatch implements Watch {
    private final Client client;
    private final KeyRange range;
    private final ValueListener listener;
    private final Callbacks.Queue queue;
    private final ResumingStream<WatchValuesRequest, WatchValuesResponse> stream;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    /** The first revision not told yet; 0 before the sidecar said where it begins. On the loop. */
    private long from;

    ValueWatch(Client client, KeyRange range, long from, ValueListener listener) {
        this.client = client;
        this.range = range;
        this.from = from;
        this.listener = listener;
        queue = client.callbacks().newQueue();
        stream = new ResumingStream<>(client, ValueServiceGrpc.getWatchValuesMethod(), true,
                open -> open.accept(request()), new Events());
    }

    ValueWatch opened() {
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

    private WatchValuesRequest request() {
        return WatchValuesRequest.newBuilder()
                .setNamespace(client.namespace()).setRange(range.proto()).setStartRevision(from).build();
    }

    private void tell(Runnable what, Runnable more) {
        queue.add(() -> {
            if (!ended.isDone()) {
                what.run();
            }
            more.run();
        });
    }

    private final class Events implements ResumingStream.Handler<WatchValuesResponse> {
        @Override
        public void heard(WatchValuesResponse message, Runnable more) {
            List<ValueChange> fresh = new ArrayList<>();
            for (ValueEvent event : message.getChanges().getEventsList()) {
                ValueChange change = change(event);
                if (change.revision() >= from) {
                    fresh.add(change);
                }
            }
            long revision = message.getRevision();
            // A watch that begins ahead of the present has missed nothing by what lies before it.
            from = Math.max(from, revision + 1);
            if (!fresh.isEmpty()) {
                tell(() -> listener.onChanges(List.copyOf(fresh), revision), more);
            } else if (message.hasBookmark()) {
                tell(() -> listener.onProgress(revision), more);
            } else {
                more.run();
            }
        }

        @Override
        public void broken(CoordinationException failure) {
            // the next stream begins at the first revision that was not told
        }

        @Override
        public void refused(CoordinationException failure) {
            if (failure.reason() == ErrorReason.ERROR_REASON_REVISION_COMPACTED) {
                tell(() -> {
                    listener.onCompacted(failure.current());
                    ended.completeExceptionally(failure);
                }, () -> {});
            } else {
                ended.completeExceptionally(failure);
            }
        }
    }

    private static ValueChange change(ValueEvent event) {
        if (event.hasPut()) {
            KeyValue now = KeyValue.of(event.getPut());
            return new ValueChange(now.key(), now.modRevision(), Optional.of(now));
        }
        return new ValueChange(event.getDeletion().getKey(), event.getDeletion().getRevision(),
                Optional.empty());
    }
}
