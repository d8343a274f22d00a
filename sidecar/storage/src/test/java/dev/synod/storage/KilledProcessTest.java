package dev.synod.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.paxos.SeededRandom;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes that die without a word, and what the next one finds. */
@Timeout(60)
final class KilledProcessTest {
    private static final int KILLS = 10;

    @TempDir Path folder;

    private long lastReported;
    private long roundReported;

    /** Starts a process that appends, kills it while it does, and notes what it had reported. */
    private int killAfter(int reports) throws IOException, InterruptedException {
        Process process = VolumeProcess.start(VolumeProcess.command("append", folder));
        List<String> others = new ArrayList<>();
        int seen = 0;
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ", -1);
                if (words.length != 3 || !words[0].equals("synced")) {
                    others.add(line);
                    continue;
                }
                lastReported = Long.parseLong(words[1]);
                roundReported = Long.parseLong(words[2]);
                if (++seen == reports) {
                    process.toHandle().destroyForcibly(); // what it had written can still be read
                }
            }
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor()).as("how the process ended; it said %s", others).isEqualTo(128 + 9);
        return seen;
    }

    @Test
    void whatAKilledProcessReportedAsSyncedIsThere() throws Exception {
        long seed = System.nanoTime();
        SeededRandom random = new SeededRandom(seed);
        int steps = 0;
        for (int kill = 1; kill <= KILLS; kill++) {
            steps += killAfter(1 + random.below(100));
            VolumeReport report = VolumeInspection.verify(ReadOnlyFileDisk.at(folder), null);
            assertThat(report.verdict()).as("%s", report.findings()).isEqualTo(VolumeReport.Verdict.SOUND);
            try (FileDisk disk = FileDisk.open(folder); Life life = Life.start(disk)) {
                assertThat(life.wrong(lastReported, roundReported)).as("after kill %d of seed %d", kill, seed)
                        .isNull();
                assertThat(life.recovered.incarnation()).isEqualTo(2L * kill);
            }
        }
        assertThat(steps).isGreaterThan(KILLS);
    }
}
