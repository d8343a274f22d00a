package dev.synod.simulation.mutants;

import dev.synod.simulation.port.RunResult;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The search for one mutant: one seed after the other, until a run fails or the budget is spent.
 *
 * @param mutant what was planted
 * @param seeds how many were run
 * @param unsound the first run that failed without the bug too, and so says nothing of it; null as it should
 *     be: it is a bug of the code as it ships, or of the simulator
 * @param killer the failed run; null when the mutant survived
 */
public record Hunt(Mutant mutant, int seeds, @Nullable RunResult unsound, @Nullable RunResult killer) {
    /**
     * Hunts.
     *
     * @param run runs a seed with the mutant's defect and knobs
     * @param sound runs a seed with the same knobs and no defect: only what it passes counts
     */
    public static Hunt of(Mutant mutant, long firstSeed, LongFunction<RunResult> run,
            LongFunction<RunResult> sound) {
        RunResult unsound = null;
        for (int i = 0; i < mutant.seedsMax(); i++) {
            RunResult result = run.apply(firstSeed + i);
            if (result.passed()) {
                continue;
            }
            RunResult without = sound.apply(firstSeed + i);
            if (without.passed()) {
                return new Hunt(mutant, i + 1, unsound, result);
            }
            unsound = unsound == null ? without : unsound;
        }
        return new Hunt(mutant, mutant.seedsMax(), unsound, null);
    }

    /** Whether it was found. */
    public boolean killed() {
        return killer != null;
    }

    /** Whether it was found, and nothing else. */
    public boolean passed() {
        return killed() && unsound == null;
    }

    /** The invariant that found it; empty when none did. */
    public String invariant() {
        RunResult.Failure failure = killer == null ? null : killer.failure();
        return failure == null ? "" : failure.invariant();
    }
}
