package dev.synod.node.api;

import io.grpc.ServerBuilder;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerTransportFilter;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A native API ready to be served: of a member ({@link NativeApi}) or of an agent. One of it may be served by
 * several servers. Everything of it belongs to one event loop: the servers must run calls there ({@code
 * directExecutor} and that loop alone).
 */
public interface ServedApi extends Drainable {
    /** What proves that a caller may call. */
    enum Trust {
        /** The token, where one is set: for loopback, which every container of the pod shares. */
        TOKEN,
        /** The connection itself: for ports with mutual TLS, whose server checks the role. */
        CONNECTION
    }

    /** Every service: coordination, health, reflection. */
    List<ServerServiceDefinition> services();

    /** In the order in which they are to be given to {@link ServerBuilder#intercept}. */
    List<ServerInterceptor> interceptors(Trust trust);

    /** Counts what one connection has open. */
    ServerTransportFilter transportFilter();

    /** The sessions whose applications are attached to this process. */
    LocalSessions sessions();

    /** What this process says of itself; completed on the event loop, never exceptionally. */
    CompletableFuture<SidecarStatus> status();

    /**
     * Readiness may be another than before; the supplier is asked. Call it on the event loop at each change,
     * or every second.
     */
    void readinessChanged();

    /** Gives all of it to a server that is being built, with its limits. */
    default void serveBy(ServerBuilder<?> server, Trust trust) {
        server.directExecutor().maxInboundMessageSize(ApiSettings.REQUEST_BYTES_MAX)
                .addTransportFilter(transportFilter());
        services().forEach(server::addService);
        interceptors(trust).forEach(server::intercept);
    }
}
