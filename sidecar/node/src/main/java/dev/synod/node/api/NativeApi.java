package dev.synod.node.api;

import dev.synod.node.Coordinator;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerTransportFilter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;

/** The native API of a member. */
public final class NativeApi implements ServedApi {
    /**
     * The native API over {@code coordinator}.
     *
     * @param settings limits and the token
     * @param ready whether the member is fit to serve; asked on the event loop, cheap
     * @param eventLoop the one that all of it runs on
     */
    public NativeApi(Coordinator coordinator, ApiSettings settings, BooleanSupplier ready,
            ScheduledExecutorService eventLoop) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<ServerServiceDefinition> services() {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<ServerInterceptor> interceptors() {
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
    public void readinessChanged() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Void> drain() {
        throw new UnsupportedOperationException();
    }
}
