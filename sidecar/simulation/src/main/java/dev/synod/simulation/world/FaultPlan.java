package dev.synod.simulation.world;

import dev.synod.simulation.port.Fault;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which fault comes when: drawn as the run goes, or taken from a list. The list of those that struck is the
 * run's own, and handed to another run, it has the same effect as the drawing that made it. That holds
 * because faults stand outside the queue of events, because the drawing changes nothing but its own
 * generator, and because what a fault needs to draw for itself comes from its salt.
 */
final class FaultPlan {
    private final FaultInjector injector;
    private final @Nullable FaultGenerator generator;
    private final List<Fault> given;
    private final List<Fault> struck = new ArrayList<>();
    private int position;

    /** Draws, unless {@code list} says what is to come, in any order. */
    FaultPlan(FaultInjector injector, FaultGenerator generator, @Nullable List<Fault> list) {
        this.injector = injector;
        this.generator = list == null ? generator : null;
        given = list == null ? new ArrayList<>() : new ArrayList<>(list);
        given.sort((a, b) -> Long.compare(a.atNanos(), b.atNanos()));
    }

    /** When the next fault is due; {@link Long#MAX_VALUE} for never. */
    long nextNanos() {
        if (generator != null) {
            return generator.nextNanos();
        }
        return position < given.size() ? given.get(position).atNanos() : Long.MAX_VALUE;
    }

    /** The next fault strikes, if the world as it is has a place for it. */
    void strike() {
        Fault fault = generator != null ? generator.next() : given.get(position++);
        if (fault != null && injector.strike(fault)) {
            struck.add(fault);
        }
    }

    /** Those that struck, in order. */
    List<Fault> struck() {
        return struck;
    }
}
