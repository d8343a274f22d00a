package dev.synod.node.api;

import io.grpc.ServerBuilder;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerTransportFilter;
import java.util.List;

/**
 * A native API ready to be served: of a member ({@link NativeApi}) or of an agent. Everything of it belongs to
 * one event loop: the server must run calls there ({@code directExecutor} and that loop alone).
 */
public interface ServedApi extends Drainable {
    /** Every service: coordination, health, reflection. */
    List<ServerServiceDefinition> services();

    /** In the order in which they are to be given to {@link ServerBuilder#intercept}. */
    List<ServerInterceptor> interceptors();

    /** Counts what one connection has open. */
    ServerTransportFilter transportFilter();

    /** The sessions whose applications are attached to this process. */
    LocalSessions sessions();

    /**
     * Readiness may be another than before; the supplier is asked. Call it on the event loop at each change,
     * or every second.
     */
    void readinessChanged();

    /** Gives all of it to a server that is being built, with its limits. */
    default void serveBy(ServerBuilder<?> server) {
        server.directExecutor().maxInboundMessageSize(ApiSettings.REQUEST_BYTES_MAX)
                .addTransportFilter(transportFilter());
        services().forEach(server::addService);
        interceptors().forEach(server::intercept);
    }
}
