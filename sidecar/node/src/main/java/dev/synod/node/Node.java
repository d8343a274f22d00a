package dev.synod.node;

import dev.synod.node.admin.AdminIdentity;
import dev.synod.node.admin.AdminService;
import dev.synod.node.api.NativeApi;
import dev.synod.node.door.Door;
import dev.synod.node.loop.LoopMeters;
import dev.synod.node.loop.MemberHost;
import dev.synod.node.loop.NodeStatus;
import dev.synod.node.loop.NodeStatus.Phase;
import dev.synod.node.probe.Metrics;
import dev.synod.node.probe.ProbeServer;
import dev.synod.node.probe.Probes;
import dev.synod.node.tls.PeerSecurity;
import dev.synod.node.transport.Dialer;
import dev.synod.node.transport.PeerLinks;
import dev.synod.paxos.Configuration;
import dev.synod.storage.VolumeLimits;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member with all its ports, within this JVM: everything of the process but its exit. Several may run
 * beside each other. Any thread but the event loop's may call it.
 */
public final class Node implements Running {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    private static final Duration REFRESH = Duration.ofSeconds(5);
    private static final Duration END = Duration.ofSeconds(5);

    private final Settings settings;
    private final NodeRuntime runtime;
    private final Metrics metrics;
    private final Ports ports;
    private final PeerLinks links;
    private final MemberHost host;
    private final NativeApi api;
    private final AtomicBoolean draining;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile @Nullable Standstill standstill;

    private Node(Settings settings, NodeRuntime runtime, Metrics metrics, Ports ports, PeerLinks links,
            MemberHost host, NativeApi api, AtomicBoolean draining) {
        this.settings = settings;
        this.runtime = runtime;
        this.metrics = metrics;
        this.ports = ports;
        this.links = links;
        this.host = host;
        this.api = api;
        this.draining = draining;
    }

    /**
     * Starts a member; returns when its ports are open and its volume is read back. It serves as soon as it
     * knows a leader, or, on an empty volume, once it is formatted.
     *
     * @param halt told when it can go on no longer
     * @throws StartException when it cannot start, saying why and what to do; nothing is left behind
     */
    public static Node start(Settings settings, Halt halt) throws StartException {
        return start(settings, halt, Resolver.SYSTEM);
    }

    /**
     * The same.
     *
     * @param resolver where it dials its peers
     */
    public static Node start(Settings settings, Halt halt, Resolver resolver) throws StartException {
        settings.checkTogether();
        NodeRuntime runtime = NodeRuntime.of(settings, halt);
        try {
            return start(settings, runtime, resolver);
        } catch (StartException | RuntimeException e) {
            runtime.close();
            throw e;
        }
    }

    private static Node start(Settings settings, NodeRuntime runtime, Resolver resolver)
            throws StartException {
        PeerSecurity security = settings.security();
        EventLoop loop = runtime.loop();
        Dialer dialer =
                runtime.own(new Dialer(runtime.name(), runtime.loops(), security::client, resolver));
        Metrics metrics = runtime.own(new Metrics(runtime.bulk()));
        PeerLinks links = new PeerLinks(loop, dialer, metrics.registry(),
                settings.count(Setting.PEER_QUEUE_BYTES));
        MemberHost host = MemberHost.open(runtime.name(), settings.volume(), settings.memberOptions(),
                VolumeLimits.withSegments(settings.count(Setting.SEGMENT_BYTES)), loop, runtime.bulk(),
                links, runtime.halt(), new LoopMeters(metrics.registry()));
        Ports ports = new Ports(settings, runtime.loops());
        try {
            AtomicBoolean draining = new AtomicBoolean();
            BooleanSupplier ready = () -> host.loop().ready() && !draining.get();
            links.tell(host.loop()::received, host.loop()::linkClosed);
            host.start();
            NativeApi api = api(settings, host, ready, loop);
            Door door = new Door(api);
            loop.execute(() -> {
                host.loop().onReadiness(api::readinessChanged);
                api.readinessChanged(); // the volume may have been read back by now
            });
            metrics.ofMember(host.loop()::status);
            AdminIdentity identity = new AdminIdentity(settings.text(Setting.CLUSTER_NAME),
                    settings.memberName(), Version.current(), System.nanoTime());
            ports.probes(new ProbeServer(new Probes(() -> host.loop().phase() != Phase.STARTING,
                    ready, metrics, door::probe)));
            ports.admin(new AdminService(host, links::connected, runtime.bulk(), loop, identity), security);
            ports.peers(links.service(), api, security);
            ports.applications(api, door);
            runtime.bulk().every(REFRESH, security::refresh);
            host.started().join();
            security.ensureSound();
            return new Node(settings, runtime, metrics, ports, links, host, api, draining);
        } catch (StartException | RuntimeException e) {
            ports.close();
            host.stop().join();
            throw e;
        }
    }

    private static NativeApi api(Settings settings, MemberHost host, BooleanSupplier ready, EventLoop loop)
            throws StartException {
        try {
            return new NativeApi(host.coordinator(), settings.api(), ready, loop);
        } catch (IllegalArgumentException e) {
            throw new StartException(ExitCode.CONFIGURATION,
                    Setting.TOKEN_FILE.flag() + ": " + e.getMessage(), e);
        }
    }

    // ---- what runs ----------------------------------------------------------------------------------------

    /** The member as services see it. */
    public Coordinator coordinator() {
        return host.coordinator();
    }

    @Override
    public Metrics metrics() {
        return metrics;
    }

    @Override
    public Ports ports() {
        return ports;
    }

    /** How the member stands. */
    public NodeStatus status() {
        return onLoop(host.loop()::status);
    }

    /** Links to other members. */
    PeerLinks links() {
        return links;
    }

    /**
     * Makes its empty volume a member's; done when durable.
     *
     * @param initial the first voters; {@link Configuration#NONE} for a newcomer to a cluster that stands
     */
    public MemberHost.Formatted format(UUID cluster, UUID member, Configuration initial) {
        CompletableFuture<MemberHost.Formatted> outcome = new CompletableFuture<>();
        runtime.loop().execute(() -> host.format(cluster, member, initial).thenAccept(outcome::complete));
        return outcome.join();
    }

    /** Lets it vote; done when durable. */
    public void activate(Duration within) {
        host.activate(within).join();
    }

    private <T> T onLoop(Supplier<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        runtime.loop().execute(() -> {
            try {
                result.complete(work.get());
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        return result.join();
    }

    // ---- standing still -----------------------------------------------------------------------------------

    /**
     * Holds all its threads still until {@link Standstill#end}, or until it is ended; returns when they
     * stand. Whoever asks it anything meanwhile waits. For tests; not while it is being ended.
     *
     * @throws IllegalStateException when it has ended, or one of its threads is stuck
     */
    public Standstill standStill() throws InterruptedException {
        if (ended.get()) {
            throw new IllegalStateException("it has ended, and stands still for good");
        }
        Standstill begun = new Standstill(3);
        standstill = begun;
        runtime.loop().execute(() -> {
            begun.stand();
            if (ended.get()) {
                host.loop().stop(); // before what has arrived since, which nobody reads any more
            }
        });
        host.onVolumeThread(begun::stand);
        runtime.bulk().execute(begun::stand);
        boolean reached = false;
        try {
            reached = begun.reached(END);
        } finally {
            if (!reached) {
                begun.end(); // who was interrupted could not
            }
        }
        if (!reached) {
            throw new IllegalStateException(
                    "one of its threads did not come to a stand within " + END.toSeconds() + " s");
        }
        return begun;
    }

    private void goOn() {
        Standstill begun = standstill;
        if (begun != null) {
            begun.end();
        }
    }

    // ---- end ----------------------------------------------------------------------------------------------

    /**
     * Ends it without haste: it is not ready any more, hands leadership over, tells its applications, and
     * lets go of its volume; within the time set, and a little more.
     */
    @Override
    public void drain() {
        if (draining.getAndSet(true)) {
            return;
        }
        Duration within = settings.duration(Setting.DRAIN_TIMEOUT);
        long deadline = System.nanoTime() + within.toNanos();
        LOG.info("draining within {} ms", within.toMillis());
        CompletableFuture<Boolean> handedOver = new CompletableFuture<>();
        runtime.loop().execute(() -> {
            api.readinessChanged();
            host.handOver(links::connected, within.dividedBy(2)).thenAccept(handedOver::complete);
        });
        await(handedOver, deadline, "nobody took leadership over");
        CompletableFuture<Void> told = new CompletableFuture<>();
        runtime.loop().execute(() -> {
            Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
            api.drain(left).whenComplete((done, thrown) -> told.complete(null));
        });
        await(told, deadline, "applications still have calls open");
        close();
    }

    private static void await(CompletableFuture<?> done, long deadlineNanos, String otherwise) {
        try {
            done.get(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            LOG.warn("going on without waiting any longer: {}", otherwise);
        } catch (ExecutionException e) {
            LOG.warn("going on: {}", otherwise, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends it now: what was handed to the volume is written, and peers see its links close. */
    @Override
    public void close() {
        if (!ended.getAndSet(true)) {
            goOn();
            CompletableFuture<Void> told = new CompletableFuture<>();
            runtime.loop().execute(() -> {
                api.ending();
                told.complete(null);
            });
            await(told, System.nanoTime() + END.toNanos(), "the event loop is stuck");
            ports.close();
            await(host.stop(), System.nanoTime() + END.toNanos(), "the volume is stuck");
            runtime.close();
        }
    }

    /** Ends it as a crash would: nothing more is written or sent. For tests. */
    public void abandon() {
        if (!ended.getAndSet(true)) {
            CompletableFuture<Void> gone = host.abandon();
            goOn();
            await(gone, System.nanoTime() + END.toNanos(), "the volume is stuck");
            ports.close();
            runtime.close();
        }
    }
}
