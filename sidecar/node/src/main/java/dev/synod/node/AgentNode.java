package dev.synod.node;

import dev.synod.node.agent.Agent;
import dev.synod.node.agent.AgentSettings;
import dev.synod.node.door.Door;
import dev.synod.node.probe.Metrics;
import dev.synod.node.probe.ProbeServer;
import dev.synod.node.probe.Probes;
import dev.synod.node.tls.PeerSecurity;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An agent with its ports, within this JVM: no volume and no membership, the native API forwarded to members.
 */
public final class AgentNode implements Running {
    private static final Logger LOG = LoggerFactory.getLogger(AgentNode.class);
    private static final Duration REFRESH = Duration.ofSeconds(5);
    private static final int END_SECONDS = 2;

    private final Settings settings;
    private final NodeRuntime runtime;
    private final Metrics metrics;
    private final Ports ports;
    private final Agent agent;
    private final AtomicBoolean draining;
    private final AtomicBoolean ended = new AtomicBoolean();

    private AgentNode(Settings settings, NodeRuntime runtime, Metrics metrics, Ports ports, Agent agent,
            AtomicBoolean draining) {
        this.settings = settings;
        this.runtime = runtime;
        this.metrics = metrics;
        this.ports = ports;
        this.agent = agent;
        this.draining = draining;
    }

    /**
     * Starts an agent; returns when its ports are open. It serves as soon as a member answers.
     *
     * @param halt told when it can go on no longer
     * @throws StartException when it cannot start, saying why and what to do; nothing is left behind
     */
    public static AgentNode start(Settings settings, Halt halt) throws StartException {
        settings.checkTogether();
        NodeRuntime runtime = NodeRuntime.of(settings, halt);
        Ports ports = new Ports(settings, runtime.loops());
        try {
            return start(settings, runtime, ports);
        } catch (StartException | RuntimeException e) {
            ports.close();
            runtime.close();
            throw e;
        }
    }

    private static AgentNode start(Settings settings, NodeRuntime runtime, Ports ports)
            throws StartException {
        PeerSecurity security = settings.security();
        Metrics metrics = runtime.own(new Metrics(runtime.bulk()));
        AtomicBoolean draining = new AtomicBoolean();
        Agent agent = new Agent(settings.api(),
                new AgentSettings(settings.members().stream().map(HostPort::unresolved).toList()),
                security::client, runtime.loop());
        Door door = new Door(agent);
        ports.probes(new ProbeServer(new Probes(() -> true, () -> agent.connected() && !draining.get(),
                metrics, door::probe)));
        ports.applications(agent, door);
        security.ensureSound();
        runtime.bulk().every(REFRESH, security::refresh);
        return new AgentNode(settings, runtime, metrics, ports, agent, draining);
    }

    @Override
    public Metrics metrics() {
        return metrics;
    }

    @Override
    public Ports ports() {
        return ports;
    }

    @Override
    public void drain() {
        if (draining.getAndSet(true)) {
            return;
        }
        Duration within = settings.duration(Setting.DRAIN_TIMEOUT);
        CompletableFuture<Void> told = new CompletableFuture<>();
        runtime.loop().execute(
                () -> agent.drain(within).whenComplete((done, thrown) -> told.complete(null)));
        await(told, within);
        close();
    }

    private static void await(CompletableFuture<Void> done, Duration within) {
        try {
            done.get(within.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.warn("going on without waiting any longer: applications still have calls open");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        if (!ended.getAndSet(true)) {
            CompletableFuture<Void> closed = new CompletableFuture<>();
            runtime.loop().execute(() -> {
                agent.close();
                closed.complete(null);
            });
            await(closed, Duration.ofSeconds(END_SECONDS));
            ports.close();
            runtime.close();
        }
    }
}
