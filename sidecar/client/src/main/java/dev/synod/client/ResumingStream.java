package dev.synod.client;

import dev.synod.coordination.v1.ErrorReason;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A stream from the sidecar that is taken up again when it breaks, or falls silent where it must not. The
 * next message is asked for when the one before was dealt with. Everything on the loop but {@link #open} and
 * {@link #close}.
 */
final class ResumingStream<Q, R> {
    /** A bookmark comes at least every second; more than this is a stream that only looks open. */
    static final long SILENCE_NANOS_MAX = TimeUnit.SECONDS.toNanos(5);

    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Client client;
    private final MethodDescriptor<Q, R> method;
    private final Source<Q> source;
    private final boolean hasBookmarks;
    private final Handler<R> handler;
    private final Backoff backoff = new Backoff();
    private @Nullable Connection connection;
    private @Nullable Future<?> timer;
    private boolean closed;

    /** Makes the request of each attempt, now or when it can. */
    interface Source<Q> {
        void next(Consumer<Q> open);
    }

    /** Called on the loop. */
    interface Handler<R> {
        /** A message; {@code more} asks for the next one, on any thread. */
        void heard(R message, Runnable more);

        /** The stream broke; it is tried again. */
        void broken(CoordinationException failure);

        /** Whether a refusal that would end the stream may pass after all; then it only broke. */
        default boolean outlasts(CoordinationException refusal) {
            return false;
        }

        /** The stream was refused; it is over. */
        void refused(CoordinationException failure);
    }

    ResumingStream(
            Client client, MethodDescriptor<Q, R> method, boolean hasBookmarks, Source<Q> source,
            Handler<R> handler) {
        this.client = client;
        this.method = method;
        this.source = source;
        this.hasBookmarks = hasBookmarks;
        this.handler = handler;
    }

    void open() {
        client.loop().execute(this::connect);
    }

    void close() {
        client.loop().execute(() -> {
            closed = true;
            if (timer != null) {
                timer.cancel(false);
            }
            cut("the client closed it");
        });
    }

    private void connect() {
        if (closed) {
            return;
        }
        source.next(request -> client.loop().execute(() -> {
            if (closed || connection != null) {
                return;
            }
            Connection opened = new Connection();
            connection = opened;
            ClientCalls.asyncServerStreamingCall(
                    client.link().channel().newCall(method, CallOptions.DEFAULT.withWaitForReady()), request,
                    opened);
            look();
        }));
    }

    private void look() {
        Connection current = connection;
        if (closed || current == null) {
            return;
        }
        long now = client.time().nanos();
        if (hasBookmarks && current.awaits && current.heardAny
                && now - current.awaitsSinceNanos > SILENCE_NANOS_MAX) {
            cut("it was silent for too long");
            again(new CoordinationException(Status.Code.UNAVAILABLE,
                    ErrorReason.ERROR_REASON_SIDECAR_UNAVAILABLE, "the stream was silent for too long"));
            return;
        }
        timer = client.loop().schedule(this::look, LOOK_NANOS);
    }

    private void ended(Connection from, @Nullable Throwable failure) {
        if (closed || from != connection) {
            return;
        }
        connection = null;
        CoordinationException why = failure == null
                ? new CoordinationException(Status.Code.UNAVAILABLE,
                        ErrorReason.ERROR_REASON_SIDECAR_UNAVAILABLE, "the sidecar ended the stream")
                : Failures.of(failure, String.valueOf(method.getBareMethodName()), false);
        if (isWorthAnother(why) || handler.outlasts(why)) {
            again(why);
        } else {
            closed = true;
            handler.refused(why);
        }
    }

    private void again(CoordinationException why) {
        handler.broken(why);
        if (timer != null) {
            timer.cancel(false);
        }
        timer = client.loop().schedule(this::connect, Math.max(why.retryAfterNanos(), backoff.nanos()));
    }

    /** What the sidecar gave no reason for is the transport's doing; who reads slowly reads on from there. */
    private static boolean isWorthAnother(CoordinationException why) {
        return why.isPassing() || why.reason() == ErrorReason.ERROR_REASON_REQUEST_ACKNOWLEDGED
                || why.reason() == ErrorReason.ERROR_REASON_SLOW_CONSUMER
                || why.reason() == ErrorReason.ERROR_REASON_UNSPECIFIED && switch (why.status()) {
                    case INTERNAL, UNKNOWN, CANCELLED -> true;
                    default -> false;
                };
    }

    private void cut(String why) {
        Connection old = connection;
        if (old != null) {
            connection = null;
            old.control().cancel(why, null);
        }
    }

    private final class Connection implements ClientResponseObserver<Q, R> {
        private @Nullable ClientCallStreamObserver<Q> control;
        private volatile boolean awaits = true;
        private volatile long awaitsSinceNanos = client.time().nanos();
        private boolean heardAny;

        ClientCallStreamObserver<Q> control() {
            ClientCallStreamObserver<Q> started = control;
            if (started == null) {
                throw new IllegalStateException("gRPC did not announce the call before it began");
            }
            return started;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<Q> requests) {
            control = requests;
            requests.disableAutoRequestWithInitial(1);
        }

        @Override
        public void onNext(R message) {
            awaits = false;
            client.loop().execute(() -> {
                if (closed || this != connection) {
                    return;
                }
                heardAny = true;
                backoff.reset();
                handler.heard(message, this::more);
            });
        }

        private void more() {
            awaitsSinceNanos = client.time().nanos();
            awaits = true;
            control().request(1);
        }

        @Override
        public void onError(Throwable failure) {
            client.loop().execute(() -> ended(this, failure));
        }

        @Override
        public void onCompleted() {
            client.loop().execute(() -> ended(this, null));
        }
    }
}
