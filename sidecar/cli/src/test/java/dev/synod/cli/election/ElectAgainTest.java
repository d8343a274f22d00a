package dev.synod.cli.election;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.synod.cli.Run;
import dev.synod.cli.TestMember;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a command under an election whose leadership somebody takes away. */
@Tag("whole")
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ElectAgainTest {
    private static final Pattern SESSION = Pattern.compile("\"sessionId\": ?\"?(\\d+)");

    @TempDir static Path folder;

    private final List<TestMember> members = new ArrayList<>();

    @BeforeAll
    void start() throws Exception {
        members.add(TestMember.serving(folder.resolve("volume")));
    }

    @AfterAll
    void stop() {
        members.forEach(TestMember::close);
    }

    private Run asked(Object... words) {
        List<Object> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--timeout", "20s", "--endpoint", members.getFirst().endpoint()));
        return Run.of(all.toArray());
    }

    /** A command that tells its token, ends at the second time, and before that only when it is stopped. */
    private CompletableFuture<Run> leading(String election, String... options) {
        List<Object> words = new ArrayList<>(List.of("elect", election, "--id", "a", "--ttl", "5s",
                "--timeout", "20s", "--endpoint", members.getFirst().endpoint()));
        words.addAll(List.of(options));
        words.addAll(List.of("--", "sh", "-c", "echo $SYNOD_FENCING_TOKEN >> " + tokensOf(election)
                + "; [ $(wc -l < " + tokensOf(election) + ") = 2 ] && exit 7; exec sleep 600"));
        return started(() -> Run.of(words.toArray()));
    }

    private static CompletableFuture<Run> started(Supplier<Run> command) {
        return CompletableFuture.supplyAsync(command, task -> Thread.ofPlatform().daemon().start(task));
    }

    private static Path tokensOf(String election) {
        return folder.resolve(election);
    }

    private static List<Long> tokens(String election) throws IOException {
        return Files.exists(tokensOf(election))
                ? Files.readAllLines(tokensOf(election)).stream().map(Long::valueOf).toList()
                : List.of();
    }

    private void closeSessionOfLeader(String election) {
        Matcher id = SESSION.matcher(asked("elect", "leader", election, "-o", "json").out());
        assertThat(id.find()).isTrue();
        assertThat(asked("session", "close", id.group(1)).status()).isZero();
    }

    private static void assertRanTwice(CompletableFuture<Run> run, String election) throws Exception {
        Run ended = run.get(60, TimeUnit.SECONDS);
        assertThat(ended.status()).as(ended.err()).isEqualTo(7);
        assertThat(tokens(election)).hasSize(2).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void afterItsSessionWasClosedItStandsAgainWithAnother() throws Exception {
        CompletableFuture<Run> run = leading("closed", "--again");
        await().until(() -> tokens("closed").size() == 1);
        closeSessionOfLeader("closed");
        assertRanTwice(run, "closed");
    }

    @Test
    void afterItWasTakenOutItStandsAgain() throws Exception {
        CompletableFuture<Run> run = leading("resigned", "--again");
        await().until(() -> tokens("resigned").size() == 1);
        assertThat(asked("elect", "resign", "resigned").status()).isZero();
        assertRanTwice(run, "resigned");
    }

    @Test
    void onceOnlyItExitsWith76WhenItsSessionIsClosed() throws Exception {
        CompletableFuture<Run> run = leading("once");
        await().until(() -> tokens("once").size() == 1);
        closeSessionOfLeader("once");
        Run ended = run.get(60, TimeUnit.SECONDS);
        assertThat(ended.status()).isEqualTo(76);
        assertThat(ended.err()).contains("the leadership of once was lost").hasLineCount(1);
    }

    @Test
    void onceOnlyItExitsWith76WhenItIsTakenOutBeforeItLeads() throws Exception {
        CompletableFuture<Run> first = leading("queued");
        await().until(() -> tokens("queued").size() == 1);
        CompletableFuture<Run> second = started(
                () -> asked("elect", "queued", "--id", "b", "false"));
        await().until(() -> asked("elect", "leader", "queued").out().contains("waits 1"));
        assertThat(asked("elect", "resign", "queued", "--id", "b").status()).isZero();
        Run ended = second.get(60, TimeUnit.SECONDS);
        assertThat(ended.status()).as(ended.err()).isEqualTo(76);
        assertThat(ended.err()).contains("taken out of queued before it came to lead").hasLineCount(1);
        assertThat(asked("elect", "resign", "queued").status()).isZero();
        assertThat(first.get(60, TimeUnit.SECONDS).status()).isEqualTo(76);
    }
}
