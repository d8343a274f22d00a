package dev.synod.simulation;

import dev.synod.paxos.Defect;
import dev.synod.paxos.Defects;
import dev.synod.paxos.SeededRandom;
import dev.synod.simulation.mutants.MutantCatalogue;
import dev.synod.simulation.port.Fault;
import dev.synod.simulation.port.Knobs;
import dev.synod.simulation.report.Numbers;
import dev.synod.simulation.walk.WalkMode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The command {@code sidecar/simulation/run}; {@link CommandLine#HELP} says what it can do. */
public final class Main {
    private static final int EXIT_FAILED = 1;
    private static final int EXIT_USAGE = 64;
    private static final int DETERMINISM_SEEDS = 50;

    private final PrintStream out;
    private final PrintStream err;

    Main(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Runs the command and ends the process with its status. */
    public static void main(String[] arguments) {
        int status = new Main(System.out, System.err).run(List.of(arguments));
        System.out.flush();
        System.exit(status);
    }

    /** Runs the command; returns the exit status. */
    int run(List<String> arguments) {
        try {
            CommandLine line = CommandLine.parse(arguments);
            return switch (line.mode()) {
                case HELP -> help();
                case BATCH -> batch(line);
                case REPLAY -> new Replay(line, setup(line), out, err).run() == 0 ? 0 : EXIT_FAILED;
                case MUTANTS -> mutants(line);
                case DETERMINISM -> determinism(line);
                case HASHES -> hashes(line);
                case EXHAUSTIVE -> WalkMode.run(line.threads(), out, err) ? 0 : EXIT_FAILED;
            };
        } catch (UsageException e) {
            err.println("simulation: " + e.getMessage());
            return EXIT_USAGE;
        }
    }

    private int help() {
        out.print(CommandLine.HELP);
        return 0;
    }

    private int batch(CommandLine line) throws UsageException {
        return new Batch(line, setup(line), firstSeed(line), out, err).run() == 0 ? 0 : EXIT_FAILED;
    }

    private int mutants(CommandLine line) throws UsageException {
        try {
            var mutants = line.mutants().isEmpty()
                    ? MutantCatalogue.share(line.share(), line.shares())
                    : MutantCatalogue.named(line.mutants());
            Defects.planted(Defect.M01_PROMISE_NOT_PERSISTED); // says so now if planting is switched off
            Long from = line.from();
            return new MutantHunt(line, mutants, from == null ? 1 : from, out, err).run() == 0
                    ? 0
                    : EXIT_FAILED;
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private int determinism(CommandLine line) throws UsageException {
        long seeds = line.seeds() > 0 ? line.seeds() : DETERMINISM_SEEDS;
        long first = firstSeed(line);
        out.println(
                seeds + " seeds from " + Numbers.seed(first) + " on, twice in this JVM and once in another");
        long differ = new Determinism(setup(line), first, seeds, line.threads(), out).run();
        out.println((seeds - differ) + " passed, " + differ + " failed");
        return differ == 0 ? 0 : EXIT_FAILED;
    }

    private int hashes(CommandLine line) throws UsageException {
        Determinism.hashes(setup(line), firstSeed(line), line.seeds(), line.threads())
                .forEach((seed, hash) -> out.println(Long.toHexString(seed) + " " + Long.toHexString(hash)));
        return 0;
    }

    private static long firstSeed(CommandLine line) {
        Long from = line.from();
        if (from != null) {
            return from;
        }
        long entropy = System.nanoTime() ^ ProcessHandle.current().pid() << 32 ^ System.currentTimeMillis();
        return SeededRandom.mix(entropy) >>> 32 << 8; // short to write down, and rarely the same twice
    }

    private static Setup setup(CommandLine line) throws UsageException {
        try {
            Knobs.draw(0).with(line.knobs());
            return new Setup(line.subject(), line.knobs(), faults(line.faultsFile()), defects(line.plant()));
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private static Defects defects(@Nullable String name) {
        return name == null
                ? Defects.NONE
                : Defects.planted(MutantCatalogue.named(List.of(name)).getFirst().defect());
    }

    private static @Nullable List<Fault> faults(@Nullable String file) throws UsageException {
        if (file == null) {
            return null;
        }
        List<Fault> faults = new ArrayList<>();
        int number = 0;
        try {
            for (String text : Files.readAllLines(Path.of(file), StandardCharsets.UTF_8)) {
                number++;
                if (!text.isBlank() && !text.startsWith("#")) {
                    faults.add(Fault.parse(text.strip()));
                }
            }
        } catch (IOException e) {
            throw new UsageException("--faults " + file + " cannot be read: " + e);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--faults " + file + ", line " + number + ": " + e.getMessage());
        }
        return faults;
    }
}
