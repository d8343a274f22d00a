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
                setup::run, setup::kind, firstSeed, line.seeds() > 0 ? line.seeds() : Long.MAX_VALUE,
                deadline,
                line.failuresMax());
        batch.run(line.threads(), progress(start));
        Figures figures = batch.figures();
        List<RunResult> failures = batch.failures();
        boolean terminal = isTerminal();
        long demands = 0;
        for (SubjectKind kind : setup.kinds()) {
            text.println("hits of subject " + kind.text());
            text.print(new HitTable(batch.figures(kind).counters(), terminal).text());
        }
        for (RunResult failure : failures) {
            outputs.failure(failure);
        }
        for (SubjectKind kind : setup.kinds()) {
            demands += checkDemands(kind, batch.figures(kind), figures.failed() == 0);
        }
        text.println("figures");
        text.print(figures.text());
        show(failures);
        writeJson(batch, failures);
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
    private long checkDemands(SubjectKind kind, Figures figures, boolean nothingFailed) {
        boolean judged =
                figures.seeds() >= HitTable.GATE_SEEDS && line.knobs().isEmpty() && nothingFailed;
        PrintStream text = outputs.text();
        String of = "subject " + kind.text() + ": ";
        List<String> missed = new HitTable(figures.counters(), false).missed();
        long broken = 0;
        if (!missed.isEmpty()) {
            text.println((judged ? "FAILED " : "") + of + "never hit: " + String.join(", ", missed));
            broken += judged ? 1 : 0;
        }
        if (judged && figures.unrecoverable() * UNRECOVERABLE_ONE_IN > figures.seeds()) {
            text.println("FAILED " + of + "more than one seed in " + UNRECOVERABLE_ONE_IN
                    + " was unrecoverable by design: " + figures.unrecoverable() + " of " + figures.seeds());
            broken++;
        }
        for (String gentle : judged ? figures.tooGentle() : List.<String>of()) {
            text.println("FAILED " + of + gentle);
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

    private void writeJson(SeedBatch batch, List<RunResult> failures) {
        JsonText json = new JsonText().object().put("commit", Outputs.commit()).put("firstSeed",
                Numbers.seed(firstSeed));
        batch.figures().write(json);
        json.object("subjects");
        for (SubjectKind kind : setup.kinds()) {
            HitTable hits = new HitTable(batch.figures(kind).counters(), false);
            json.object(kind.text());
            batch.figures(kind).write(json);
            json.object("hits");
            hits.write(json);
            json.end().list("neverHit");
            hits.missed().forEach(json::add);
            json.end().end();
        }
        json.end().list("failures");
        for (RunResult failure : failures) {
            outputs.write(json, failure);
        }
        outputs.json(json.end().end());
    }
}
