package dev.synod.node.door;

import com.google.protobuf.Descriptors;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.synod.node.api.ServedApi;
import io.grpc.Attributes;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerInterceptors;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The methods of the native API, by name, to be called from within the process. */
final class Services {
    private static final String PACKAGE = "synod.coordination.v1.";

    private final Map<String, ServerMethodDefinition<?, ?>> methods = new HashMap<>();
    private final Attributes attributes;

    /** All of one door count as one connection: its own come and go with each request. */
    Services(ServedApi api, ServedApi.Trust trust, Attributes attributes) {
        this.attributes = attributes;
        for (ServerServiceDefinition service : api.services()) {
            if (!service.getServiceDescriptor().getName().startsWith(PACKAGE)) {
                continue;
            }
            var guarded = ServerInterceptors.intercept(service, api.interceptors(trust));
            for (ServerMethodDefinition<?, ?> method : guarded.getMethods()) {
                methods.put(method.getMethodDescriptor().getFullMethodName().substring(PACKAGE.length()), method);
            }
        }
    }

    /** The messages of {@code LockService/GetLock}; null when there is no such method. */
    Descriptors.@Nullable MethodDescriptor schema(String name) {
        ServerMethodDefinition<?, ?> method = methods.get(name);
        return method != null && method.getMethodDescriptor()
                .getSchemaDescriptor() instanceof ProtoMethodDescriptorSupplier supplier
                        ? supplier.getMethodDescriptor()
                        : null;
    }

    boolean isUnary(String name) {
        ServerMethodDefinition<?, ?> method = methods.get(name);
        return method != null && method.getMethodDescriptor().getType() == MethodType.UNARY;
    }

    /** Calls a unary method that is there. */
    CompletableFuture<byte[]> call(String name, byte[] request, Metadata headers) {
        ServerMethodDefinition<?, ?> method = methods.get(name);
        if (method == null) {
            throw new IllegalArgumentException("no method " + name);
        }
        return LocalCall.start(method, request, headers, attributes);
    }

    /** Calls a method by its generated descriptor. */
    <Q extends Message, R extends Message> CompletableFuture<R> call(MethodDescriptor<Q, R> method, Q request,
            Parser<R> parser, Metadata headers) {
        String name = method.getFullMethodName().substring(PACKAGE.length());
        CompletableFuture<byte[]> call = call(name, request.toByteArray(), headers);
        CompletableFuture<R> response = call.thenApply(bytes -> parse(parser, bytes));
        response.whenComplete((r, error) -> {
            if (response.isCancelled()) {
                call.cancel(false);
            }
        });
        return response;
    }

    private static <R> R parse(Parser<R> parser, byte[] bytes) {
        try {
            return parser.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a service answered what is no message of its own", e);
        }
    }
}
