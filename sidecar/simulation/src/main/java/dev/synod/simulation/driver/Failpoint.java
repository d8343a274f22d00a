package dev.synod.simulation.driver;

import dev.synod.simulation.port.Machine;
import java.util.Arrays;
import java.util.List;

/** Where every subject may do the unlikely thing. */
public enum Failpoint {
    /** Seals ten times later than it should. */
    LATE_SEAL("late-seal"),
    /** Writes one batch though more wait. */
    ONE_BATCH_AT_A_TIME("one-batch-at-a-time");

    private final String id;

    Failpoint(String id) {
        this.id = id;
    }

    boolean fires(Machine machine) {
        return machine.buggify(id);
    }

    /** The names of all. */
    public static List<String> ids() {
        return Arrays.stream(values()).map(failpoint -> failpoint.id).toList();
    }
}
