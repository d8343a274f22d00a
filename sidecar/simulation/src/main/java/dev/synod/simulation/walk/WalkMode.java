package dev.synod.simulation.walk;

import dev.synod.paxos.Defect;
import java.io.PrintStream;
import java.util.Locale;

/** Runs the {@link WalkSuite} for the command line: the planted bugs first, because they take seconds. */
public final class WalkMode {
    private static final long STATES_MIN = 1_000_000;
    private static final long PROGRESS_NANOS = 10_000_000_000L;

    private WalkMode() {}

    /**
     * Walks, prints what it found and as the last line {@code N passed, M failed}.
     *
     * @return whether nothing failed
     */
    public static boolean run(int threads, PrintStream out, PrintStream err) {
        int passed = 0;
        int failed = 0;
        if (Boolean.getBoolean("synod.plant-defects")) {
            for (Defect defect : WalkSuite.planted()) {
                WalkReport report = walk(WalkSuite.planted(defect), 1, out, err);
                passed += report.violation() != null ? 1 : 0;
                failed += report.violation() != null ? 0 : 1;
            }
        } else {
            out.println("planted bugs: not walked, they need -Dsynod.plant-defects=true");
        }
        long states = 0;
        for (WalkOptions options : WalkSuite.clean()) {
            WalkReport report = walk(options, threads, out, err);
            states += report.states();
            passed += report.closed() ? 1 : 0;
            failed += report.closed() ? 0 : 1;
        }
        if (states < STATES_MIN) {
            out.printf(Locale.ROOT, "FAILED %,d states are too few for the bounds to mean anything%n",
                    states);
            failed++;
        }
        out.println(passed + " passed, " + failed + " failed");
        return failed == 0;
    }

    private static WalkReport walk(WalkOptions options, int threads, PrintStream out, PrintStream err) {
        ParallelRunner runner = new ParallelRunner(threads);
        long[] told = {runner.nowNanos()};
        WalkReport report = ExhaustiveWalk.run(options, runner, (depth, states, transitions) -> {
            if (runner.nowNanos() - told[0] >= PROGRESS_NANOS) {
                told[0] = runner.nowNanos();
                err.printf(Locale.ROOT, "  %s: depth %d, %,d states, %,d transitions%n", options.name(),
                        depth,
                        states, transitions);
            }
        });
        out.println(report.render());
        return report;
    }
}
