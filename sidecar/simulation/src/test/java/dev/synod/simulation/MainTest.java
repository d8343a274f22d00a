package dev.synod.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
    /** Runs that are over soon. */
    private static final String SHORT = "members=3 safety=3s electionTimeout=500ms heartbeat=50ms";

    private record Ended(int status, String out, String err) {
        String lastLine() {
            return out.lines().reduce("", (before, line) -> line);
        }
    }

    private static Ended run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = new Main(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8)).run(List.of(arguments));
        return new Ended(
                status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void aBatchEndsWithWhatPassedAndFailed() {
        Ended ended = run("--seeds", "4", "--from", "1", "--threads", "2", "--knobs", SHORT);
        assertThat(ended.lastLine()).isEqualTo("4 passed, 0 failed");
        assertThat(ended.status()).isZero();
        assertThat(ended.out()).contains("MESSAGE").contains("Prepare").contains("simulated seconds");
    }

    @Test
    void aSeedIsTracedAndDrawn(@TempDir Path folder) throws IOException {
        Path page = folder.resolve("run.html");
        Ended ended = run("--seed", "1", "--knobs", SHORT, "--trace", "--html", page.toString());
        assertThat(ended.lastLine()).isEqualTo("1 passed, 0 failed");
        assertThat(ended.out()).contains("-> m").contains("STARTED").contains("trace hash");
        assertThat(Files.readString(page)).contains("Synod, seed 0x1: passed");
    }

    @Test
    void onlyTheEndOfATraceCanBeAskedFor() {
        Ended ended = run("--seed", "1", "--knobs", SHORT, "--trace-last", "20");
        assertThat(
                ended.out().lines().filter(line -> line.contains("INVOKED") || line.contains(" m")).count())
                .isLessThan(40);
    }

    @Test
    void jsonOnStandardOutputHasItForItself() {
        Ended ended = run("--seeds", "1", "--from", "1", "--knobs", SHORT, "--json", "-");
        assertThat(ended.out()).startsWith("{").endsWith("}\n").contains("\"passed\": 1");
        assertThat(ended.err()).contains("1 passed, 0 failed");
    }

    @Test
    void theSameSeedEndsTheSameInAnotherJvm() {
        Ended ended = run("--determinism", "--seeds", "2", "--from", "5", "--threads", "1", "--knobs", SHORT);
        assertThat(ended.lastLine()).isEqualTo("2 passed, 0 failed");
    }

    @Test
    void aFaultThatIsNoneIsAWrongCommandLine(@TempDir Path folder) throws IOException {
        Path faults = folder.resolve("faults");
        Files.writeString(faults, "# a comment\n5ns KILL target=0 for=1ns\nrubbish\n");
        Ended ended = run("--seed", "1", "--faults", faults.toString());
        assertThat(ended.status()).isEqualTo(64);
        assertThat(ended.err()).contains("line 3").contains("rubbish");
    }
}
