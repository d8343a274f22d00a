package dev.synod.node.api;

import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerTransportFilter;
import io.grpc.protobuf.services.ProtoReflectionService;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What every served API has around its services, a member's and an agent's: gate, token, health, reflection.
 */
public final class Entrance {
    private final BooleanSupplier ready;
    private final Gate gate;
    private final @Nullable BearerCheck bearer;
    private final HealthReport health = new HealthReport();
    private final ServerTransportFilter filter;

    /**
     * An entrance.
     *
     * @param ready whether what is behind it is fit to serve
     * @throws IllegalArgumentException when the token file holds no token
     */
    public Entrance(ApiSettings settings, BooleanSupplier ready) {
        this(settings, ready, left -> {});
    }

    Entrance(ApiSettings settings, BooleanSupplier ready, Consumer<Attachment> left) {
        this.ready = ready;
        this.gate = new Gate(settings);
        this.bearer = settings.tokenFile() == null
                ? null
                : new BearerCheck(new TokenFile(settings.tokenFile(), System::nanoTime));
        this.filter = Connection.filter(settings, left);
        readinessChanged();
    }

    /** Health and reflection. */
    public List<ServerServiceDefinition> services() {
        return List.of(health.service().bindService(), ProtoReflectionServiceV1.newInstance().bindService(),
                reflectionOfBefore());
    }

    /** Clients of some years ago know only this one. */
    @SuppressWarnings("deprecation")
    private static ServerServiceDefinition reflectionOfBefore() {
        return ProtoReflectionService.newInstance().bindService();
    }

    /** See {@link ServedApi#interceptors}. */
    public List<ServerInterceptor> interceptors(ServedApi.Trust trust) {
        // The last one given sees a call first.
        return bearer == null || trust == ServedApi.Trust.CONNECTION ? List.of(gate) : List.of(gate, bearer);
    }

    /** See {@link ServedApi#transportFilter}. */
    public ServerTransportFilter transportFilter() {
        return filter;
    }

    /** Fit to serve, and not about to stop. */
    public boolean isReady() {
        return !gate.isDraining() && ready.getAsBoolean();
    }

    /** Whether it lets nothing in any more. */
    public boolean isDraining() {
        return gate.isDraining();
    }

    /** Calls under way. */
    public int openCalls() {
        return gate.openCalls();
    }

    /** See {@link ServedApi#readinessChanged}. */
    public void readinessChanged() {
        health.ready(isReady());
    }

    /** See {@link Drainable#drain}; sessions are told by their keeper. */
    public CompletableFuture<Void> drain() {
        CompletableFuture<Void> empty = gate.drain();
        readinessChanged();
        return empty;
    }
}
