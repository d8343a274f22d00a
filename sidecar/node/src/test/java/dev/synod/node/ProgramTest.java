package dev.synod.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.synod.admin.v1.ActivateRequest;
import dev.synod.admin.v1.AdminServiceGrpc;
import dev.synod.admin.v1.FormatRequest;
import dev.synod.admin.v1.GetStatusRequest;
import dev.synod.admin.v1.InitialMember;
import dev.synod.admin.v1.MemberStatus;
import dev.synod.admin.v1.Phase;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process of its own. */
@Tag("whole")
@Timeout(180)
final class ProgramTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir Path folder;

    private final List<Process> processes = new ArrayList<>();
    private final int base = freePorts();

    @AfterEach
    void endAll() {
        processes.forEach(Process::destroyForcibly);
    }

    /** The first of five ports that are free at the moment. */
    private static int freePorts() {
        for (int port = 20_000 + (int) (ProcessHandle.current().pid() % 5_000); port < 32_000; port += 10) {
            if (free(port) && free(port + 1) && free(port + 2) && free(port + 3) && free(port + 4)) {
                return port;
            }
        }
        throw new IllegalStateException("no five free ports in a row");
    }

    private static boolean free(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    private Process start(String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC", "-Xmx64m", "-XX:TieredStopAtLevel=1",
                "-cp", System.getProperty("java.class.path"),
                Main.class.getName(),
                "--insecure-peers",
                "--volume", folder.resolve("volume").toString(),
                "--listen-native", "127.0.0.1:" + base,
                "--listen-peers", "127.0.0.1:" + (base + 1),
                "--listen-admin", "127.0.0.1:" + (base + 2),
                "--listen-probes", "127.0.0.1:" + (base + 3),
                "--listen-http", "127.0.0.1:" + (base + 4)));
        command.addAll(List.of(more));
        Process process = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(folder.resolve("log-" + processes.size()).toFile()).start();
        processes.add(process);
        return process;
    }

    private String log(int process) throws IOException {
        return Files.readString(folder.resolve("log-" + process));
    }

    private int probe(String path) throws InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + (base + 3) + path)).build();
            return client.send(request, BodyHandlers.ofString()).statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    private void awaitProbe(String path) {
        await().atMost(PATIENCE).until(() -> probe(path) == 200);
    }

    private void assertRefused(Process process, ExitCode code, String... said) throws Exception {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        String log = log(processes.indexOf(process));
        assertThat(process.exitValue()).as(log).isEqualTo(code.status());
        assertThat(log).doesNotContain("\tat ");
        assertThat(log.lines()).last().asString().startsWith("synod: ").contains(said);
    }

    @Test
    void aMemberIsFormattedServesAndEndsWithStatusZeroWhenItIsTold() throws Exception {
        Process process = start();
        awaitProbe("/healthz/started");
        assertThat(probe("/healthz/live")).isEqualTo(200);
        assertThat(probe("/healthz/ready")).isEqualTo(503);
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", base + 2).usePlaintext().build();
        var admin = AdminServiceGrpc.newBlockingStub(channel);
        String cluster = UUID.randomUUID().toString();
        String member = UUID.randomUUID().toString();
        admin.format(FormatRequest.newBuilder().setClusterId(cluster).setMemberId(member)
                .addVoters(InitialMember.newBuilder().setMemberId(member)
                        .setAddress("127.0.0.1:" + (base + 1)))
                .build());
        admin.activate(ActivateRequest.newBuilder().setClusterId(cluster).build());
        awaitProbe("/healthz/ready");
        MemberStatus status = admin.getStatus(GetStatusRequest.getDefaultInstance()).getStatus();
        assertThat(status.getPhase()).isEqualTo(Phase.PHASE_RUNNING);
        assertThat(status.getLeader()).isEqualTo(member);
        assertThat(probe("/metrics")).isEqualTo(200);
        channel.shutdownNow();
        process.destroy();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(log(0)).isZero();
        assertThat(log(0)).contains("level=info").doesNotContain("level=error");
    }

    @Test
    void aSecondProcessOnTheSameVolumeIsRefused() throws Exception {
        start();
        awaitProbe("/healthz/started");
        assertRefused(start(), ExitCode.FOLDER_REFUSED, "is in use by process");
    }

    @Test
    void aFolderOfOtherThingsIsRefused() throws Exception {
        Files.createDirectories(folder.resolve("volume"));
        Files.writeString(folder.resolve("volume").resolve("thesis.txt"), "mine");
        assertRefused(start(), ExitCode.FOLDER_REFUSED, "thesis.txt", "name an empty folder");
    }

    @Test
    void aVolumeThatLostItsIdentityIsRefused() throws Exception {
        Files.createDirectories(folder.resolve("volume"));
        Files.writeString(folder.resolve("volume").resolve("0000000000000001.wal"), "?");
        assertRefused(start(), ExitCode.DAMAGED, "identity file is missing", "new UUID");
    }

    @Test
    void aPortInUseIsNamedWithWhatToDo() throws Exception {
        try (var taken = new ServerSocket(base + 2, 1, InetAddress.getLoopbackAddress())) {
            assertRefused(start(), ExitCode.UNAVAILABLE, String.valueOf(taken.getLocalPort()),
                    "--listen-admin",
                    "ss -ltnp");
        }
    }

    @Test
    void aWrongSettingIsSaidWithoutAStackTrace() throws Exception {
        assertRefused(start("--heartbeat", "never"), ExitCode.USAGE, "--heartbeat", "never", "10ms");
    }

    @Test
    void helpAndVersionNeedNothingElse() throws Exception {
        Process help = start("--help");
        assertThat(help.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(help.exitValue()).isZero();
        assertThat(log(0)).contains("--election-timeout");
        Process version = start("--version");
        assertThat(version.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(log(1)).startsWith("synod ").doesNotContain("${");
    }
}
