package dev.synod.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.node.Node;
import dev.synod.node.Setting;
import dev.synod.node.Settings;
import dev.synod.node.StartException;
import dev.synod.paxos.Configuration;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A member in the test's process. */
public final class TestMember implements AutoCloseable {
    private final Node node;

    private TestMember(Node node) {
        this.node = node;
    }

    /** The only voter of a cluster, once it serves. */
    public static TestMember serving(Path volume) throws StartException {
        TestMember member = of(volume, 1);
        Run ready = Run.of("wait", "--for", "leader", "--timeout", "60s", "--endpoint", member.endpoint());
        assertThat(ready.status()).as(ready.err()).isZero();
        return member;
    }

    /** A member of as many voters; only it is there. */
    public static TestMember of(Path volume, int voters) throws StartException {
        Settings settings = Settings.defaults().with(Setting.VOLUME, volume.toString())
                .with(Setting.INSECURE_PEERS, "true");
        for (Setting port : List.of(Setting.LISTEN_NATIVE, Setting.LISTEN_HTTP, Setting.LISTEN_PEERS,
                Setting.LISTEN_ADMIN, Setting.LISTEN_PROBES)) {
            settings = settings.with(port, "127.0.0.1:0");
        }
        Node node = Node.start(settings, (code, message, cause) -> {
            throw new AssertionError(code + ": " + message, cause);
        });
        List<UUID> ids = new ArrayList<>();
        List<String> addresses = new ArrayList<>();
        for (int i = 0; i < voters; i++) {
            ids.add(new UUID(7, i));
            addresses.add("127.0.0.1:" + (i == 0 ? node.ports().ofPeers() : freePort()));
        }
        node.format(new UUID(7, 7), ids.getFirst(), Configuration.initial(ids, addresses));
        node.activate(Duration.ofSeconds(60));
        return new TestMember(node);
    }

    /** A port where nobody listens. */
    public static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError("no free port", e);
        }
    }

    /** Where applications reach it. */
    public String endpoint() {
        return "127.0.0.1:" + node.ports().ofNative();
    }

    /** Its admin port. */
    public String admin() {
        return "127.0.0.1:" + node.ports().ofAdmin();
    }

    /** Its HTTP door. */
    public String door() {
        return "127.0.0.1:" + node.ports().ofHttp();
    }

    @Override
    public void close() {
        node.close();
    }
}
