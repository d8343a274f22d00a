package dev.synod.node.agent;

import dev.synod.coordination.v1.AttachSessionRequest;
import dev.synod.coordination.v1.AttachSessionResponse;
import dev.synod.coordination.v1.ElectionServiceGrpc;
import dev.synod.coordination.v1.LockServiceGrpc;
import dev.synod.coordination.v1.SessionServiceGrpc;
import dev.synod.coordination.v1.ValueServiceGrpc;
import dev.synod.node.api.ApiSettings;
import dev.synod.node.api.Entrance;
import dev.synod.node.api.Feed;
import dev.synod.node.api.LocalSessions;
import dev.synod.node.api.ServedApi;
import dev.synod.node.api.SidecarStatus;
import io.grpc.ServerInterceptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerTransportFilter;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The native API of an agent: every call goes to one member at a time. */
public final class Agent implements ServedApi, AutoCloseable {
    private final ApiSettings settings;
    private final Upstream upstream;
    private final AgentSessions sessions;
    private final Entrance entrance;
    private final Feed.Bounds bounds;
    private final List<ServerServiceDefinition> services;

    /**
     * An agent; it begins to look for a member at once.
     *
     * @param settings of the API on loopback
     * @param agent where the members are
     * @param tls of a client, with ALPN for HTTP/2, asked for at each new connection; null within it for a
     *     connection in the clear, which is for tests and the local mode
     * @param eventLoop the one that all of it runs on
     * @throws IllegalArgumentException when the token file holds no token
     */
    public Agent(ApiSettings settings, AgentSettings agent, Supplier<@Nullable SslContext> tls,
            EventLoop eventLoop) {
        this.settings = settings;
        this.bounds = Feed.Bounds.of(settings);
        this.upstream = new Upstream(
                agent.members(), InetAddress::getAllByName, tls, eventLoop, this::linkChanged);
        this.sessions = new AgentSessions(upstream, eventLoop);
        this.entrance = new Entrance(settings, this::connected);
        var forwarding = new Forwarding(upstream, sessions, eventLoop, settings.unaryTimeout());
        List<ServerServiceDefinition> all = new ArrayList<>(entrance.services());
        all.add(forwarding.service(SessionServiceGrpc.getServiceDescriptor(), attachSession()));
        all.add(forwarding.service(LockServiceGrpc.getServiceDescriptor()));
        all.add(forwarding.service(ElectionServiceGrpc.getServiceDescriptor()));
        all.add(forwarding.service(ValueServiceGrpc.getServiceDescriptor()));
        this.services = List.copyOf(all);
        eventLoop.execute(upstream::begin);
    }

    private ServerMethodDefinition<AttachSessionRequest, AttachSessionResponse> attachSession() {
        return ServerMethodDefinition.create(SessionServiceGrpc.getAttachSessionMethod(),
                ServerCalls.asyncBidiStreamingCall(this::attach));
    }

    private StreamObserver<AttachSessionRequest> attach(StreamObserver<AttachSessionResponse> out) {
        return new AppStream((ServerCallStreamObserver<AttachSessionResponse>) out, bounds, sessions);
    }

    private void linkChanged() {
        entrance.readinessChanged();
        sessions.linkChanged();
    }

    /** Whether a member answers that is ready. */
    public boolean connected() {
        return upstream.current() != null;
    }

    @Override
    public List<ServerServiceDefinition> services() {
        return services;
    }

    @Override
    public List<ServerInterceptor> interceptors(Trust trust) {
        return entrance.interceptors(trust);
    }

    @Override
    public ServerTransportFilter transportFilter() {
        return entrance.transportFilter();
    }

    @Override
    public LocalSessions sessions() {
        return sessions;
    }

    @Override
    public CompletableFuture<SidecarStatus> status() {
        return CompletableFuture.completedFuture(new SidecarStatus("agent", settings.clusterName(),
                settings.memberName(), entrance.isReady(), entrance.isDraining(), sessions.count(),
                entrance.openCalls(), 0));
    }

    @Override
    public void readinessChanged() {
        entrance.readinessChanged();
    }

    @Override
    public CompletableFuture<Void> drain(Duration stopsWithin) {
        boolean first = !entrance.isDraining();
        CompletableFuture<Void> empty = entrance.drain();
        if (first) {
            sessions.drain(stopsWithin);
        }
        return empty;
    }

    /** Ends every connection to members, and every call that needs one. On the event loop. */
    @Override
    public void close() {
        sessions.close();
        upstream.close();
    }
}
