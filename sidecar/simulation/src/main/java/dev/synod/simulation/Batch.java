package dev.synod.simulation;

import dev.synod.simulation.port.RunResult;
import dev.synod.simulation.report.Figures;
import dev.synod.simulation.report.HitTable;
import dev.synod.simulation.report.JsonText;
import dev.synod.simulation.report.Numbers;
import dev.synod.simulation.report.Progress;
import java.io.Console;
import java.io.PrintStream;
import java.util.List;
import java.util.function.Consumer;

/** Fresh seeds until a limit, and what came of them. */
final class Batch {
    private static final long UNRECOVERABLE_ONE_IN = 100;
    private static final long PROGRESS_NANOS = 5_000_000_000L;
    private static final long PROGRESS_TERMINAL_NANOS = 500_000_000L;

    private final CommandLine line;
    private final Setup setup;
    private final long firstSeed;
    private final Outputs outputs;
    private final PrintStream err;

    Batch(CommandLine line, Setup setup, long firstSeed, PrintStream out, PrintStream err) {
        this.line = line;
        this.setup = setup;
        this.firstSeed = firstSeed;
        this.outputs = new Outputs(line, setup, out, err);
        this.err = err;
    }

    /** Runs it; returns how much failed: seeds, and demands on the batch as a whole. */
    long run() {
        PrintStream text = outputs.text();
        text.println("seeds from " + Numbers.seed(firstSeed) + " on, " + line.threads() + " at a time");
        long start = System.nanoTime();
        long deadline = line.seconds() > 0 ? start + line.seconds() * 1_000_000_000L : Long.MAX_VALUE;
        SeedBatch batch = new SeedBatch(
                setup::run, firstSeed, line.seeds() > 0 ? line.seeds() : Long.MAX_VALUE, deadline,
                line.failuresMax());
        batch.run(line.threads(), progress(start));
        Figures figures = batch.figures();
        List<RunResult> failures = batch.failures();
        boolean terminal = isTerminal();
        HitTable hits = new HitTable(figures.counters(), terminal);
        text.println("hits");
        text.print(hits.text());
        for (RunResult failure : failures) {
            outputs.failure(failure);
        }
        long demands = checkDemands(figures, hits);
        text.println("figures");
        text.print(figures.text());
        show(failures);
        writeJson(figures, hits, failures);
        text.println(figures.passed() + " passed, " + (figures.failed() + demands) + " failed");
        return figures.failed() + demands;
    }

    /** Its contract still allows null; whether it is a terminal is asked apart. */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    private Consumer<Figures> progress(long start) {
        Progress progress = new Progress(line.seeds(), line.seconds());
        boolean terminal = isTerminal();
        long every = terminal ? PROGRESS_TERMINAL_NANOS : PROGRESS_NANOS;
        long[] printed = {start};
        return figures -> {
            long now = System.nanoTime();
            if (now - printed[0] >= every) {
                printed[0] = now;
                String text = progress.line(figures, now - start);
                if (terminal) {
                    err.print("\r" + text + "\u001b[K\r");
                } else {
                    err.println(text);
                }
            }
        };
    }

    /**
     * A batch that exercised nothing, or mostly gave up, is a failure of the simulator. Small or bent ones
     * are not judged.
     */
    private long checkDemands(Figures figures, HitTable hits) {
        boolean judged =
                figures.seeds() >= HitTable.GATE_SEEDS && line.knobs().isEmpty() && figures.failed() == 0;
        List<String> missed = hits.missed();
        long broken = 0;
        if (!missed.isEmpty()) {
            outputs.text().println((judged ? "FAILED " : "") + "never hit: " + String.join(", ", missed));
            broken += judged ? 1 : 0;
        }
        if (judged && figures.unrecoverable() * UNRECOVERABLE_ONE_IN > figures.seeds()) {
            outputs.text()
                    .println("FAILED more than one seed in " + UNRECOVERABLE_ONE_IN
                            + " was unrecoverable by design: "
                            + figures.unrecoverable() + " of " + figures.seeds());
            broken++;
        }
        for (String gentle : judged ? figures.tooGentle() : List.<String>of()) {
            outputs.text().println("FAILED " + gentle);
            broken++;
        }
        return broken;
    }

    private void show(List<RunResult> failures) {
        if (!failures.isEmpty()) {
            outputs.page(outputs.shrunk(failures.getFirst()));
        } else if (line.htmlFile() != null) {
            outputs.page(setup.run(firstSeed));
        }
    }

    private void writeJson(Figures figures, HitTable hits, List<RunResult> failures) {
        JsonText json = new JsonText().object().put("commit", Outputs.commit()).put("firstSeed",
                Numbers.seed(firstSeed));
        figures.write(json);
        json.object("hits");
        hits.write(json);
        json.end().list("neverHit");
        hits.missed().forEach(json::add);
        json.end().list("failures");
        for (RunResult failure : failures) {
            outputs.write(json, failure);
        }
        outputs.json(json.end().end());
    }
}
