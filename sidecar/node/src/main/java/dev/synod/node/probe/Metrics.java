package dev.synod.node.probe;

import dev.synod.node.loop.BulkThread;
import dev.synod.node.loop.NodeStatus;
import dev.synod.paxos.Role;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** All meters of a process, and their text. */
public final class Metrics implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final BulkThread bulk;
    private Supplier<@Nullable NodeStatus> status = () -> null;
    private volatile @Nullable NodeStatus latest;
    private @Nullable JvmGcMetrics collections;
    private boolean bound;

    /** None but those that others register. */
    public Metrics(BulkThread bulk) {
        this.bulk = bulk;
    }

    /** Where others register theirs. */
    public PrometheusMeterRegistry registry() {
        return registry;
    }

    /**
     * Shows how the member stands.
     *
     * @param now asked on the event loop
     */
    public void ofMember(Supplier<@Nullable NodeStatus> now) {
        status = now;
        for (Role role : Role.values()) {
            Gauge.builder("synod.member.role", this, metrics -> metrics.value(s -> s.role() == role ? 1 : 0))
                    .tag("role", role.name().toLowerCase(Locale.ROOT))
                    .description("1 for what the member does").register(registry);
        }
        for (NodeStatus.Phase phase : NodeStatus.Phase.values()) {
            Gauge.builder("synod.member.phase", this,
                    metrics -> metrics.value(s -> s.phase() == phase ? 1 : 0))
                    .tag("phase", phase.name().toLowerCase(Locale.ROOT))
                    .description("1 for how far the process has come").register(registry);
        }
        gauge("synod.member.ready", "1 while fit to serve", s -> s.ready() ? 1 : 0);
        gauge("synod.member.has.leader", "1 while a leader is known", s -> s.leader() == null ? 0 : 1);
        gauge("synod.member.epoch", "epoch of the configuration", s -> s.configuration().epoch());
        gauge("synod.member.ballot.round", "attempts to lead in this epoch, as far as it was asked",
                s -> s.promised().round());
        gauge("synod.member.voters", "voters of the configuration", s -> s.configuration().voters().size());
        gauge("synod.member.incarnation", "starts of this member", NodeStatus::incarnation);
        gauge("synod.log.base", "entries up to this one are only in snapshots", NodeStatus::base);
        gauge("synod.log.last", "last entry of the log", NodeStatus::last);
        gauge("synod.log.decided", "last entry known decided", NodeStatus::decided);
        gauge("synod.log.applied", "last entry applied", NodeStatus::applied);
        gauge("synod.state.revision", "revision of the state", NodeStatus::revision);
        gauge("synod.state.bytes", "what the state counts for against its quota", NodeStatus::stateBytes);
        gauge("synod.sessions.attached", "sessions whose applications are attached here",
                NodeStatus::sessionsAttached);
        gauge("synod.watches", "watches open here", NodeStatus::watches);
        gauge("synod.requests.waiting", "requests that wait here", NodeStatus::requestsWaiting);
        gauge("synod.disk.full", "1 while commands are refused for want of room",
                s -> s.diskFull() ? 1 : 0);
    }

    private void gauge(String name, String description, ToDoubleFunction<NodeStatus> value) {
        Gauge.builder(name, this, metrics -> metrics.value(value)).description(description)
                .register(registry);
    }

    private double value(ToDoubleFunction<NodeStatus> of) {
        NodeStatus seen = latest;
        return seen == null ? Double.NaN : of.applyAsDouble(seen);
    }

    /** Counts lines that the log dropped. */
    public void ofLog(LongSupplier dropped) {
        FunctionCounter.builder("synod.log.lines.dropped", dropped, LongSupplier::getAsLong)
                .description("lines of the log dropped because too much was logged").register(registry);
    }

    /**
     * The text that Prometheus reads; on the event loop, which is asked for the member's status, while the
     * text is made on the bulk thread.
     */
    public CompletableFuture<byte[]> scrape() {
        latest = status.get();
        CompletableFuture<byte[]> text = new CompletableFuture<>();
        bulk.execute(() -> {
            bind();
            text.complete(registry.scrape().getBytes(StandardCharsets.UTF_8));
        });
        return text;
    }

    /** The JVM's own take a while to set up, and nobody needs them before the first look. */
    private void bind() {
        if (bound) {
            return;
        }
        bound = true;
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        collections = new JvmGcMetrics();
        collections.bindTo(registry);
        PooledByteBufAllocator buffers = PooledByteBufAllocator.DEFAULT;
        Gauge.builder("synod.buffers.direct.bytes", buffers, pool -> pool.metric().usedDirectMemory())
                .description("memory of Netty's pool outside the heap").register(registry);
    }

    @Override
    public void close() {
        if (collections != null) {
            collections.close();
        }
        registry.close();
    }
}
