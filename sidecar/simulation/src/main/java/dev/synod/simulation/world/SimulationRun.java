package dev.synod.simulation.world;

import dev.synod.paxos.Defects;
import dev.synod.simulation.port.Fault;
import dev.synod.simulation.port.Knobs;
import dev.synod.simulation.port.RunResult;
import dev.synod.simulation.port.Subject;
import dev.synod.simulation.port.TraceSink;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The door to the world: one call is one run, from nothing to its verdict. */
public final class SimulationRun {
    private SimulationRun() {}

    /**
     * Runs {@code subject} through the world of a seed. Two calls with equal arguments, in whatever process,
     * do the same thing event by event. May be called on any thread; runs share nothing.
     *
     * @param knobs null: those that the seed draws
     * @param faults null: drawn as the run goes. A list, such as {@link RunResult#faults()} in part, replaces
     *     all drawing of faults; what the knobs do by chance (loss, latency) stays
     * @param trace null: none is kept
     * @throws IllegalStateException when the world itself failed, and not what it tests
     */
    public static RunResult run(
            long seed,
            @Nullable Knobs knobs,
            @Nullable List<Fault> faults,
            Defects defects,
            @Nullable TraceSink trace,
            Subject subject) {
        return new World(seed, knobs == null ? Knobs.draw(seed) : knobs, faults, defects, trace, subject)
                .run();
    }
}
