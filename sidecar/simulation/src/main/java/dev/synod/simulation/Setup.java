package dev.synod.simulation;

import dev.synod.paxos.Defects;
import dev.synod.simulation.port.Fault;
import dev.synod.simulation.port.Knobs;
import dev.synod.simulation.port.RunResult;
import dev.synod.simulation.port.Subject;
import dev.synod.simulation.port.TraceSink;
import dev.synod.simulation.register.RegisterSubject;
import dev.synod.simulation.world.SimulationRun;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What all runs of a command have in common.
 *
 * @param knobs changes to the drawn knobs; may be empty
 * @param faults instead of drawn ones; null to draw
 * @param defects planted bugs
 */
record Setup(String knobs, @Nullable List<Fault> faults, Defects defects) {
    /** The knobs of a seed. */
    Knobs knobs(long seed) {
        return Knobs.draw(seed).with(knobs);
    }

    RunResult run(long seed) {
        return run(seed, null);
    }

    RunResult run(long seed, @Nullable TraceSink trace) {
        return SimulationRun.run(seed, knobs(seed), faults, defects, trace, subject());
    }

    /** Runs with knobs and faults given in full. */
    RunResult run(long seed, Knobs whole, @Nullable List<Fault> struck, @Nullable TraceSink trace) {
        return SimulationRun.run(seed, whole, struck, defects, trace, subject());
    }

    private static Subject subject() {
        return new RegisterSubject();
    }
}
