package dev.synod.simulation.mutants;

import dev.synod.simulation.port.RunResult;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The search for one mutant: one seed after the other, until a run fails or the budget is spent.
 *
 * @param mutant what was planted
 * @param seeds how many were run
 * @param spoiled how many of them fail without the bug too, and so say nothing of it
 * @param killer the failed run; null when the mutant survived
 */
public record Hunt(Mutant mutant, int seeds, int spoiled, @Nullable RunResult killer) {
    /**
     * Hunts.
     *
     * @param run runs a seed with the mutant's defect and knobs
     * @param sound runs a seed with the same knobs and no defect: only what it passes counts
     */
    public static Hunt of(Mutant mutant, long firstSeed, LongFunction<RunResult> run,
            LongFunction<RunResult> sound) {
        int spoiled = 0;
        for (int i = 0; i < mutant.seedsMax(); i++) {
            RunResult result = run.apply(firstSeed + i);
            if (result.passed()) {
                continue;
            }
            if (sound.apply(firstSeed + i).passed()) {
                return new Hunt(mutant, i + 1, spoiled, result);
            }
            spoiled++;
        }
        return new Hunt(mutant, mutant.seedsMax(), spoiled, null);
    }

    /** Whether it was found. */
    public boolean killed() {
        return killer != null;
    }

    /** The invariant that found it; empty when none did. */
    public String invariant() {
        RunResult.Failure failure = killer == null ? null : killer.failure();
        return failure == null ? "" : failure.invariant();
    }
}
