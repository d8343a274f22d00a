package dev.synod.node.api;

import com.google.protobuf.MessageLite;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayDeque;

/**
 * What a stream has still to be sent. It takes what comes as fast as it comes, sends it as fast as its reader
 * reads, and ends the stream of a reader that falls too far behind.
 */
public final class Feed<T extends MessageLite> {
    /**
     * How far a reader may fall behind.
     *
     * @param eventsMax that wait
     * @param bytesMax of the messages that wait; one message alone may be larger
     */
    public record Bounds(int eventsMax, int bytesMax) {
        /** As the settings say. */
        public static Bounds of(ApiSettings settings) {
            return new Bounds(settings.backlogEventsMax(), settings.backlogBytesMax());
        }
    }

    private record Waiting<T>(T message, int events, int bytes, long revision) {}

    private final ServerCallStreamObserver<T> out;
    private final Bounds bounds;
    private final Runnable atEnd;
    private final ArrayDeque<Waiting<T>> waiting = new ArrayDeque<>();
    private int eventsWaiting;
    private int bytesWaiting;
    private long revisionSent;
    private boolean complete;
    private boolean over;

    /** To be made before the call's handler returns. {@code atEnd} runs once, however the stream ends. */
    public Feed(ServerCallStreamObserver<T> out, Bounds bounds, Runnable atEnd) {
        this.out = out;
        this.bounds = bounds;
        this.atEnd = atEnd;
        out.setOnReadyHandler(this::send);
        out.setOnCancelHandler(this::end);
    }

    /**
     * Sends a message, now or later.
     *
     * @param events that it counts for
     * @param revision up to which its reader knows everything with it
     */
    public void add(T message, int events, long revision) {
        if (over || complete) {
            return;
        }
        if (waiting.isEmpty() && out.isReady()) {
            revisionSent = revision;
            out.onNext(message);
            return;
        }
        int bytes = message.getSerializedSize();
        if (!waiting.isEmpty()
                && (eventsWaiting + events > bounds.eventsMax || bytesWaiting + bytes > bounds.bytesMax)) {
            fail(Errors.slowConsumer(bounds.eventsMax, bounds.bytesMax, revisionSent));
            return;
        }
        waiting.add(new Waiting<>(message, events, bytes, revision));
        eventsWaiting += events;
        bytesWaiting += bytes;
    }

    /** Sends a message that says nothing new, unless the reader is behind. */
    void addIfIdle(T message, long revision) {
        if (waiting.isEmpty() && out.isReady()) {
            add(message, 0, revision);
        }
    }

    /** Ends the stream well once everything was sent. */
    public void complete() {
        complete = true;
        send();
    }

    /** Ends the stream with a status, now: what waits is for whoever takes it up again. */
    public void fail(StatusRuntimeException status) {
        if (!over) {
            if (!out.isCancelled()) {
                out.onError(status);
            }
            end();
        }
    }

    private void send() {
        while (!over && !waiting.isEmpty() && out.isReady()) {
            Waiting<T> next = waiting.remove();
            eventsWaiting -= next.events;
            bytesWaiting -= next.bytes;
            revisionSent = next.revision;
            out.onNext(next.message);
        }
        if (!over && complete && waiting.isEmpty()) {
            out.onCompleted();
            end();
        }
    }

    private void end() {
        if (!over) {
            over = true;
            waiting.clear();
            atEnd.run();
        }
    }
}
