package dev.synod.simulation.coordination;

import dev.synod.member.Member;
import dev.synod.simulation.driver.ReplicaView;
import org.jspecify.annotations.Nullable;

/** A {@link CoordinationMember} as oracles see it: the replica, and what applications were told. */
final class CoordinationView extends ReplicaView {
    private @Nullable Applications applications;
    private @Nullable CoordinationMember owner;

    void show(Applications beside, CoordinationMember process) {
        applications = beside;
        owner = process;
    }

    /** The member; null while none runs. */
    @Nullable
    Member running() {
        return owner == null ? null : owner.member();
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
