package dev.synod.storage;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Bytes;
import dev.synod.paxos.Defects;
import dev.synod.paxos.Entry;
import dev.synod.paxos.Payload;
import dev.synod.paxos.Recovered;
import dev.synod.paxos.Seal;
import dev.synod.paxos.Snapshot;
import dev.synod.paxos.WalRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A member reduced to its volume on any disk. What it writes follows from index and round alone, so that
 * another process can say what has to be there.
 */
final class Life implements AutoCloseable {
    static final VolumeLimits LIMITS = new VolumeLimits(16 << 10, 8 << 10, 3, 2, 1 << 20);
    static final int ENTRIES_MAX = 3;

    private static final int SNAPSHOT_EVERY = 40;

    final Volume volume;
    final Recovered recovered;
    private long last;
    private long round;
    private long snapshotIndex;

    private Life(Volume volume, Recovered recovered) {
        this.volume = volume;
        this.recovered = recovered;
        last = recovered.last();
        round = recovered.promised().round();
        Snapshot snapshot = recovered.snapshot();
        snapshotIndex = snapshot == null ? 0 : snapshot.index();
    }

    /** Opens the volume on a disk, formats it if need be, and recovers it. */
    static Life start(Disk disk) throws DiskFullException {
        Volume volume = Volume.open(disk, Defects.NONE, LIMITS);
        if (volume.state() == VolumeState.EMPTY) {
            volume.format(Samples.CLUSTER, Samples.MEMBER, Samples.CONFIGURATION, true);
        }
        return new Life(volume, volume.recover(1));
    }

    long last() {
        return last;
    }

    long round() {
        return round;
    }

    long snapshotIndex() {
        return snapshotIndex;
    }

    /** The next step: a promise, or entries, now and then a snapshot and a seal; all synced. */
    void step() throws DiskFullException {
        if ((last + round) % 5 == 4) {
            promise();
            return;
        }
        appendEntries(1 + (int) (last % ENTRIES_MAX));
        if (last >= snapshotIndex + SNAPSHOT_EVERY) {
            snapshot();
        }
        if (last % 4 == 0) {
            volume.seal();
        }
    }

    void promise() throws DiskFullException {
        volume.append(List.of(new WalRecord.Promised(ballot(round + 1))));
        volume.sync();
        round++;
    }

    void appendEntries(int count) throws DiskFullException {
        List<WalRecord> batch = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            batch.add(new WalRecord.Appended(entry(last + i)));
        }
        volume.append(batch);
        volume.sync();
        last += count;
    }

    void snapshot() throws DiskFullException {
        Snapshot snapshot = volume.writeSnapshot(last, Samples.CONFIGURATION, Seal.NONE, stateBytes(last));
        volume.append(List.of(new WalRecord.SnapshotTaken(snapshot, last - 5)));
        volume.sync();
        snapshotIndex = last;
    }

    static Ballot ballot(long round) {
        return new Ballot(0, round, 1);
    }

    static Entry entry(long index) {
        byte[] body = new byte[1 + (int) (index * 37 % 300)];
        Arrays.fill(body, (byte) index);
        return new Entry(index, ballot(1), new Payload.Command(Bytes.of(body)));
    }

    static byte[] stateBytes(long index) {
        byte[] state = new byte[500 + (int) (index % 700)];
        Arrays.fill(state, (byte) (3 * index));
        return state;
    }

    /** What is wrong with what was recovered, given what had been reported; null when nothing is. */
    @Nullable
    String wrong(long lastReported, long roundReported) throws DamagedException {
        if (recovered.fault() != null) {
            return recovered.fault();
        }
        if (recovered.last() < lastReported || recovered.last() > lastReported + ENTRIES_MAX) {
            return "the log ends at " + recovered.last() + ", reported was " + lastReported;
        }
        if (recovered.promised().round() < roundReported
                || recovered.promised().round() > roundReported + 1) {
            return "promised is " + recovered.promised() + ", reported was round " + roundReported;
        }
        for (Entry entry : recovered.log()) {
            if (!entry.equals(entry(entry.index()))) {
                return "entry " + entry.index() + " is not what was written";
            }
        }
        Snapshot snapshot = recovered.snapshot();
        if (snapshot != null
                && !Arrays.equals(volume.readSnapshotState(snapshot), stateBytes(snapshot.index()))) {
            return "snapshot " + snapshot.index() + " is not what was written";
        }
        return null;
    }

    @Override
    public void close() {
        volume.close();
    }
}
