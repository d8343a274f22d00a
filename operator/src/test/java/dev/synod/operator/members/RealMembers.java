package dev.synod.operator.members;

import static org.awaitility.Awaitility.await;

import dev.synod.node.Node;
import dev.synod.node.Setting;
import dev.synod.node.Settings;
import dev.synod.node.StartException;
import dev.synod.operator.members.MemberAdmin.Target;
import dev.synod.operator.model.ClusterSecrets;
import dev.synod.operator.model.Names;
import dev.synod.operator.plan.Slot;
import dev.synod.operator.tls.CertificateAuthority;
import dev.synod.operator.tls.KeyMaterial;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Members as in pods: each with an address of its own on loopback, the same ports everywhere, TLS from
 * files, and the names of Kubernetes, which only the members look up.
 */
final class RealMembers implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    final Names names = new Names("orders", "shop");
    final CertificateAuthority authority =
            CertificateAuthority.create("orders", Instant.now(), new SecureRandom());
    final UUID cluster = UUID.randomUUID();
    final List<UUID> initial = new ArrayList<>();
    final SortedMap<Slot, String> hosts = new ConcurrentSkipListMap<>();
    final SortedMap<Slot, Node> nodes = new TreeMap<>();
    final MemberAdmin admin = new MemberAdmin();
    final KeyMaterial operator = ClusterSecrets.issueOperator(names, authority, Instant.now());
    private final Path folder;
    private int adminPort;
    private int peerPort;

    RealMembers(Path folder) {
        this.folder = folder;
    }

    /** Starts a member on an empty volume. */
    void start(Slot slot) throws StartException, IOException {
        // Addresses that no other process of this machine uses, so that ports are free that one of us has.
        long process = ProcessHandle.current().pid();
        String host = "127." + (1 + process % 200) + "." + process / 200 % 200 + "."
                + (1 + slot.ordinal() + (slot.equals(Slot.voter(slot.ordinal())) ? 0 : 100));
        Path own = Files.createDirectories(folder.resolve(names.pod(slot)));
        show(slot, ClusterSecrets.issueMembers(names, authority, Instant.now()),
                authority.material().certificate());
        Settings settings = Settings.defaults()
                .with(Setting.VOLUME, own.resolve("volume").toString())
                .with(Setting.MEMBER_NAME, names.pod(slot))
                .with(Setting.SEGMENT_BYTES, "1MiB")
                .with(Setting.TLS_CERT, own.resolve("tls.crt").toString())
                .with(Setting.TLS_KEY, own.resolve("tls.key").toString())
                .with(Setting.TLS_CA, own.resolve("ca.crt").toString())
                .with(Setting.LISTEN_NATIVE, host + ":0")
                .with(Setting.LISTEN_HTTP, host + ":0")
                .with(Setting.LISTEN_PEERS, host + ":" + peerPort)
                .with(Setting.LISTEN_ADMIN, host + ":" + adminPort)
                .with(Setting.LISTEN_PROBES, host + ":0");
        Node node = Node.start(settings, (code, message, cause) -> {
            throw new AssertionError(message, cause);
        }, address -> {
            Slot there = names.slotOfAddress(address.host());
            String known = there == null ? null : hosts.get(there);
            if (known == null) {
                throw new UnknownHostException(address.host());
            }
            return new InetSocketAddress(known, address.port());
        });
        adminPort = node.ports().ofAdmin();
        peerPort = node.ports().ofPeers();
        hosts.put(slot, host);
        nodes.put(slot, node);
    }

    /** What a member's Secret is to hold; a member that runs sees it by itself. */
    void show(Slot slot, KeyMaterial material, String trusted) throws IOException {
        Path own = folder.resolve(names.pod(slot));
        Files.writeString(own.resolve("ca.crt"), trusted);
        Files.writeString(own.resolve("tls.key"), material.key());
        Files.writeString(own.resolve("tls.crt"), material.certificate());
    }

    /** Starts voters that have not begun. */
    void startVoters(int count) throws StartException, IOException {
        for (int ordinal = 0; ordinal < count; ordinal++) {
            start(Slot.voter(ordinal));
            initial.add(UUID.randomUUID());
        }
    }

    /** Makes them a cluster, as the operator does. */
    void begin() {
        for (int ordinal = 0; ordinal < initial.size(); ordinal++) {
            admin.format(target(), Slot.voter(ordinal), cluster, initial.get(ordinal), initial);
        }
        for (int ordinal = 0; ordinal < initial.size(); ordinal++) {
            admin.activate(target(), Slot.voter(ordinal), cluster);
        }
        await().atMost(PATIENCE).until(() -> {
            var confirmed = admin.look(target()).confirmed();
            return confirmed != null && confirmed.leader() != null && confirmed.established();
        });
    }

    /** A cluster of so many voters, which serves. */
    static RealMembers running(Path folder, int voters) throws StartException, IOException {
        RealMembers members = new RealMembers(folder);
        try {
            members.startVoters(voters);
            members.begin();
            return members;
        } catch (RuntimeException | StartException | IOException e) {
            members.close();
            throw e;
        }
    }

    Target target() {
        return new Target(names, cluster, adminPort, peerPort, operator, authority.material().certificate(),
                hosts);
    }

    /** Where the leader is. */
    Slot leader() {
        return await().atMost(PATIENCE).until(() -> {
            var confirmed = admin.look(target()).confirmed();
            return confirmed == null
                    ? null
                    : confirmed.members().stream().filter(one -> one.id().equals(confirmed.leader()))
                            .map(one -> Objects.requireNonNull(one.slot())).findAny().orElse(null);
        }, Objects::nonNull);
    }

    /** As a crash; its address stays known, as that of a pod whose container fell. */
    void crash(Slot slot) {
        Objects.requireNonNull(nodes.remove(slot)).abandon();
    }

    @Override
    public void close() {
        admin.close();
        nodes.values().forEach(Node::close);
    }
}
