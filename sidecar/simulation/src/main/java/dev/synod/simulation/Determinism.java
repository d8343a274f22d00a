package dev.synod.simulation;

import dev.synod.simulation.report.Numbers;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Shows that a seed is all there is to a run: the same seeds twice in this JVM and once in another, with
 * identity hashes, locale, time zone and compiler set otherwise, must leave equal trace hashes.
 */
final class Determinism {
    /** What must not matter. hashCode=0: identity hashes from another generator than the default one. */
    private static final List<String> OTHERWISE = List.of(
            "-XX:+UnlockExperimentalVMOptions",
            "-XX:hashCode=0",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Duser.language=tr",
            "-Duser.country=TR",
            "-Duser.timezone=Asia/Kathmandu",
            "-ea");

    private final Setup setup;
    private final long firstSeed;
    private final long seeds;
    private final int threads;
    private final PrintStream out;

    Determinism(Setup setup, long firstSeed, long seeds, int threads, PrintStream out) {
        this.setup = setup;
        this.firstSeed = firstSeed;
        this.seeds = seeds;
        this.threads = threads;
        this.out = out;
    }

    /** Runs all three; returns how many seeds differed. */
    long run() {
        Map<Long, Long> first = hashes(setup, firstSeed, seeds, threads);
        Map<Long, Long> second = hashes(setup, firstSeed, seeds, threads);
        Map<Long, Long> elsewhere = hashesElsewhere();
        long differ = 0;
        for (Map.Entry<Long, Long> hash : first.entrySet()) {
            Long again = second.get(hash.getKey());
            Long other = elsewhere.get(hash.getKey());
            if (!hash.getValue().equals(again) || !hash.getValue().equals(other)) {
                differ++;
                out.println(
                        "FAILED seed " + Numbers.seed(hash.getKey()) + " is not deterministic: trace hash "
                                + Long.toHexString(hash.getValue()) + ", again in this JVM " + text(again)
                                + ", in another JVM "
                                + text(other));
            }
        }
        return differ;
    }

    private static String text(@org.jspecify.annotations.Nullable Long hash) {
        return hash == null ? "none" : Long.toHexString(hash);
    }

    /** Trace hashes by seed. */
    static Map<Long, Long> hashes(Setup setup, long firstSeed, long seeds, int threads) {
        Map<Long, Long> hashes = new TreeMap<>();
        SeedBatch batch = new SeedBatch(
                seed -> {
                    var result = setup.run(seed);
                    synchronized (hashes) {
                        hashes.put(seed, result.traceHash());
                    }
                    return result;
                },
                setup::kind,
                firstSeed,
                seeds,
                Long.MAX_VALUE,
                Integer.MAX_VALUE);
        batch.run(threads, figures -> {});
        return hashes;
    }

    private Map<Long, Long> hashesElsewhere() {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + "/bin/java");
        command.addAll(OTHERWISE);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(Main.class.getName());
        command.addAll(
                List.of("--hashes", "--from", Numbers.seed(firstSeed), "--seeds", Long.toString(seeds)));
        command.addAll(List.of("--threads", Integer.toString(threads), "--knobs", setup.knobs()));
        if (setup.subject() != null) {
            command.addAll(List.of("--subject", setup.subject().text()));
        }
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            Map<Long, Long> hashes = new TreeMap<>();
            try (BufferedReader lines =
                    new BufferedReader(
                            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    int space = line.indexOf(' ');
                    hashes.put(
                            Long.parseUnsignedLong(line.substring(0, space), 16),
                            Long.parseUnsignedLong(line.substring(space + 1), 16));
                }
            }
            int status = process.waitFor();
            if (status != 0) {
                throw new IllegalStateException("the other JVM ended with status " + status + ": " + command);
            }
            return hashes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }
}
