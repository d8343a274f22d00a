package dev.synod.simulation;

import dev.synod.simulation.port.RunResult;
import dev.synod.simulation.port.TraceSink;
import dev.synod.simulation.report.Figures;
import dev.synod.simulation.report.HitTable;
import dev.synod.simulation.report.JsonText;
import dev.synod.simulation.report.Numbers;
import dev.synod.simulation.report.TraceText;
import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One seed, again, to be looked at. */
final class Replay {
    private final CommandLine line;
    private final Setup setup;
    private final Outputs outputs;
    private final ArrayDeque<String> lastLines = new ArrayDeque<>();

    Replay(CommandLine line, Setup setup, PrintStream out, PrintStream err) {
        this.line = line;
        this.setup = setup;
        this.outputs = new Outputs(line, setup, out, err);
    }

    /** Runs it; returns how many runs failed: 0 or 1. */
    int run() {
        PrintStream text = outputs.text();
        text.println("seed " + Numbers.seed(line.seed()) + "  subject " + setup.kind(line.seed()).text()
                + "  knobs " + setup.knobs(line.seed()));
        long cpuBefore = CpuClock.processNanos();
        RunResult result = setup.run(line.seed(), trace(text));
        lastLines.forEach(text::println);
        Figures figures = new Figures();
        figures.add(result);
        figures.setCoreNanos(CpuClock.processNanos() - cpuBefore);
        RunResult shown = result;
        if (!result.passed()) {
            outputs.failure(result);
            shown = outputs.shrunk(result);
        } else {
            text.print(new HitTable(result.counters(), false).text());
        }
        text.print(figures.text());
        text.println("  trace hash " + Long.toHexString(result.traceHash()));
        outputs.page(shown);
        JsonText json = new JsonText().object().put("commit", Outputs.commit());
        figures.write(json);
        json.object("hits");
        new HitTable(result.counters(), false).write(json);
        json.end().list("failures");
        outputs.write(json, result);
        outputs.json(json.end().end());
        text.println(figures.passed() + " passed, " + figures.failed() + " failed");
        return result.passed() ? 0 : 1;
    }

    private @Nullable TraceSink trace(PrintStream text) {
        if (!line.trace()) {
            return null;
        }
        text.println(TraceText.HEADER);
        Consumer<String> lines = line.traceLast() == Long.MAX_VALUE ? text::println : this::keep;
        return new TraceText(lines, setup.kind(line.seed())::clientText, line.traceAll());
    }

    private void keep(String traceLine) {
        lastLines.add(traceLine);
        if (lastLines.size() > line.traceLast()) {
            lastLines.removeFirst();
        }
    }
}
