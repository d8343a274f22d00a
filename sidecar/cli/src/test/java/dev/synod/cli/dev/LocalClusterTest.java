package dev.synod.cli.dev;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.synod.cli.Run;
import dev.synod.cli.dev.LocalCluster.LocalMember;
import dev.synod.cli.output.Output;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One member, a real process, and {@code synodctl} against it. */
@Tag("whole")
@Timeout(120)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class) // the last one stops the member
final class LocalClusterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ClusterFile ONE = ClusterFile.parse("one.yaml", """
            apiVersion: synod.dev/v1alpha1
            kind: CoordinationCluster
            metadata: {name: one}
            spec: {voters: {replicas: 1}}
            """);

    @TempDir private static Path folder = Path.of("");

    private static @Nullable LocalCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = started();
    }

    private static LocalCluster started() throws Exception {
        Console console = new Console(new PrintStream(OutputStream.nullOutputStream(), true,
                StandardCharsets.UTF_8), true, false);
        LocalCluster made = LocalCluster.of(StateFolder.kept(folder.resolve("state")), ONE, console);
        made.start();
        return made;
    }

    @AfterAll
    static void stop() throws Exception {
        cluster().close();
    }

    private static LocalCluster cluster() {
        return Objects.requireNonNull(cluster);
    }

    private static LocalMember member() {
        return cluster().members().getFirst();
    }

    private static Run run(Object... arguments) {
        List<Object> all = new ArrayList<>(List.of(arguments));
        int at = all.contains("--") ? all.indexOf("--") : all.size();
        boolean asksAdmin = List.of("status", "members", "backup").contains(arguments[0]);
        all.addAll(at, asksAdmin
                ? List.of("--admin", Ports.loopback(member().plan().ports().admin()))
                : List.of("--endpoint", member().plan().endpoint(), "--timeout", "20s"));
        return Run.of(all.toArray());
    }

    private static JsonObject json(Run run) {
        return JsonParser.parseString(run.out()).getAsJsonObject();
    }

    private static void await(String what, BooleanSupplier condition) throws Exception {
        cluster().await(what, PATIENCE, condition);
    }

    @Test
    @Order(1)
    void aValueIsWrittenReadAndDeleted() {
        assertThat(run("kv", "put", "config/a", "hello").status()).isZero();
        assertThat(run("kv", "get", "config/a").out()).isEqualTo("hello");
        Run all = run("kv", "get", "config/", "--prefix", "-o", "json");
        assertThat(json(all).getAsJsonArray("values")).hasSize(1);
        assertThat(run("kv", "del", "config/a").status()).isZero();
        assertThat(run("kv", "get", "config/a").status()).isEqualTo(1);
        assertThat(run("kv", "del", "config/a").status()).isEqualTo(1);
    }

    @Test
    @Order(1)
    void aPutWhoseConditionDoesNotHoldExitsWith1AndChangesNothing() {
        run("kv", "put", "conditional", "one");
        assertThat(run("kv", "put", "conditional", "two", "--if-revision", "0").status()).isEqualTo(1);
        assertThat(run("kv", "get", "conditional").out()).isEqualTo("one");
    }

    @Test
    @Order(1)
    void aTransactionTakesOneBranchOrTheOther() {
        assertThat(run("kv", "txn", "--if", "txn missing", "--put", "txn=1").status()).isZero();
        Run refused = run("kv", "txn", "--if", "txn missing", "--put", "txn=2", "--else-get", "txn");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.out()).contains("txn = 1");
    }

    @Test
    @Order(1)
    void aWatchTellsChangesFromARevisionOn() {
        long revision = json(run("kv", "put", "watched", "1", "-o", "json")).get("revision").getAsLong();
        run("kv", "put", "watched", "2");
        Run watch = run("kv", "watch", "watched", "--from", revision, "--count", "2");
        assertThat(watch.out().lines()).hasSize(2).last().asString().contains("watched = 2");
    }

    @Test
    @Order(1)
    void aCommandUnderALockSeesItsTokenAndGivesItsStatus() throws Exception {
        Path seen = folder.resolve("seen");
        Run run = run("lock", "job", "--", "sh", "-c",
                "echo $SYNOD_LOCK_NAME $SYNOD_FENCING_TOKEN > " + seen + "; exit 7");
        assertThat(run.status()).as(run.err()).isEqualTo(7);
        assertThat(Files.readString(seen).strip()).matches("job [1-9][0-9]*");
    }

    @Test
    @Order(1)
    void aLockThatIsHeldIsBusyAndWhenItIsBrokenItsCommandIsStopped() throws Exception {
        Path up = folder.resolve("up");
        CompletableFuture<Run> holder = CompletableFuture.supplyAsync(() -> run("lock", "held", "--",
                "sh", "-c", "touch " + up + "; while true; do sleep 0.05; done"));
        await("the command to run", () -> Files.exists(up));
        assertThat(run("lock", "held", "--", "true").status()).isEqualTo(75);
        assertThat(run("lock", "held", "--wait", "200ms", "--", "true").status()).isEqualTo(75);
        assertThat(run("lock", "show", "held").status()).isZero();
        assertThat(run("lock", "ls").out()).contains("held");
        assertThat(run("lock", "break", "held", "--reason", "test").status()).isZero();
        Run stopped = holder.get();
        assertThat(stopped.status()).isEqualTo(76);
        assertThat(stopped.err()).contains("test");
        assertThat(run("lock", "show", "held").status()).isEqualTo(1);
    }

    @Test
    @Order(1)
    void sharedHoldersAndPermitsAreLetInTogether() {
        Run shared = run("lock", "together", "--shared", "--", "true");
        assertThat(shared.status()).as(shared.err()).isZero();
        assertThat(run("lock", "permits", "--permits", "2", "--", "true").status()).isZero();
        assertThat(run("lock", "permits", "--permits", "2", "--shared", "--", "true").status()).isEqualTo(64);
    }

    @Test
    @Order(1)
    void aCommandRunsWhileItsCandidateLeadsAndItResignsAfterwards() throws Exception {
        Path seen = folder.resolve("elected");
        Run run = run("elect", "boss", "--id", "me", "--", "sh", "-c",
                "echo $SYNOD_ELECTION_NAME $SYNOD_CANDIDATE_ID > " + seen);
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(Files.readString(seen).strip()).isEqualTo("boss me");
        assertThat(run("elect", "leader", "boss").status()).isEqualTo(1);
    }

    @Test
    @Order(1)
    void aLeaderThatIsResignedByForceHasItsCommandStopped() throws Exception {
        Path up = folder.resolve("leads");
        CompletableFuture<Run> leader = CompletableFuture.supplyAsync(() -> run("elect", "forced",
                "--id", "me", "--", "sh", "-c", "touch " + up + "; while true; do sleep 0.05; done"));
        await("the command to run", () -> Files.exists(up));
        assertThat(json(run("elect", "observe", "forced", "--count", "1", "-o", "json")).toString())
                .contains("\"me\"");
        Run resigned = run("elect", "resign", "forced");
        assertThat(resigned.status()).as(resigned.err()).isZero();
        assertThat(leader.get().status()).isEqualTo(76);
    }

    private static CompletableFuture<Run> leading(String id, String... more) {
        List<Object> line = new ArrayList<>(List.of("elect", "handed", "--id", id));
        line.addAll(List.of(more));
        line.addAll(List.of("--", "sh", "-c", "echo $SYNOD_FENCING_TOKEN >> " + folder.resolve(id)
                + "; while [ ! -e " + folder.resolve("enough") + " ]; do sleep 0.05; done"));
        // The common pool may have but one thread, and two lead in turn.
        return CompletableFuture.supplyAsync(() -> run(line.toArray()), task -> new Thread(task).start());
    }

    private static List<String> tokens(String id) {
        Path told = folder.resolve(id);
        try {
            return Files.exists(told) ? Files.readAllLines(told) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    @Order(1)
    void leadershipIsHandedToWhoIsNamedAndWithAgainTheCommandRunsAnew() throws Exception {
        CompletableFuture<Run> first = leading("first", "--again");
        await("the first to lead", () -> run("elect", "leader", "handed").out().contains("first"));
        CompletableFuture<Run> second = leading("second");
        await("the second to wait", () -> run("elect", "leader", "handed").out().contains("second"));
        assertThat(run("elect", "transfer", "handed", "--to", "second", "--token", "1").status())
                .isEqualTo(1);
        Run handed = run("elect", "transfer", "handed", "--to", "second");
        assertThat(handed.status()).as(handed.err()).isZero();
        assertThat(handed.out()).contains("second leads handed, token ");
        await("the second's command", () -> !tokens("second").isEmpty());
        assertThat(run("elect", "resign", "handed", "--id", "second").status()).isZero();
        assertThat(second.get().status()).isEqualTo(76);
        await("the first's command again", () -> tokens("first").size() == 2);
        Files.createFile(folder.resolve("enough"));
        assertThat(first.get().status()).as(first.get().err()).isZero();
        List<Long> rising = Stream.of(tokens("first").getFirst(), tokens("second").getFirst(),
                tokens("first").getLast()).map(Long::valueOf).toList();
        assertThat(rising).isSorted().doesNotHaveDuplicates();
    }

    @Test
    @Order(1)
    void theMemberAndItsClusterAreTold() {
        Run status = run("status", "--confirm", "-o", "json");
        assertThat(status.status()).as(status.err()).isZero();
        assertThat(json(status).get("role").getAsString()).isEqualTo("leader");
        assertThat(run("members").out()).contains("leader").contains(member().plan().id().toString());
        assertThat(run("wait", "--for", "ready").status()).isZero();
        assertThat(run("wait", "--for", "leader").status()).isZero();
        assertThat(run("session", "ls").status()).isZero();
        assertThat(run("session", "close", "999999").status()).isEqualTo(1);
    }

    @Test
    @Order(2)
    void aBackupIsRestoredIntoAVolumeWithWhatItHeld() {
        run("kv", "put", "kept", "in the backup");
        Path backup = folder.resolve("backup");
        Run run = run("backup", "-f", backup);
        assertThat(run.status()).as(run.err()).isZero();
        Run restored = Run.of("volume", "restore", backup, "--into", folder.resolve("restored"), "--address",
                "127.0.0.1:7401", "--yes");
        assertThat(restored.status()).as(restored.err()).isZero();
        assertThat(Run.of("volume", "verify", folder.resolve("restored")).status()).isZero();
        assertThat(run("backup", "-f", backup).status()).isEqualTo(73);
    }

    @Test
    @Order(2)
    void aBackupComesOverStandardOutputByteForByte() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Run run = Run.to(new Output(bytes, StandardCharsets.UTF_8, false), "backup", "-f", "-", "--admin",
                Ports.loopback(member().plan().ports().admin()));
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.err()).contains("revision");
        Path backup = Files.write(folder.resolve("piped"), bytes.toByteArray());
        Run plan = Run.of("volume", "restore", backup, "--into", folder.resolve("unborn"), "--address",
                "127.0.0.1:7401");
        assertThat(plan.out()).contains("would be");
    }

    @Test
    @Order(2)
    void aFolderKeepsAsManyBackupsAsAskedFor() throws Exception {
        Path backups = Files.createDirectory(folder.resolve("backups"));
        String cluster = json(run("status", "-o", "json")).get("clusterId").getAsString();
        Path old = Files.writeString(
                backups.resolve("20200101T000000Z-" + cluster.substring(0, 8) + ".backup"), "old");
        Run run = run("backup", "--into", backups, "--keep", "1");
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out()).contains(old + ": deleted");
        assertThat(backups.toFile().list()).singleElement().asString().endsWith(".backup");
    }

    @Test
    @Order(3)
    void aMemberThatIsKilledFromOutsideIsStartedAgain() throws Exception {
        ProcessHandle first = Objects.requireNonNull(member().process().handle());
        first.destroyForcibly();
        await("another process to serve", () -> {
            ProcessHandle now = member().process().handle();
            return now != null && now.pid() != first.pid() && cluster().leader() != null;
        });
        assertThat(run("kv", "get", "kept").out()).isEqualTo("in the backup");
    }

    @Test
    @Order(4)
    void whatWasKeptIsThereAgainAfterTheClusterEnded() throws Exception {
        cluster().close();
        assertThat(member().process().isAlive()).isFalse();
        assertThat(Run.of("volume", "verify", folder.resolve("state/member-0")).status()).isZero();
        cluster = started();
        assertThat(run("kv", "get", "kept").out()).isEqualTo("in the backup");
    }
}
