package dev.synod.simulation;

import dev.synod.paxos.Defects;
import dev.synod.simulation.port.Fault;
import dev.synod.simulation.port.Knobs;
import dev.synod.simulation.port.RunResult;
import dev.synod.simulation.port.TraceSink;
import dev.synod.simulation.world.SimulationRun;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What all runs of a command have in common.
 *
 * @param subject what is put to the test; null for each in turn, seed by seed
 * @param knobs changes to the drawn knobs; may be empty
 * @param faults instead of drawn ones; null to draw
 * @param defects planted bugs
 */
record Setup(@Nullable SubjectKind subject, String knobs, @Nullable List<Fault> faults, Defects defects) {
    /** What a seed puts to the test: even ones the core, odd ones the whole member, unless told. */
    SubjectKind kind(long seed) {
        SubjectKind told = subject;
        return told == null ? SubjectKind.ALL.get((int) (seed & 1)) : told;
    }

    /** All that seeds may put to the test. */
    List<SubjectKind> kinds() {
        SubjectKind told = subject;
        return told == null ? SubjectKind.ALL : List.of(told);
    }

    /** The knobs of a seed. */
    Knobs knobs(long seed) {
        return kind(seed).subject().draw(seed).with(knobs);
    }

    RunResult run(long seed) {
        return run(seed, null);
    }

    RunResult run(long seed, @Nullable TraceSink trace) {
        return SimulationRun.run(seed, knobs(seed), faults, defects, trace, kind(seed).subject());
    }

    /** Runs with knobs and faults given in full. */
    RunResult run(long seed, Knobs whole, @Nullable List<Fault> struck, @Nullable TraceSink trace) {
        return SimulationRun.run(seed, whole, struck, defects, trace, kind(seed).subject());
    }
}
