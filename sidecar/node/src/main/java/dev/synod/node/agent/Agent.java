package dev.synod.node.agent;

import dev.synod.node.api.ApiSettings;
import dev.synod.node.api.LocalSessions;
import dev.synod.node.api.ServedApi;
import dev.synod.node.api.SidecarStatus;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerTransportFilter;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The native API of an agent: every call goes to one member at a time. */
public final class Agent implements ServedApi, AutoCloseable {
    /**
     * An agent; it begins to look for a member at once.
     *
     * @param settings of the API on loopback
     * @param agent where the members are
     * @param tls of a client, with ALPN for HTTP/2, asked for at each new connection; null within it for a
     *     connection in the clear, which is for tests and the local mode
     * @param eventLoop the one that all of it runs on
     */
    public Agent(ApiSettings settings, AgentSettings agent, Supplier<@Nullable SslContext> tls,
            EventLoop eventLoop) {
        throw new UnsupportedOperationException();
    }

    /** Whether a member answers. */
    public boolean connected() {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<ServerServiceDefinition> services() {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<ServerInterceptor> interceptors(Trust trust) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ServerTransportFilter transportFilter() {
        throw new UnsupportedOperationException();
    }

    @Override
    public LocalSessions sessions() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<SidecarStatus> status() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void readinessChanged() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Void> drain(Duration stopsWithin) {
        throw new UnsupportedOperationException();
    }

    /** Ends every connection to members, and every call that needs one. On the event loop. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
