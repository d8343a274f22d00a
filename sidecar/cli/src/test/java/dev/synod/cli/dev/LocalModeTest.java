package dev.synod.cli.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.synod.cli.Main;
import dev.synod.cli.Run;
import dev.synod.cli.admin.AdminPort;
import dev.synod.cli.dev.LocalCluster.LocalMember;
import dev.synod.paxos.Configuration;
import dev.synod.paxos.Defects;
import dev.synod.storage.FileDisk;
import dev.synod.storage.Volume;
import dev.synod.storage.VolumeLimits;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A voter and an observer on this machine, an application beside an agent, and data that do not fit. */
@Tag("whole")
@Timeout(180)
final class LocalModeTest {
    private static final String FILE = """
            apiVersion: synod.dev/v1alpha1
            kind: CoordinationCluster
            metadata: {name: two}
            spec: {voters: {replicas: 1}, observers: {replicas: 1}}
            """;

    @TempDir private Path folder = Path.of("");

    private Path file = Path.of("");
    private Path data = Path.of("");

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("two.yaml"), FILE);
        data = folder.resolve("data");
    }

    private LocalCluster started() throws Exception {
        Console console = new Console(new PrintStream(OutputStream.nullOutputStream(), true,
                StandardCharsets.UTF_8), true, false);
        LocalCluster cluster = LocalCluster.of(StateFolder.kept(data), ClusterFile.read(file), console);
        cluster.start();
        return cluster;
    }

    private Run dev() {
        return Run.of("dev", "-f", file, "--keep-data", data, "--quiet");
    }

    private static void assertSaid(Run run, int status, String... parts) {
        assertThat(run.status()).as(run.err()).isEqualTo(status);
        assertThat(run.err()).startsWith("synodctl: ").hasLineCount(1).contains(parts);
    }

    @Test
    void anObserverServesAndSoDoesAnAgentBesideAnApplication() throws Exception {
        try (LocalCluster cluster = started()) {
            LocalMember voter = cluster.members().getFirst();
            LocalMember observer = cluster.members().getLast();
            Run members = Run.of("members", "--admin", observer.admin().address());
            assertThat(members.out()).as(members.err()).contains("leader").containsPattern("observer .* yes");
            String endpoint = observer.plan().endpoint();
            assertThat(Run.of("kv", "put", "a", "1", "--endpoint", endpoint, "--timeout", "20s").status())
                    .isZero();
            assertThat(Run.of("kv", "get", "a", "--endpoint", voter.plan().endpoint()).out())
                    .isEqualTo("1");

            String synodctl = Path.of(System.getProperty("java.home"), "bin", "java") + " -cp "
                    + System.getProperty("java.class.path") + " " + Main.class.getName();
            Run beside = Run.of("dev", "--members", observer.plan().address(), "--", "sh", "-c",
                    synodctl + " kv put b $SYNOD_ENDPOINT --timeout 20s && exit 7");
            assertThat(beside.status()).as(beside.err()).isEqualTo(7);
            assertThat(Run.of("kv", "get", "b", "--endpoint", endpoint).out()).startsWith("127.0.0.1:")
                    .doesNotContain(endpoint);

            assertSaid(dev(), 73, data.toString(), "in use by another synodctl dev", "name another folder");
        }
        int taken = Plan.read(data.resolve("cluster")).members().getFirst().ports().admin();
        try (var socket = new ServerSocket(taken, 1, InetAddress.getLoopbackAddress())) {
            assertSaid(dev(), 69, "port " + socket.getLocalPort() + " of member-0 is taken", "end it");
        }
    }

    @Test
    void whoEndsItEndsTheApplicationFirstWhichCanStillHandOver() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String path = System.getProperty("java.class.path");
        Path told = folder.resolve("told");
        Path up = folder.resolve("up");
        String synodctl = java + " -cp " + path + " " + Main.class.getName();
        String application = "trap '" + synodctl + " kv put last word --timeout 20s > " + told
                + " 2>&1; exit 0' TERM; touch " + up + "; while true; do sleep 0.1; done";
        Path said = folder.resolve("said");
        Process dev = new ProcessBuilder(java, "-cp", path, Main.class.getName(), "dev", "-f",
                file.toString(), "--keep-data", data.toString(), "--", "sh", "-c", application)
                .redirectErrorStream(true).redirectOutput(said.toFile()).start();
        await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(up));
        List<ProcessHandle> members = dev.children().filter(LocalModeTest::isMember).toList();
        assertThat(members).hasSize(3).allMatch(LocalModeTest::ignoresTheKeyboard);

        dev.destroy();

        assertThat(dev.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(told).content().contains("revision ");
        assertThat(said).content().contains("ending: the members hand over and stop")
                .doesNotContain("Exception", "is killed");
        assertThat(members).noneMatch(ProcessHandle::isAlive);
    }

    private static boolean isMember(ProcessHandle child) {
        return child.info().command().orElse("").endsWith("java");
    }

    /** SIGINT is the second bit. */
    private static boolean ignoresTheKeyboard(ProcessHandle process) {
        try {
            String mask = Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                    .filter(line -> line.startsWith("SigIgn:")).findFirst().orElseThrow();
            return (Long.parseUnsignedLong(mask.substring(7).strip(), 16) & 2) != 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theLineThatItSuggestsIsOneThatItTakes() {
        String[] words = DevCommand.hint("127.0.0.1:7400").split(" ", 9);
        assertThat(words[0]).isEqualTo("synodctl");
        CommandLine.ParseResult parsed =
                Main.commandLine().parseArgs(Arrays.copyOfRange(words, 1, words.length));
        assertThat(parsed.subcommand().matchedOptionValue("--endpoint", "")).isEqualTo("127.0.0.1:7400");
        assertThat(parsed.subcommand().matchedPositionalValue(1, List.of())).hasSize(3);
    }

    @Test
    void whoStopsAskingForAStatusIsToldNothing() throws Exception {
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                AdminPort port = new AdminPort(Ports.loopback(silent.getLocalPort()))) {
            Thread.currentThread().interrupt();
            assertThat(port.statusIfAny()).isNull();
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void anEmptyOrForeignVolumeOfAClusterThatHasBegunIsRefused() throws Exception {
        started().close();
        Path volume = data.resolve("member-0");
        delete(volume);
        assertSaid(dev(), 65, "1 of the volumes of its 1 voters are empty", "no quorum",
                "Put the volumes back", "synodctl volume recover");

        delete(volume);
        UUID stranger = new UUID(8, 8);
        UUID elsewhere = new UUID(9, 9);
        try (FileDisk disk = FileDisk.open(volume);
                Volume other = Volume.open(disk, Defects.NONE, VolumeLimits.withSegments(256 << 10))) {
            other.format(elsewhere, stranger,
                    Configuration.initial(List.of(stranger), List.of("127.0.0.1:1")), true);
        }
        assertSaid(dev(), 65, volume.toString(), "belongs to member " + stranger + " of cluster " + elsewhere,
                "not to member-0", "put the right one back");
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
