package dev.synod.node.door;

import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A unary call of a service in this process, made as a server would make it: through its interceptors, in
 * bytes. On the event loop.
 */
final class LocalCall<Q, R> extends ServerCall<Q, R> {
    private final MethodDescriptor<Q, R> method;
    private final Attributes attributes;
    private final CompletableFuture<byte[]> answer = new CompletableFuture<>();
    private final Context.CancellableContext context = Context.ROOT.withCancellation();
    private byte @Nullable [] response;
    private boolean closed;

    private LocalCall(MethodDescriptor<Q, R> method, Attributes attributes) {
        this.method = method;
        this.attributes = attributes;
    }

    /**
     * Calls.
     *
     * @return the response, or a {@link StatusRuntimeException}; to cancel it is to cancel the call
     */
    static <Q, R> CompletableFuture<byte[]> start(ServerMethodDefinition<Q, R> definition, byte[] request,
            Metadata headers, Attributes attributes) {
        var call = new LocalCall<Q, R>(definition.getMethodDescriptor(), attributes);
        call.run(definition, request, headers);
        return call.answer;
    }

    private void run(ServerMethodDefinition<Q, R> definition, byte[] request, Metadata headers) {
        Context before = context.attach();
        try {
            ServerCall.Listener<Q> listener = definition.getServerCallHandler().startCall(this, headers);
            answer.whenComplete((bytes, error) -> {
                if (answer.isCancelled() && !closed) {
                    closed = true;
                    context.cancel(null);
                    listener.onCancel();
                } else {
                    listener.onComplete();
                }
            });
            if (!closed) {
                listener.onMessage(method.parseRequest(new ByteArrayInputStream(request)));
                listener.onHalfClose();
            }
        } finally {
            context.detach(before);
        }
    }

    @Override
    public void request(int messages) {}

    @Override
    public void sendHeaders(Metadata headers) {}

    @Override
    public void sendMessage(R message) {
        try (InputStream in = method.streamResponse(message)) {
            response = in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("a stream in memory failed", e);
        }
    }

    @Override
    public void close(Status status, Metadata trailers) {
        if (closed) {
            return;
        }
        closed = true;
        if (!status.isOk()) {
            answer.completeExceptionally(new StatusRuntimeException(status, trailers));
        } else if (response == null) {
            answer.completeExceptionally(
                    Status.INTERNAL.withDescription("a unary call ended without a response")
                            .asRuntimeException());
        } else {
            answer.complete(response);
        }
    }

    @Override
    public boolean isCancelled() {
        return answer.isCancelled();
    }

    @Override
    public Attributes getAttributes() {
        return attributes;
    }

    @Override
    public MethodDescriptor<Q, R> getMethodDescriptor() {
        return method;
    }
}
