package dev.synod.node.api;

import dev.synod.coordination.v1.LockServiceGrpc;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What every call of the coordination services comes through: it counts them, keeps a connection within its
 * limits, lets none in once the process drains, and lets no defect of a handler go unseen.
 */
final class Gate implements ServerInterceptor {
    private static final String PACKAGE = LockServiceGrpc.SERVICE_NAME.substring(
            0, LockServiceGrpc.SERVICE_NAME.lastIndexOf('.') + 1);

    private final ApiSettings settings;
    private final Set<OpenCall<?, ?>> open = new HashSet<>();
    private final CompletableFuture<Void> empty = new CompletableFuture<>();
    private boolean draining;

    Gate(ApiSettings settings) {
        this.settings = settings;
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(ServerCall<Q, R> call, Metadata headers,
            ServerCallHandler<Q, R> next) {
        String service = call.getMethodDescriptor().getServiceName();
        if (service == null || !service.startsWith(PACKAGE)) {
            return next.startCall(call, headers);
        }
        if (draining) {
            return refuse(call, Errors.draining());
        }
        Connection connection = Connection.of(call.getAttributes(), settings);
        boolean watch = call.getMethodDescriptor().getType() == MethodType.SERVER_STREAMING;
        if (watch && !connection.beginsWatch()) {
            return refuse(call, Errors.connectionLimit("watches, campaigns and observations",
                    settings.watchesMax()));
        }
        var opened = new OpenCall<>(call, watch ? connection : null);
        open.add(opened);
        Context context = connection.context();
        try {
            opened.listener = Contexts.interceptCall(context, opened, headers, next);
        } catch (RuntimeException e) {
            opened.fail(e);
        }
        return opened.new Guard();
    }

    static <Q, R> ServerCall.Listener<Q> refuse(ServerCall<Q, R> call, StatusRuntimeException why) {
        call.close(why.getStatus(), trailers(why));
        return new ServerCall.Listener<>() {};
    }

    private static Metadata trailers(StatusRuntimeException why) {
        Metadata trailers = why.getTrailers();
        return trailers == null ? new Metadata() : trailers;
    }

    int openCalls() {
        return open.size();
    }

    boolean isDraining() {
        return draining;
    }

    /** Lets no call in any more, and ends those that would go on for ever but may be taken up elsewhere. */
    CompletableFuture<Void> drain() {
        draining = true;
        List<OpenCall<?, ?>> present = new ArrayList<>(open);
        for (OpenCall<?, ?> call : present) {
            if (call.connection != null) {
                call.end(Errors.draining());
            }
        }
        checkEmpty();
        return empty;
    }

    private void checkEmpty() {
        if (draining && open.isEmpty()) {
            empty.complete(null);
        }
    }

    /** A call that was let in. */
    private final class OpenCall<Q, R> extends SimpleForwardingServerCall<Q, R> {
        /** Whose watches it counts among; null for a call that is none. */
        private final @Nullable Connection connection;
        private ServerCall.Listener<Q> listener = new ServerCall.Listener<>() {};
        private boolean closed;
        private boolean over;

        OpenCall(ServerCall<Q, R> call, @Nullable Connection connection) {
            super(call);
            this.connection = connection;
        }

        @Override
        public void sendMessage(R message) {
            if (!closed) {
                super.sendMessage(message);
            }
        }

        @Override
        public void close(Status status, Metadata trailers) {
            if (!closed) {
                closed = true;
                super.close(status, trailers);
            }
        }

        /** Ends it from this side; its handler takes that for a cancel. */
        void end(StatusRuntimeException why) {
            close(why.getStatus(), trailers(why));
            leave();
            listener.onCancel();
        }

        void fail(RuntimeException defect) {
            Defect.report(defect);
            StatusRuntimeException why = Errors.defect(defect);
            close(why.getStatus(), trailers(why));
        }

        void leave() {
            if (!over) {
                over = true;
                if (connection != null) {
                    connection.endsWatch();
                }
                open.remove(this);
                checkEmpty();
            }
        }

        /** What happens to it, on its way to its handler. */
        private final class Guard extends SimpleForwardingServerCallListener<Q> {
            Guard() {
                super(listener);
            }

            private void run(Runnable step) {
                if (over) {
                    return;
                }
                try {
                    step.run();
                } catch (RuntimeException e) {
                    fail(e);
                }
            }

            @Override
            public void onMessage(Q message) {
                run(() -> super.onMessage(message));
            }

            @Override
            public void onHalfClose() {
                run(super::onHalfClose);
            }

            @Override
            public void onReady() {
                run(super::onReady);
            }

            @Override
            public void onCancel() {
                run(super::onCancel);
                leave();
            }

            @Override
            public void onComplete() {
                run(super::onComplete);
                leave();
            }
        }
    }
}
