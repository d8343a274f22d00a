package dev.synod.storage;

import dev.synod.paxos.Defect;
import dev.synod.paxos.Defects;
import dev.synod.paxos.DurableState;
import dev.synod.paxos.Snapshot;

/** What the log says must agree with the other files of the volume. */
final class Witnesses {
    private Witnesses() {}

    /**
     * Compares them; {@link PromiseFile} has the reasons for the first. Reads, and changes nothing.
     *
     * @throws DamagedException at the first that disagrees
     */
    static void check(
            RecoveredLog log, PromiseFile promise, Identity identity, SnapshotStore store, Defects defects)
            throws DamagedException {
        DurableState fold = log.fold();
        if (!defects.has(Defect.S06_PROMISE_FILE_IGNORED)) {
            promise.checkAgainst(fold.promised(), log.headSequence());
        }
        if (identity.incarnation() < log.incarnation()) {
            throw new DamagedException("the identity file is at incarnation " + identity.incarnation()
                    + ", the log at " + log.incarnation() + ": the identity file went back");
        }
        if (identity.activated() && !fold.activated()) {
            throw new DamagedException("the member was activated, and the log has forgotten it");
        }
        Snapshot snapshot = fold.snapshot();
        if (snapshot != null) {
            store.readState(snapshot);
        }
        if ((snapshot == null ? 0 : snapshot.index()) < fold.base()) {
            throw new DamagedException(
                    "the log begins after " + fold.base() + ", but no snapshot leads up to there");
        }
    }
}
