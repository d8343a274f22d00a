package dev.synod.cli.dev;

import dev.synod.cli.dev.LocalCluster.LocalMember;
import dev.synod.client.Coordination;
import dev.synod.testkit.link.LinkProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Three members whose peers reach them through proxies, and an agent. */
final class ProxiedCluster implements AutoCloseable {
    private final LocalCluster local;
    private final Map<String, LinkProxy> proxies = new LinkedHashMap<>();
    private final Supervised agent;
    private final Ports agentPorts = Ports.any();

    ProxiedCluster(Path folder) throws IOException, InterruptedException {
        Path file = folder.resolve("cluster.yaml");
        Files.writeString(file, """
                apiVersion: synod.dev/v1alpha1
                kind: CoordinationCluster
                metadata:
                  name: processes
                spec:
                  voters:
                    replicas: 3
                """);
        Console console = new Console(System.err, true);
        StateFolder state = StateFolder.kept(folder.resolve("state"));
        local = LocalCluster.of(state, ClusterFile.read(file), console, this::behindProxy);
        local.start();
        List<String> peers = local.members().stream().map(member -> member.plan().address()).toList();
        agent = new Supervised(9, "agent", JavaProgram.agent("processes", peers, agentPorts),
                state.log("agent"), console);
        agent.start();
        local.await("the agent", Duration.ofSeconds(30), () -> !Ports.isFree(agentPorts.api()));
    }

    /** What peers dial in the place of a member's own port. */
    private int behindProxy(MemberPlan member) {
        try {
            LinkProxy proxy = new LinkProxy(0, member.ports().peers(), this::dialer);
            proxies.put(member.name(), proxy);
            return proxy.port();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private @Nullable String dialer(int dialedFrom, int dialedTo) {
        Map<Long, String> names = new LinkedHashMap<>();
        for (LocalMember member : local.members()) {
            ProcessHandle handle = member.process().handle();
            if (handle != null) {
                names.put(handle.pid(), member.name());
            }
        }
        try {
            Long pid = SocketOwner.of(dialedFrom, dialedTo, names.keySet());
            return pid == null ? null : names.get(pid);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    LocalCluster local() {
        return local;
    }

    LocalMember leader() throws InterruptedException {
        List<LocalMember> found = new ArrayList<>(1);
        local.await("a leader", Duration.ofSeconds(30), () -> {
            LocalMember leader = local.leader();
            if (leader != null) {
                found.add(leader);
            }
            return leader != null;
        });
        return found.getFirst();
    }

    /** Of every member, and of the agent. */
    List<String> endpoints() {
        List<String> endpoints = new ArrayList<>();
        local.members().forEach(member -> endpoints.add(member.plan().endpoint()));
        endpoints.add(agentEndpoint());
        return endpoints;
    }

    String agentEndpoint() {
        return Ports.loopback(agentPorts.api());
    }

    Coordination connect() {
        return Coordination.builder().endpoint(agentEndpoint()).connect();
    }

    /** Cuts a member off from all others, in both directions. */
    void cut(LocalMember member) {
        proxies.forEach((name, proxy) -> {
            if (!name.equals(member.name())) {
                proxy.cut(member.name());
            } else {
                local.members().forEach(other -> proxy.cut(other.name()));
            }
        });
    }

    void heal() {
        proxies.values().forEach(LinkProxy::heal);
    }

    /** Sends a signal to a member's process. */
    void signal(LocalMember member, String signal) throws InterruptedException {
        ProcessHandle handle = member.process().handle();
        if (handle == null) {
            throw new AssertionError(member.name() + " does not run");
        }
        try {
            Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(handle.pid())).start();
            if (!kill.waitFor(10, TimeUnit.SECONDS) || kill.exitValue() != 0) {
                throw new AssertionError("no signal " + signal + " to " + member.name());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        agent.stop();
        agent.awaitEnd(Duration.ofSeconds(15));
        for (LinkProxy proxy : proxies.values()) {
            proxy.heal();
        }
        local.close();
        for (LinkProxy proxy : proxies.values()) {
            proxy.close();
        }
    }
}
