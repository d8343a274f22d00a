package dev.synod.simulation;

import dev.synod.simulation.port.Fault;
import dev.synod.simulation.port.RunResult;
import dev.synod.simulation.report.FailureText;
import dev.synod.simulation.report.JsonText;
import dev.synod.simulation.report.Numbers;
import dev.synod.simulation.report.TimelinePage;
import dev.synod.simulation.report.TimelineRecorder;
import dev.synod.simulation.shrink.Shrinker;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What replays and batches have in common: failures, pages, shrinking, files. */
final class Outputs {
    private final CommandLine line;
    private final Setup setup;
    private final PrintStream text;
    private final PrintStream out;

    Outputs(CommandLine line, Setup setup, PrintStream out, PrintStream err) {
        this.line = line;
        this.setup = setup;
        this.out = out;
        this.text = "-".equals(line.jsonFile()) ? err : out;
    }

    /** Where text for people goes: away from standard output when that carries JSON. */
    PrintStream text() {
        return text;
    }

    static String commit() {
        return System.getProperty("synod.commit", "unknown");
    }

    private String extraArguments(long seed) {
        return " --subject " + setup.kind(seed).text()
                + (line.plant() == null ? "" : " --plant " + line.plant())
                + (line.faultsFile() == null ? "" : " --faults " + line.faultsFile());
    }

    void failure(RunResult result) {
        text.print(FailureText.of(result, Outputs.commit(), extraArguments(result.seed())));
    }

    /** Cuts a failed run down, if that was asked for; returns the run to be shown. */
    RunResult shrunk(RunResult failed) {
        if (!line.shrink()) {
            return failed;
        }
        long deadline = System.nanoTime() + line.shrinkSeconds() * 1_000_000_000;
        Shrinker.Shrunk shrunk = Shrinker.shrink(
                failed,
                (knobs, faults) -> setup.run(failed.seed(), knobs, faults, null),
                () -> System.nanoTime() - deadline >= 0);
        List<Fault> faults = shrunk.faults();
        if (faults == null) {
            text.println("not shrunk: with its recorded faults the run does not break " + invariant(failed));
            return failed;
        }
        String file = "shrunk-" + Long.toHexString(failed.seed()) + ".faults";
        String arguments = " --subject " + setup.kind(failed.seed()).text()
                + (line.plant() == null ? "" : " --plant " + line.plant());
        String replay = FailureText.replay(shrunk.result(), arguments + " --faults " + file + " --trace");
        StringBuilder content = new StringBuilder("# " + replay + "\n# " + invariant(failed) + "\n");
        for (Fault fault : faults) {
            content.append(fault).append('\n');
        }
        write(file, content.toString());
        text.println("shrunk in " + shrunk.tried() + " runs: from " + failed.faults().size() + " faults and "
                + failed.steps()
                + " events to " + faults.size() + " faults and " + shrunk.result().steps() + " events");
        for (Fault fault : faults) {
            text.println("  " + fault);
        }
        text.println("  replay     " + replay);
        return shrunk.result();
    }

    private static String invariant(RunResult result) {
        RunResult.Failure failure = result.failure();
        return failure == null ? "nothing" : failure.invariant() + ": " + failure.message();
    }

    /** Runs a seed once more, with a recorder, and writes its page. */
    void page(RunResult result) {
        String file = line.htmlFile();
        if (file == null) {
            return;
        }
        TimelineRecorder recorder = new TimelineRecorder(setup.kind(result.seed())::clientText);
        List<Fault> faults =
                result.knobs().equals(setup.knobs(result.seed())) ? setup.faults() : result.faults();
        RunResult again = setup.run(result.seed(), result.knobs(), faults, recorder);
        String title = "Synod, seed " + Numbers.seed(result.seed()) + ": "
                + (again.passed() ? "passed" : invariant(again));
        write(file, TimelinePage.of(recorder, title,
                FailureText.of(again, commit(), extraArguments(result.seed()))));
        text.println("timeline written to " + file);
    }

    void json(JsonText json) {
        String file = line.jsonFile();
        if ("-".equals(file)) {
            out.print(json);
        } else if (file != null) {
            write(file, json.toString());
        }
    }

    /** A failure as an object of the list that is open. */
    void write(JsonText json, RunResult result) {
        RunResult.Failure failure = result.failure();
        if (failure != null) {
            json.object()
                    .put("seed", Numbers.seed(result.seed()))
                    .put("subject", setup.kind(result.seed()).text())
                    .put("invariant", failure.invariant())
                    .put("message", failure.message())
                    .put("event", failure.step())
                    .put("timeNanos", failure.timeNanos())
                    .put("knobs", result.knobs().toString())
                    .put("replay", FailureText.replay(result, extraArguments(result.seed())))
                    .end();
        }
    }

    private static void write(String file, String content) {
        try {
            Files.writeString(Path.of(file), content, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }
}
