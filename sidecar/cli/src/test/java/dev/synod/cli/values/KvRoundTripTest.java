package dev.synod.cli.values;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.synod.cli.Run;
import dev.synod.cli.TestMember;
import dev.synod.cli.output.Output;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What comes out of {@code kv get} is what went into {@code kv put}; and who watches is not kept waiting. */
@Tag("whole")
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class KvRoundTripTest {
    private static final byte[] NO_TEXT = {0, (byte) 0xff, '\n', (byte) 0xc3, 0x28, '\r'};

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

    private void put(String key, byte[] value) {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(value));
        try {
            Run run = Run.of("kv", "put", key, "-", "--endpoint", members.getFirst().endpoint());
            assertThat(run.status()).as(run.err()).isZero();
        } finally {
            System.setIn(before);
        }
    }

    private byte[] got(String key, boolean terminal) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Run run = Run.to(new Output(out, StandardCharsets.US_ASCII, terminal), "kv", "get", key, "--endpoint",
                members.getFirst().endpoint());
        assertThat(run.status()).as(run.err()).isZero();
        return out.toByteArray();
    }

    @Test
    void bytesThatAreNoTextComeBackAsTheyAre() {
        put("binary", NO_TEXT);
        assertThat(got("binary", false)).isEqualTo(NO_TEXT);
    }

    @Test
    void textComesBackWithoutALineBreakBehindIt() {
        byte[] text = "grün".getBytes(StandardCharsets.UTF_8);
        put("text", text);
        assertThat(got("text", false)).isEqualTo(text);
    }

    @Test
    void aWatchOfASidecarThatStandsStillEndsAndSaysWhereToGoOn() throws Exception {
        CompletableFuture<Run> watch = new CompletableFuture<>();
        try (Relay relay = new Relay(port())) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            started(watch, out, "kv", "watch", "w/", "--prefix", "--from", "1", "--endpoint",
                    relay.endpoint());
            put("w/a", new byte[] {'1'});
            await().until(() -> out.toString(StandardCharsets.UTF_8).contains("w/a = 1"));
            relay.silenceWhatIsOpen();
            Run ended = watch.get(60, TimeUnit.SECONDS);
            assertThat(ended.status()).isEqualTo(69);
            assertThat(ended.err()).contains("has told nothing for 15 s", "--from ").hasLineCount(1);
        }
    }

    @Test
    void soDoesWhoObservesAnElection() throws Exception {
        CompletableFuture<Run> observed = new CompletableFuture<>();
        try (Relay relay = new Relay(port())) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            started(observed, out, "elect", "observe", "e", "--endpoint", relay.endpoint());
            await().until(() -> out.toString(StandardCharsets.UTF_8).contains("nobody leads"));
            relay.silenceWhatIsOpen();
            Run ended = observed.get(60, TimeUnit.SECONDS);
            assertThat(ended.status()).isEqualTo(69);
            assertThat(ended.err()).contains("has told nothing for 15 s").hasLineCount(1);
        }
    }

    private int port() {
        String endpoint = members.getFirst().endpoint();
        return Integer.parseInt(endpoint.substring(endpoint.indexOf(':') + 1));
    }

    private static void started(CompletableFuture<Run> run, ByteArrayOutputStream out, Object... words) {
        Thread.ofPlatform().daemon().start(
                () -> run.complete(Run.to(new Output(out, StandardCharsets.UTF_8, false), words)));
    }

    @Test
    void onATerminalOneLineBreakEndsIt() {
        put("line", "a".getBytes(StandardCharsets.UTF_8));
        assertThat(got("line", true)).isEqualTo("a\n".getBytes(StandardCharsets.UTF_8));
        put("ended", "a\n".getBytes(StandardCharsets.UTF_8));
        assertThat(got("ended", true)).isEqualTo("a\n".getBytes(StandardCharsets.UTF_8));
    }
}
