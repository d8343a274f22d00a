package dev.synod.simulation.report;

import dev.synod.simulation.port.Knob;
import dev.synod.simulation.port.Knobs;
import dev.synod.simulation.port.RunResult;

/** A failed run in words: everything that is needed to see it again. */
public final class FailureText {
    private FailureText() {}

    /**
     * The words.
     *
     * @param commit the sources' commit
     * @param extra further arguments that the run had, such as {@code --plant}, with a leading space; may be
     *     empty
     */
    public static String of(RunResult result, String commit, String extra) {
        RunResult.Failure failure = result.failure();
        if (failure == null) {
            return "seed " + Numbers.seed(result.seed()) + " passed\n";
        }
        return "FAILED seed " + Numbers.seed(result.seed()) + "\n"
                + "  invariant  " + failure.invariant() + "\n"
                + "  what       " + failure.message() + "\n"
                + "  when       " + TraceText.time(failure.timeNanos()).strip() + " s, event "
                + failure.step() + "\n"
                + "  commit     " + commit + "\n"
                + "  jdk        " + Runtime.version() + "\n"
                + "  knobs      " + result.knobs() + "\n"
                + "  faults     " + result.faults().size() + "\n"
                + "  replay     " + replay(result, extra) + "\n";
    }

    /** One command that runs it again. */
    public static String replay(RunResult result, String extra) {
        String overrides = overrides(result.seed(), result.knobs());
        return "sidecar/simulation/run --seed " + Numbers.seed(result.seed())
                + (overrides.isEmpty() ? "" : " --knobs '" + overrides + "'") + extra;
    }

    /** The knobs that are not what the seed draws. */
    public static String overrides(long seed, Knobs knobs) {
        Knobs drawn = Knobs.draw(seed);
        StringBuilder text = new StringBuilder();
        for (Knob knob : Knob.values()) {
            if (drawn.get(knob) != knobs.get(knob)) {
                text.append(text.isEmpty() ? "" : " ").append(knob.text()).append('=')
                        .append(knobs.text(knob));
            }
        }
        return text.toString();
    }
}
