package dev.synod.paxos;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Partial partitions heal within four election timeouts whatever the timers draw (I20). The scripts say so
 * for one seed and show how; here their limits are held against many.
 */
final class PartitionTest {
    private static final int SEEDS = 30;

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"chained", "constrained", "quorum-loss", "one-way"})
    void healsWithinFourElectionTimeouts(String name) throws IOException {
        String script = Files.readString(Path.of("src/test/resources/scripts/partition-" + name + ".txt"));
        for (long seed = 1; seed <= SEEDS; seed++) {
            Script story = new Script(script, seed);
            assertThatCode(story::run).as("seed %s", seed).doesNotThrowAnyException();
        }
    }
}
