package dev.synod.simulation.world;

import dev.synod.paxos.SeededRandom;
import dev.synod.simulation.port.Counters;
import dev.synod.simulation.port.Counters.Group;
import java.util.HashMap;
import java.util.Map;

/** The places at which a program asks whether to do the unlikely thing. */
final class Failpoints {
    private static final double FIRES = 0.25;

    private final double on;
    private final SeededRandom random;
    private final Counters counters;
    /** Looked up, never walked through. */
    private final Map<String, Place> places = new HashMap<>();

    /** A place that is on in this run has a generator, so that no place changes when another fires. */
    private record Place(boolean on, SeededRandom random) {}

    Failpoints(double on, SeededRandom random, Counters counters) {
        this.on = on;
        this.random = random;
        this.counters = counters;
    }

    boolean fires(String id) {
        Place place = places.get(id);
        if (place == null) {
            SeededRandom own = random.child(id);
            place = new Place(own.chance(on), own);
            places.put(id, place);
            counters.add(Group.FAILPOINT, id, 0);
        }
        boolean fires = place.on() && place.random().chance(FIRES);
        if (fires) {
            counters.add(Group.FAILPOINT, id);
        }
        return fires;
    }
}
