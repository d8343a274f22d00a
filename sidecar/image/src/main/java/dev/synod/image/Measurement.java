package dev.synod.image;

import dev.synod.image.Distribution.Start;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * What the AOT cache is worth: starts and memory of one member, a cluster by itself, with and without it, by
 * turns, in one run on one machine.
 */
public final class Measurement {
    private static final int WRITES_BEFORE = 2_000;
    private static final double BUDGET_SECONDS = 1;
    private static final double BUDGET_MIB = 100;

    private final Distribution distribution;
    private final int runs;
    private final int writes;

    private Measurement(Distribution distribution, int runs, int writes) {
        this.distribution = distribution;
        this.runs = runs;
        this.writes = writes;
    }

    /** One kind of start, and what was seen of it. */
    private record Seen(Start start, List<Double> seconds, List<Double> readyMib, List<Double> readyOwnMib,
            List<Double> loadedMib, List<Double> loadedOwnMib, List<Double> synodctlSeconds) {
        Seen(Start start) {
            this(start, new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>(),
                    new ArrayList<>(), new ArrayList<>());
        }
    }

    /** Arguments: the distribution, an empty folder to work in, how often, writes of the load. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 4) {
            System.err.println("usage: Measurement DISTRIBUTION WORK RUNS WRITES");
            System.exit(64);
        }
        Path work = Files.createDirectories(Path.of(arguments[1]).toAbsolutePath());
        new Measurement(Distribution.in(arguments[0]), Integer.parseInt(arguments[2]),
                Integer.parseInt(arguments[3])).run(work);
    }

    private void run(Path work) throws IOException, InterruptedException, GeneralSecurityException {
        Seen with = new Seen(new Start.Shipped());
        Seen without = new Seen(new Start.Uncached());
        try (Member member =
                new Member(distribution, work.resolve("alone"), Credentials.make(work), List.of())) {
            member.start(with.start());
            member.awaitStarted();
            Member.formCluster(List.of(member));
            try (Application application = new Application(member.endpoint())) {
                application.write(WRITES_BEFORE);
            }
            member.end();
            for (int i = 0; i < runs; i++) {
                System.err.println("measuring: " + (i + 1) + " of " + runs);
                for (Seen seen : i % 2 == 0 ? List.of(with, without) : List.of(without, with)) {
                    observe(member, seen);
                }
            }
        }
        print(with, without);
    }

    private void observe(Member member, Seen seen) throws IOException, InterruptedException {
        member.start(seen.start());
        seen.seconds().add(member.awaitReady() / 1e9);
        seen.readyMib().add(member.residentMib());
        seen.readyOwnMib().add(member.ownMib());
        try (Application application = new Application(member.endpoint())) {
            application.write(writes);
        }
        seen.loadedMib().add(member.residentMib());
        seen.loadedOwnMib().add(member.ownMib());
        member.end();
        seen.synodctlSeconds().add(synodctl(seen.start()) / 1e9);
    }

    private long synodctl(Start start) throws IOException, InterruptedException {
        long began = System.nanoTime();
        Process running = distribution.synodctl(start, List.of("--version"))
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        if (!running.waitFor(Patience.LONG.toSeconds(), TimeUnit.SECONDS) || running.exitValue() != 0) {
            throw new IllegalStateException("synodctl --version did not end well");
        }
        return System.nanoTime() - began;
    }

    private void print(Seen with, Seen without) {
        System.out.printf(Locale.ROOT, "%nOne member, %d starts of each kind by turns; medians%n", runs);
        System.out.printf(Locale.ROOT, "%-44s %12s %12s %8s%n", "", "AOT cache", "without", "ratio");
        row("start to serving, ms", with.seconds(), without.seconds(), 1_000);
        row("resident once it serves, MiB", with.readyMib(), without.readyMib(), 1);
        row("  of these its own, not of files", with.readyOwnMib(), without.readyOwnMib(), 1);
        row("resident after " + writes + " writes and reads, MiB", with.loadedMib(), without.loadedMib(), 1);
        row("  of these its own, not of files", with.loadedOwnMib(), without.loadedOwnMib(), 1);
        row("synodctl --version, ms", with.synodctlSeconds(), without.synodctlSeconds(), 1_000);
        System.out.printf(Locale.ROOT,
                "%nBudgets: a start of %.0f s at most: %s; %.0f MiB at most under load: %s%n",
                BUDGET_SECONDS, verdict(median(with.seconds()), BUDGET_SECONDS),
                BUDGET_MIB, verdict(median(with.loadedMib()), BUDGET_MIB));
    }

    private static void row(String what, List<Double> with, List<Double> without, double unit) {
        System.out.printf(Locale.ROOT, "%-44s %12.1f %12.1f %8.2f%n", what, median(with) * unit,
                median(without) * unit, median(with) / median(without));
    }

    private static double median(List<Double> all) {
        List<Double> sorted = all.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1
                ? sorted.get(middle)
                : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    private static String verdict(double value, double most) {
        return value <= most ? "kept" : "EXCEEDED";
    }
}
