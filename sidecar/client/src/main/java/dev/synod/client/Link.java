package dev.synod.client;

import dev.synod.coordination.v1.ErrorReason;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ClientInterceptors.CheckedForwardingClientCall;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The connection to the sidecar: calls once, and no more than once. */
final class Link implements AutoCloseable {
    /**
     * As an agent takes. One message of a watch that is taken up again may hold much of what it missed: more
     * than gRPC's 4 MiB, which would refuse it each time anew, and so end the watch.
     */
    static final int MESSAGE_BYTES_MAX = 20 << 20;

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final long CLOSE_NANOS_MAX = TimeUnit.SECONDS.toNanos(1);

    private static final long RECONNECT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final ManagedChannel managed;
    private final Loop loop;
    private final Channel channel;
    private final OpenCalls open = new OpenCalls();

    Link(ManagedChannel managed, @Nullable Path tokenFile, Loop loop) {
        this.managed = managed;
        this.loop = loop;
        channel = tokenFile == null ? managed : ClientInterceptors.intercept(managed, new Bearer(tokenFile));
        loop.execute(this::watchConnection);
    }

    /** For stubs. */
    Channel channel() {
        return channel;
    }

    /**
     * Calls. A call waits until there is a connection, within its time.
     *
     * @param timeoutNanos {@link Long#MAX_VALUE} for none
     * @return completed exceptionally with what gRPC said; cancelling it cancels the call
     */
    <Q, R> CompletableFuture<R> call(MethodDescriptor<Q, R> method, Q request, long timeoutNanos) {
        CallOptions options = CallOptions.DEFAULT.withWaitForReady();
        if (timeoutNanos != Long.MAX_VALUE) {
            options = options.withDeadlineAfter(timeoutNanos, TimeUnit.NANOSECONDS);
        }
        // What is chained to the answer is short, or hops to a thread of its own.
        ClientCall<Q, R> call =
                channel.newCall(method, options.withExecutor(Runnable::run));
        CompletableFuture<R> result = new CompletableFuture<>();
        Futures.whenDone(result, (answer, failure) -> {
            if (result.isCancelled()) {
                call.cancel("the caller gave it up", null);
            }
        });
        ClientCalls.asyncUnaryCall(call, request, new StreamObserver<R>() {
            @Override
            public void onNext(R answer) {
                result.complete(answer);
            }

            @Override
            public void onError(Throwable failure) {
                result.completeExceptionally(failure);
            }

            @Override
            public void onCompleted() {
                result.completeExceptionally(Status.INTERNAL
                        .withDescription("the sidecar answered without a message").asRuntimeException());
            }
        });
        return result;
    }

    /** Sees to it that {@code result} is completed when the client is closed. */
    void track(CompletableFuture<?> result) {
        open.add(result);
    }

    private static CoordinationException clientClosed() {
        return new CoordinationException(Status.Code.CANCELLED, ErrorReason.ERROR_REASON_UNSPECIFIED,
                "the client was closed before the sidecar answered", true, 0, 0, null);
    }

    /** A sidecar on the same machine is back sooner than gRPC's back-off thinks. */
    private void watchConnection() {
        ConnectivityState state = managed.getState(false);
        if (state == ConnectivityState.SHUTDOWN) {
            return;
        }
        if (state == ConnectivityState.TRANSIENT_FAILURE) {
            managed.resetConnectBackoff();
            loop.later(this::watchConnection, RECONNECT_NANOS);
        } else {
            managed.notifyWhenStateChanged(state,
                    () -> loop.later(this::watchConnection, RECONNECT_NANOS));
        }
    }

    /** Ends what is under way, and the connection. */
    @Override
    public void close() {
        open.end(Link::clientClosed);
        managed.shutdown();
        try {
            if (!managed.awaitTermination(CLOSE_NANOS_MAX, TimeUnit.NANOSECONDS)) {
                managed.shutdownNow();
            }
        } catch (InterruptedException interrupted) {
            managed.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    /** Shows the token of a file, as it is now: tokens are rotated. */
    private record Bearer(Path tokenFile) implements ClientInterceptor {
        @Override
        public <Q, R> ClientCall<Q, R> interceptCall(
                MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
            return new CheckedForwardingClientCall<>(next.newCall(method, options)) {
                @Override
                protected void checkedStart(Listener<R> listener, Metadata headers) throws StatusException {
                    headers.put(AUTHORIZATION, "Bearer " + token());
                    delegate().start(listener, headers);
                }
            };
        }

        private String token() throws StatusException {
            try {
                return Files.readString(tokenFile).strip();
            } catch (IOException failure) {
                throw Status.UNAUTHENTICATED.withCause(failure).withDescription("the token file " + tokenFile
                        + " (SYNOD_TOKEN_FILE) cannot be read: " + failure
                        + "; mount the token there, or unset it where the sidecar asks for none")
                        .asException();
            }
        }
    }
}
