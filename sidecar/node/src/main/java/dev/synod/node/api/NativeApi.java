package dev.synod.node.api;

import dev.synod.node.Coordinator;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerTransportFilter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;

/** The native API of a member. */
public final class NativeApi implements ServedApi {
    private final ApiSettings settings;
    private final Calls calls;
    private final Attachments attachments;
    private final Entrance entrance;
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
        this.calls = new Calls(coordinator, settings.unaryTimeout());
        this.attachments = new Attachments(coordinator, calls, eventLoop);
        this.entrance = new Entrance(settings, ready, attachments::disconnected);
        Feed.Bounds bounds = Feed.Bounds.of(settings);
        List<ServerServiceDefinition> all = new ArrayList<>(entrance.services());
        all.add(new SessionService(coordinator, calls, attachments, bounds).bindService());
        all.add(new LockService(coordinator, calls, bounds).bindService());
        all.add(new ElectionService(coordinator, calls, bounds).bindService());
        all.add(new ValueService(coordinator, calls, bounds).bindService());
        this.services = List.copyOf(all);
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
        return attachments;
    }

    @Override
    public CompletableFuture<SidecarStatus> status() {
        return calls.revision().thenApply(revision -> new SidecarStatus("member", settings.clusterName(),
                settings.memberName(), entrance.isReady(), entrance.isDraining(), attachments.count(),
                entrance.openCalls(), revision));
    }

    @Override
    public void readinessChanged() {
        entrance.readinessChanged();
    }

    /**
     * The process is about to close its connections: that they break is its own doing from now on, and no
     * application is gone for that. On the event loop.
     */
    public void ending() {
        attachments.ending();
    }

    @Override
    public CompletableFuture<Void> drain(Duration stopsWithin) {
        boolean first = !entrance.isDraining();
        CompletableFuture<Void> empty = entrance.drain();
        if (first) {
            attachments.drain(stopsWithin);
        }
        return empty;
    }
}
