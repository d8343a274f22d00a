package dev.synod.simulation.register;

import dev.synod.simulation.port.Machine;

/** Where a member may do the unlikely thing. */
enum Failpoint {
    /** Seals ten times later than it should. */
    LATE_SEAL("late-seal"),
    /** Writes one batch though more wait. */
    ONE_BATCH_AT_A_TIME("one-batch-at-a-time"),
    /** Takes a snapshot though none is due. */
    SNAPSHOT_NOW("snapshot-now");

    private final String id;

    Failpoint(String id) {
        this.id = id;
    }

    String id() {
        return id;
    }

    boolean fires(Machine machine) {
        return machine.buggify(id);
    }
}
