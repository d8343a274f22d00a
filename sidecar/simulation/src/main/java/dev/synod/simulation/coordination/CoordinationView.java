package dev.synod.simulation.coordination;

import dev.synod.simulation.driver.ReplicaView;
import org.jspecify.annotations.Nullable;

/** A {@link CoordinationMember} as oracles see it: the replica, and what applications were told. */
final class CoordinationView extends ReplicaView {
    private @Nullable Applications applications;

    void show(Applications beside) {
        applications = beside;
    }

    /** The applications of the machine, as its sidecar knows them. */
    Applications applications() {
        Applications beside = applications;
        if (beside == null) {
            throw new IllegalStateException("no process");
        }
        return beside;
    }
}
