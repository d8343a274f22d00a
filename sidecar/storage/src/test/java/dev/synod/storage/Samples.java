package dev.synod.storage;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Bytes;
import dev.synod.paxos.Configuration;
import dev.synod.paxos.Defects;
import dev.synod.paxos.Entry;
import dev.synod.paxos.Payload;
import dev.synod.paxos.Seal;
import dev.synod.paxos.Snapshot;
import dev.synod.paxos.SnapshotRef;
import dev.synod.paxos.WalRecord;
import java.util.List;
import java.util.UUID;

/** Values for the tests of formats. */
final class Samples {
    static final UUID CLUSTER = new UUID(1, 2);
    static final UUID MEMBER = new UUID(3, 4);
    static final Configuration CONFIGURATION =
            Configuration.initial(List.of(MEMBER, new UUID(5, 6)), List.of("here:1", "thére:2"));
    static final Identity IDENTITY = new Identity(CLUSTER, MEMBER, true, false, 7, CONFIGURATION);
    static final Ballot BALLOT = new Ballot(2, 1L << 40, 3);
    static final Seal SEAL = new Seal(900, new Ballot(1, 4, 2));
    static final Snapshot SNAPSHOT =
            new Snapshot(new SnapshotRef(1_000, 5_000, Bytes.of(new byte[32])), CONFIGURATION, SEAL);
    static final State STATE =
            new State(true, BALLOT, BALLOT, SEAL, CONFIGURATION, 900, SNAPSHOT, 990, 1_200, 1_100);

    /** One record of every kind, and of every kind of entry; they need not follow from each other. */
    static final List<WalRecord> RECORDS = List.of(
            new WalRecord.Promised(BALLOT),
            entry(new Payload.LeaderStart()),
            entry(new Payload.Command(Bytes.of(new byte[] {1, 2, 3}))),
            entry(new Payload.Command(Bytes.EMPTY)),
            entry(new Payload.StopSign(CONFIGURATION.nextEpoch(List.of(MEMBER)))),
            entry(new Payload.AddObserver(new UUID(8, 9), "obs:3")),
            entry(new Payload.RemoveObserver(new UUID(8, 9))),
            new WalRecord.Adopted(BALLOT, 1_000, 1_005),
            new WalRecord.Decided(1_004),
            new WalRecord.SnapshotTaken(SNAPSHOT, 999),
            new WalRecord.SnapshotInstalled(SNAPSHOT),
            new WalRecord.EpochEntered(CONFIGURATION.nextEpoch(List.of(MEMBER)), SEAL, 900),
            new WalRecord.Activated());

    private Samples() {}

    private static WalRecord entry(Payload payload) {
        return new WalRecord.Appended(new Entry(1_201, BALLOT, payload));
    }

    static CheckedDisk checked(Disk disk) {
        return new CheckedDisk(disk, Defects.NONE);
    }

    static SegmentHeader header(long sequence) {
        return new SegmentHeader(CLUSTER, MEMBER, 7, sequence, 41, sequence - 1, 3_000, 40, 0x1234_5678, 0);
    }
}
