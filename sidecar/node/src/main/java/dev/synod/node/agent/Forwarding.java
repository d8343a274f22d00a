package dev.synod.node.agent;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.synod.coordination.v1.AcquireLockResponse;
import dev.synod.coordination.v1.CampaignResponse;
import dev.synod.coordination.v1.ElectionServiceGrpc;
import dev.synod.coordination.v1.LockServiceGrpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.netty.channel.EventLoop;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Services whose methods are passed on to a member as they come, in bytes. */
final class Forwarding {
    private static final Marshaller<byte[]> BYTES = new Marshaller<>() {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException("a message could not be read", e);
            }
        }
    };

    /** Which of a method's answers grant something. */
    interface Grants {
        boolean isGrant(byte[] answer) throws InvalidProtocolBufferException;
    }

    /** What a member does only for a session that is attached to it: each may grant something. */
    private static final Map<String, Grants> OF_ATTACHED = Map.of(
            LockServiceGrpc.getAcquireLockMethod().getFullMethodName(),
            answer -> AcquireLockResponse.parseFrom(answer).getAcquired(),
            ElectionServiceGrpc.getCampaignMethod().getFullMethodName(),
            answer -> CampaignResponse.parseFrom(answer).hasElected());

    private final Upstream upstream;
    private final AgentSessions sessions;
    private final EventLoop eventLoop;
    private final Duration patience;

    /**
     * Forwards over {@code upstream}.
     *
     * @param patience how long a call without a deadline waits for a member
     */
    Forwarding(Upstream upstream, AgentSessions sessions, EventLoop eventLoop, Duration patience) {
        this.upstream = upstream;
        this.sessions = sessions;
        this.eventLoop = eventLoop;
        this.patience = patience;
    }

    /** All of a service but what {@code own} does itself. */
    ServerServiceDefinition service(ServiceDescriptor service, ServerMethodDefinition<?, ?>... own) {
        List<ServerMethodDefinition<?, ?>> methods = new ArrayList<>();
        for (MethodDescriptor<?, ?> method : service.getMethods()) {
            methods.add(definition(method, own));
        }
        var descriptor = ServiceDescriptor.newBuilder(service.getName())
                .setSchemaDescriptor(service.getSchemaDescriptor());
        methods.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
        var definition = ServerServiceDefinition.builder(descriptor.build());
        methods.forEach(definition::addMethod);
        return definition.build();
    }

    private ServerMethodDefinition<?, ?> definition(MethodDescriptor<?, ?> method,
            ServerMethodDefinition<?, ?>[] own) {
        for (ServerMethodDefinition<?, ?> mine : own) {
            if (isSame(mine.getMethodDescriptor(), method)) {
                return mine;
            }
        }
        MethodDescriptor<byte[], byte[]> inBytes = method.toBuilder(BYTES, BYTES).build();
        return ServerMethodDefinition.create(inBytes, new Handler(inBytes));
    }

    private static boolean isSame(MethodDescriptor<?, ?> one, MethodDescriptor<?, ?> other) {
        return one.getFullMethodName().equals(other.getFullMethodName());
    }

    Upstream upstream() {
        return upstream;
    }

    AgentSessions sessions() {
        return sessions;
    }

    EventLoop eventLoop() {
        return eventLoop;
    }

    Duration patience() {
        return patience;
    }

    /** Begins a call each time. */
    private final class Handler implements ServerCallHandler<byte[], byte[]> {
        private final MethodDescriptor<byte[], byte[]> method;
        private final @Nullable Grants grants;

        Handler(MethodDescriptor<byte[], byte[]> method) {
            this.method = method;
            this.grants = OF_ATTACHED.get(method.getFullMethodName());
        }

        @Override
        public ServerCall.Listener<byte[]> startCall(ServerCall<byte[], byte[]> call, Metadata headers) {
            call.request(1);
            return new ForwardedCall(Forwarding.this, call, method, grants);
        }
    }
}
