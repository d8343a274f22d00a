package dev.synod.node.api;

import dev.synod.node.Coordinator;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerTransportFilter;
import io.grpc.protobuf.services.ProtoReflectionService;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The native API of a member. */
public final class NativeApi implements ServedApi {
    private final ApiSettings settings;
    private final BooleanSupplier ready;
    private final Calls calls;
    private final Attachments attachments;
    private final Gate gate;
    private final @Nullable BearerCheck bearer;
    private final HealthReport health = new HealthReport();
    private final ServerTransportFilter filter;
    private final List<ServerServiceDefinition> services;

    /**
     * The native API over {@code coordinator}.
     *
     * @param settings limits and the token
     * @param ready whether the member is fit to serve; asked on the event loop, cheap
     * @param eventLoop the one that all of it runs on
     * @throws IllegalArgumentException when the token file holds no token
     */
    public NativeApi(Coordinator coordinator, ApiSettings settings, BooleanSupplier ready,
            ScheduledExecutorService eventLoop) {
        this.settings = settings;
        this.ready = ready;
        this.calls = new Calls(coordinator, settings.unaryTimeout());
        this.attachments = new Attachments(coordinator, calls, eventLoop);
        this.gate = new Gate(settings);
        this.bearer = settings.tokenFile() == null
                ? null
                : new BearerCheck(new TokenFile(settings.tokenFile(), System::nanoTime));
        this.filter = Connection.filter(settings, attachments::disconnected);
        var bounds = new Feed.Bounds(settings.backlogEventsMax(), settings.backlogBytesMax());
        this.services = List.of(
                new SessionService(coordinator, calls, attachments, bounds).bindService(),
                new LockService(coordinator, calls, bounds).bindService(),
                new ElectionService(coordinator, calls, bounds).bindService(),
                new ValueService(coordinator, calls, bounds).bindService(),
                health.service().bindService(),
                ProtoReflectionServiceV1.newInstance().bindService(),
                reflectionOfBefore());
        readinessChanged();
    }

    /** Clients of some years ago know only this one. */
    @SuppressWarnings("deprecation")
    private static ServerServiceDefinition reflectionOfBefore() {
        return ProtoReflectionService.newInstance().bindService();
    }

    @Override
    public List<ServerServiceDefinition> services() {
        return services;
    }

    @Override
    public List<ServerInterceptor> interceptors(Trust trust) {
        // The last one given sees a call first.
        return bearer == null || trust == Trust.CONNECTION ? List.of(gate) : List.of(gate, bearer);
    }

    @Override
    public ServerTransportFilter transportFilter() {
        return filter;
    }

    @Override
    public LocalSessions sessions() {
        return attachments;
    }

    @Override
    public CompletableFuture<SidecarStatus> status() {
        return calls.revision().thenApply(revision -> new SidecarStatus("member", settings.clusterName(),
                settings.memberName(), ready.getAsBoolean() && !gate.isDraining(), gate.isDraining(),
                attachments.count(), gate.openCalls(), revision));
    }

    @Override
    public void readinessChanged() {
        health.ready(!gate.isDraining() && ready.getAsBoolean());
    }

    @Override
    public CompletableFuture<Void> drain(Duration stopsWithin) {
        boolean first = !gate.isDraining();
        CompletableFuture<Void> empty = gate.drain();
        if (first) {
            attachments.drain(stopsWithin);
            readinessChanged();
        }
        return empty;
    }
}
