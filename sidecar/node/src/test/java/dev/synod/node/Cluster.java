package dev.synod.node;

import static org.awaitility.Awaitility.await;

import dev.synod.member.Answer;
import dev.synod.member.Consistency;
import dev.synod.node.tls.CertificateFiles;
import dev.synod.paxos.Bytes;
import dev.synod.paxos.Configuration;
import dev.synod.paxos.Role;
import dev.synod.state.Command;
import dev.synod.state.KeyRange;
import dev.synod.state.Operation;
import dev.synod.state.Reply;
import dev.synod.state.Request;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Members of one cluster in this JVM, over loopback, each with a folder and ports of its own. */
final class Cluster implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    final UUID id = UUID.randomUUID();
    final List<UUID> uuids = new ArrayList<>();
    final List<Node> nodes = new ArrayList<>();
    final List<String> halts = new CopyOnWriteArrayList<>();
    private final List<Settings> settings = new ArrayList<>();

    /** Starts members on empty folders, and makes them one cluster. */
    Cluster(Path folder, int voters) throws StartException {
        this(folder, voters, null);
    }

    /** The same over TLS, all with the same certificate. */
    Cluster(Path folder, int voters, @Nullable CertificateFiles tls) throws StartException {
        for (int i = 0; i < voters; i++) {
            uuids.add(UUID.randomUUID());
            Settings own = settings(folder.resolve("member-" + i), "m" + i);
            settings.add(tls == null ? own : secured(own, tls));
            nodes.add(start(settings.get(i)));
            settings.set(i, settings.get(i).with(Setting.LISTEN_PEERS,
                    "127.0.0.1:" + nodes.get(i).ports().ofPeers()));
        }
        List<String> addresses = new ArrayList<>();
        for (Node node : nodes) {
            addresses.add("127.0.0.1:" + node.ports().ofPeers());
        }
        Configuration initial = Configuration.initial(uuids, addresses);
        for (int i = 0; i < voters; i++) {
            nodes.get(i).format(id, uuids.get(i), initial);
        }
        for (Node node : nodes) {
            node.activate(PATIENCE);
        }
    }

    static Settings settings(Path folder, String name) throws StartException {
        return Settings.defaults()
                .with(Setting.VOLUME, folder.toString())
                .with(Setting.MEMBER_NAME, name)
                .with(Setting.INSECURE_PEERS, "true")
                .with(Setting.SEGMENT_BYTES, "1MiB")
                .with(Setting.SNAPSHOT_ENTRIES, "300")
                .with(Setting.KEEP_ENTRIES, "100")
                .with(Setting.LISTEN_NATIVE, "127.0.0.1:0")
                .with(Setting.LISTEN_HTTP, "127.0.0.1:0")
                .with(Setting.LISTEN_PEERS, "127.0.0.1:0")
                .with(Setting.LISTEN_ADMIN, "127.0.0.1:0")
                .with(Setting.LISTEN_PROBES, "127.0.0.1:0");
    }

    private static Settings secured(Settings settings, CertificateFiles tls) throws StartException {
        return settings.with(Setting.INSECURE_PEERS, "false")
                .with(Setting.TLS_CERT, tls.certificate().toString())
                .with(Setting.TLS_KEY, tls.key().toString())
                .with(Setting.TLS_CA, tls.authorities().toString());
    }

    private Node start(Settings own) throws StartException {
        return Node.start(own, (code, message, cause) -> halts.add(code + ": " + message));
    }

    /** Starts a member again on its folder and peer port. */
    void restart(int index) throws StartException {
        nodes.set(index, start(settings.get(index)));
    }

    /** The member that leads, once there is one that all who run agree on. */
    int awaitLeader(Integer... without) {
        List<Integer> gone = List.of(without);
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> leader(gone) >= 0);
        return leader(gone);
    }

    private int leader(List<Integer> gone) {
        int leader = -1;
        for (int i = 0; i < nodes.size(); i++) {
            if (!gone.contains(i)) {
                var status = nodes.get(i).status();
                if (status.role() == Role.LEADER && status.ready()) {
                    leader = i;
                } else if (!status.ready()) {
                    return -1;
                }
            }
        }
        return leader;
    }

    /** Writes a value through a member. */
    CompletableFuture<Answer> put(int through, String key, String value) {
        Bytes bytes = Bytes.of(value.getBytes(StandardCharsets.UTF_8));
        return nodes.get(through).coordinator().submit(
                Command.Commit.of(Request.NONE, new Operation.Put(key, bytes)), PATIENCE);
    }

    /** The value of a key as of a linearizable read; empty for none. */
    String get(int through, String key) {
        var wanted = new Operation.Range(KeyRange.of(key), 1, false);
        return nodes.get(through).coordinator().read(Consistency.linearizable(), PATIENCE,
                state -> state.range(wanted, 0) instanceof Reply.Ranged ranged
                        && !ranged.found().values().isEmpty()
                                ? text(ranged.found().values().getFirst().value())
                                : "")
                .join();
    }

    private static String text(Bytes bytes) {
        return new String(bytes.array(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        nodes.forEach(Node::close);
    }
}
