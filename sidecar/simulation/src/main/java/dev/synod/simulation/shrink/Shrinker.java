package dev.synod.simulation.shrink;

import dev.synod.simulation.port.Fault;
import dev.synod.simulation.port.FaultFamily;
import dev.synod.simulation.port.Knob;
import dev.synod.simulation.port.Knobs;
import dev.synod.simulation.port.RunResult;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a failed run down. Every candidate is run, and taken if it breaks the same invariant:
 *
 * <ol>
 *   <li>the run with its recorded faults, so that nothing is drawn any more, and none after the failure;
 *   <li>a first phase that ends soon after the failure;
 *   <li>without one family of faults after the other, its single faults and its knobs;
 *   <li>fewer clients, keys, members; no noise; smaller limits put back to wide ones;
 *   <li>the list of faults by delta debugging (Zeller and Hildebrandt, 2002): halves, quarters, and so on,
 *   left out;
 *   <li>from the second step again, until a round changes nothing or the time is up.
 * </ol>
 */
public final class Shrinker {
    /** Runs a candidate. */
    public interface Trial {
        /** Runs the seed with these knobs and faults, nothing drawn; null draws the faults. */
        RunResult run(Knobs knobs, @Nullable List<Fault> faults);
    }

    private static final long AFTER_FAILURE_NANOS = 1_000_000_000;
    private static final FaultFamily[] FAMILIES = FaultFamily.values();

    private final Trial trial;
    private final BooleanSupplier timeIsUp;
    private final RunResult original;
    private RunResult best;
    private List<Fault> faults;
    private int tried;

    private Shrinker(RunResult failed, Trial trial, BooleanSupplier timeIsUp) {
        this.trial = trial;
        this.timeIsUp = timeIsUp;
        original = failed;
        best = failed;
        faults = failed.faults();
    }

    /**
     * What was found.
     *
     * @param result the smallest run that fails the same way; the original if none smaller does
     * @param faults its whole list of faults, to be handed to it; null when the failure does not come back
     *     with the recorded faults, so that nothing could be cut
     * @param tried runs made
     */
    public record Shrunk(RunResult result, @Nullable List<Fault> faults, int tried) {}

    /**
     * Shrinks a failed run.
     *
     * @param timeIsUp asked before every run
     */
    public static Shrunk shrink(RunResult failed, Trial trial, BooleanSupplier timeIsUp) {
        if (failed.failure() == null) {
            throw new IllegalArgumentException("the run of seed " + failed.seed() + " did not fail");
        }
        return new Shrinker(failed, trial, timeIsUp).shrink();
    }

    private Shrunk shrink() {
        if (!take(original.knobs(), upToFailure(original))) {
            if (!take(original.knobs(), original.faults())) {
                return new Shrunk(original, null, tried);
            }
        }
        boolean smaller = true;
        while (smaller && !timeIsUp.getAsBoolean()) {
            smaller = shorten();
            smaller |= withoutFamilies();
            smaller |= smallerKnobs();
            smaller |= fewerFaults();
        }
        return new Shrunk(best, faults, tried);
    }

    /** Runs a candidate and keeps it if it fails the same way. */
    private boolean take(Knobs knobs, List<Fault> candidate) {
        if (timeIsUp.getAsBoolean()) {
            return false;
        }
        tried++;
        RunResult result;
        try {
            result = trial.run(knobs, candidate);
        } catch (IllegalStateException | IllegalArgumentException e) {
            return false; // the world cannot be set up like this
        }
        if (!failsTheSame(result)) {
            return false;
        }
        best = result;
        faults = candidate;
        return true;
    }

    private boolean failsTheSame(RunResult result) {
        RunResult.Failure wanted = original.failure();
        RunResult.Failure found = result.failure();
        return wanted != null && found != null && found.invariant().equals(wanted.invariant());
    }

    private static List<Fault> upToFailure(RunResult result) {
        RunResult.Failure failure = result.failure();
        List<Fault> kept = new ArrayList<>(result.faults());
        kept.removeIf(fault -> failure != null && fault.atNanos() > failure.timeNanos());
        return kept;
    }

    private boolean shorten() {
        RunResult.Failure failure = best.failure();
        long safety = best.knobs().get(Knob.SAFETY);
        boolean smaller = false;
        List<Fault> kept = upToFailure(best);
        if (kept.size() < faults.size()) {
            smaller = take(best.knobs(), kept);
        }
        if (failure == null) {
            return smaller;
        }
        if (failure.timeNanos() < safety) {
            long enough = failure.timeNanos() + AFTER_FAILURE_NANOS;
            boolean shorter = enough < safety && take(best.knobs().with(Knob.SAFETY, enough), faults);
            return smaller || shorter;
        }
        // A failure of the second phase: the first may be shorter all the same.
        for (long half = safety / 2;
                half > AFTER_FAILURE_NANOS && take(best.knobs().with(Knob.SAFETY, half), faults); half /= 2) {
            smaller = true;
        }
        return smaller;
    }

    private boolean withoutFamilies() {
        boolean smaller = false;
        for (FaultFamily family : FAMILIES) {
            List<Fault> kept = new ArrayList<>(faults);
            kept.removeIf(fault -> fault.kind().family() == family);
            Knobs without = best.knobs().without(family);
            if (kept.size() < faults.size() || !without.equals(best.knobs())) {
                smaller |= take(without, kept);
            }
        }
        return smaller;
    }

    private boolean smallerKnobs() {
        boolean smaller = false;
        for (Knob knob : Knob.values()) {
            long present = best.knobs().get(knob);
            for (long simpler : simpler(knob, present)) {
                if (take(best.knobs().with(knob, simpler), faults)) {
                    smaller = true;
                    break;
                }
            }
        }
        return smaller;
    }

    /** Values that make a run easier to read, the easiest first; none that the knob has already passed. */
    private static long[] simpler(Knob knob, long present) {
        return switch (knob) {
            case CLIENTS, KEYS -> below(present, 1, 2, 4);
            case MEMBERS -> below(present, 1, 3, 5);
            case OFFERED -> below(present, 5, 20);
            case HEAL_RESTART -> below(present, 0);
            default -> knob.unit() == Knob.Unit.CHANCE ? below(present, 0) : new long[0];
        };
    }

    private static long[] below(long present, long... values) {
        int count = 0;
        while (count < values.length && values[count] < present) {
            count++;
        }
        return java.util.Arrays.copyOf(values, count);
    }

    private boolean fewerFaults() {
        int before = faults.size();
        int parts = 2;
        while (!faults.isEmpty() && !timeIsUp.getAsBoolean()) {
            parts = Math.min(parts, faults.size());
            if (leaveOutOne(parts)) {
                parts = Math.max(2, parts - 1);
            } else if (parts == faults.size()) {
                break;
            } else {
                parts *= 2;
            }
        }
        return faults.size() < before;
    }

    private boolean leaveOutOne(int parts) {
        int size = faults.size();
        for (int part = parts - 1; part >= 0; part--) {
            List<Fault> kept = new ArrayList<>(faults);
            kept.subList(part * size / parts, (part + 1) * size / parts).clear();
            if (take(best.knobs(), kept)) {
                return true;
            }
        }
        return false;
    }
}
