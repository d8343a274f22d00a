package dev.synod.simulation.check;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.WalRecord;
import java.util.List;

/**
 * What the records that a member made durable amount to, in the three values that peers may count on. A
 * second reading of the records' meaning, kept apart from the one that ships.
 */
public final class Durable {
    private Ballot promised;
    private Ballot accepted;
    private long last;

    /** A volume that was read at a start, or is fresh. */
    public Durable(Ballot promised, Ballot accepted, long last) {
        this.promised = promised;
        this.accepted = accepted;
        this.last = last;
    }

    /** One more batch is durable. */
    public void apply(List<WalRecord> batch) {
        for (int i = 0; i < batch.size(); i++) {
            apply(batch.get(i));
        }
    }

    private void apply(WalRecord record) {
        switch (record) {
            case WalRecord.Promised p -> promised = Ballot.max(promised, p.ballot());
            case WalRecord.Appended a -> last = a.entry().index();
            case WalRecord.Adopted a -> {
                accepted = a.ballot();
                promised = Ballot.max(promised, a.ballot());
                last = a.from();
            }
            case WalRecord.SnapshotInstalled s -> last = s.snapshot().index();
            case WalRecord.EpochEntered e -> {
                accepted = Ballot.bottomOf(e.next().epoch());
                promised = Ballot.max(promised, accepted);
                last = e.last();
            }
            case WalRecord.Decided d -> {}
            case WalRecord.SnapshotTaken s -> {}
            case WalRecord.Activated a -> {}
        }
    }

    /** Highest promise. */
    public Ballot promised() {
        return promised;
    }

    /** Ballot of the log. */
    public Ballot accepted() {
        return accepted;
    }

    /** Last index of the log. */
    public long last() {
        return last;
    }
}
