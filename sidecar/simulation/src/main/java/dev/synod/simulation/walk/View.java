package dev.synod.simulation.walk;

import dev.synod.paxos.Ballot;

/** What the oracle looks at of one member. */
final class View {
    final int slot;
    final Ballot accepted;
    final LogNode log;
    final Ballot diskAccepted;
    final LogNode diskLog;
    final Witness witness;
    final long key;

    View(int slot, Ballot accepted, LogNode log, DiskImage disk, Witness witness) {
        this.slot = slot;
        this.accepted = accepted;
        this.log = log;
        this.diskAccepted = disk.accepted;
        this.diskLog = disk.log;
        this.witness = witness;
        long hash = Hash.add(Hash.add(slot, Hash.of(accepted)), log.key);
        key = Hash.add(Hash.add(Hash.add(hash, Hash.of(diskAccepted)), diskLog.key), witness.key());
    }
}
