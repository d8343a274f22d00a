package dev.synod.simulation.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.paxos.Bytes;
import dev.synod.paxos.Defects;
import dev.synod.paxos.DurableState;
import dev.synod.paxos.Recovered;
import dev.synod.paxos.SeededRandom;
import dev.synod.paxos.Snapshot;
import dev.synod.paxos.SnapshotAction;
import dev.synod.paxos.SnapshotRef;
import dev.synod.paxos.WalRecord;
import dev.synod.storage.DamagedException;
import dev.synod.storage.DiskFullException;
import dev.synod.storage.Volume;
import dev.synod.storage.VolumeLimits;
import dev.synod.storage.VolumeState;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A member reduced to its volume: it writes a {@link MemberHistory}, knows what was acknowledged, and after
 * each start compares what it gets back with that.
 */
final class VolumeRun {
    private static final int CHUNK_BYTES = 150;

    private final SeededRandom random;
    private final Defects defects;
    private final VolumeLimits limits;
    private final MemberHistory history;
    private SimDisk disk;
    private @Nullable Volume volume;
    private int acknowledged;
    private long incarnation;

    VolumeRun(SeededRandom random, SimDisk disk, Defects defects, VolumeLimits limits,
            MemberHistory history) {
        this.random = random;
        this.disk = disk;
        this.defects = defects;
        this.limits = limits;
        this.history = history;
    }

    static VolumeRun fresh(long seed, Defects defects, int segmentBytes, int entryBytesMax) {
        SeededRandom root = new SeededRandom(seed);
        return new VolumeRun(
                root.child("run"),
                new SimDisk(root.child("disk"), 64 << 20),
                defects,
                VolumeLimits.withSegments(segmentBytes),
                new MemberHistory(root.child("history"), entryBytesMax));
    }

    SimDisk disk() {
        return disk;
    }

    MemberHistory history() {
        return history;
    }

    int acknowledged() {
        return acknowledged;
    }

    void useDisk(SimDisk other) {
        disk = other;
    }

    Volume volume() {
        if (volume == null) {
            throw new IllegalStateException("not started");
        }
        return volume;
    }

    /** Opens the volume, formats it if it is empty, recovers it, and compares. Returns what was recovered. */
    Recovered start() throws DiskFullException {
        Volume opened = Volume.open(disk, defects, limits);
        volume = null;
        assertThat(opened.fault()).isNull();
        if (opened.state() == VolumeState.EMPTY) {
            assertThat(acknowledged).as("an empty volume forgot what was acknowledged").isZero();
            assertThat(incarnation).as("an empty volume forgot its incarnation").isZero();
            opened.format(MemberHistory.CLUSTER, MemberHistory.MEMBER, MemberHistory.INITIAL, false);
        }
        Recovered recovered = opened.recover(random.nextLong());
        assertThat(recovered.fault()).isNull();
        assertThat(recovered.incarnation()).as("incarnation").isGreaterThan(incarnation);
        incarnation = recovered.incarnation();
        int count = matching(recovered);
        assertThat(count)
                .as("recovered %s is neither of the states after %d to %d batches: %s", text(recovered),
                        acknowledged, history.size(), text(history.state()))
                .isNotNegative();
        history.cutTo(count);
        acknowledged = count;
        verifySnapshot(opened, recovered);
        volume = opened;
        return recovered;
    }

    /** How many batches the recovered state amounts to, at least those acknowledged; -1 when to none. */
    int matching(Recovered recovered) {
        for (int count = history.size(); count >= acknowledged; count--) {
            if (equal(recovered, history.stateAfter(count))) {
                return count;
            }
        }
        return -1;
    }

    static boolean equal(Recovered recovered, DurableState state) {
        return recovered.cluster().equals(MemberHistory.CLUSTER)
                && recovered.member().equals(MemberHistory.MEMBER)
                && recovered.activated() == state.activated()
                && recovered.promised().equals(state.promised())
                && recovered.accepted().equals(state.accepted())
                && recovered.seal().equals(state.seal())
                && recovered.configuration().equals(state.configuration())
                && recovered.configurationIndex() == state.configurationIndex()
                && recovered.base() == state.base()
                && recovered.log().equals(state.log())
                && recovered.decided() == Math.min(state.decided(), state.last())
                && java.util.Objects.equals(recovered.snapshot(), state.snapshot());
    }

    private static String text(Recovered r) {
        return r.base() + ".." + r.last() + " decided " + r.decided() + " promised " + r.promised()
                + " accepted "
                + r.accepted() + " activated " + r.activated() + " epoch " + r.configuration().epoch();
    }

    private static String text(DurableState r) {
        return r.base() + ".." + r.last() + " decided " + r.decided() + " promised " + r.promised()
                + " accepted "
                + r.accepted() + " activated " + r.activated() + " epoch " + r.configuration().epoch();
    }

    private static void verifySnapshot(Volume opened, Recovered recovered) {
        Snapshot snapshot = recovered.snapshot();
        if (snapshot != null) {
            try {
                assertThat(opened.readSnapshotState(snapshot))
                        .isEqualTo(MemberHistory.stateBytes(snapshot.index()));
            } catch (DamagedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** One step of a member's life: mostly a batch and its sync. */
    void step() throws DiskFullException {
        switch (random.below(14)) {
            case 0 -> snapshot();
            case 1 -> receive(history.state().decided() + 1 + random.below(9));
            case 2, 3, 4 -> volume().seal();
            default -> write(history.draw());
        }
    }

    void write(List<WalRecord> batch) throws DiskFullException {
        volume().append(batch);
        volume().sync();
        acknowledged = history.size();
    }

    /** A step that may find the disk full; then nothing has happened. */
    void stepIfThereIsRoom() {
        try {
            step();
        } catch (DiskFullException e) {
            history.cutTo(acknowledged);
        }
    }

    void append(List<WalRecord> batch) throws DiskFullException {
        volume().append(batch);
    }

    void sync() {
        volume().sync();
        acknowledged = history.size();
    }

    void snapshot() throws DiskFullException {
        DurableState state = history.state();
        Snapshot last = state.snapshot();
        long index = Math.min(state.decided(), state.last());
        if (index > 0 && index >= state.base() && (last == null || index > last.index())) {
            write(history.taken(volume().writeSnapshot(
                    index, state.configuration(), state.seal(), MemberHistory.stateBytes(index))));
        }
    }

    /** Receives a snapshot that another member took at {@code index}, and installs it. */
    void receive(long index) throws DiskFullException {
        byte[] file = foreignSnapshot(index);
        SnapshotRef ref = new SnapshotRef(index, file.length, Bytes.of(sha256(file)));
        volume().begin(new SnapshotAction.Begin(ref, 0));
        store(ref, file, 0, file.length);
        Snapshot snapshot = volume().finish(ref);
        assertThat(snapshot != null || disk.hits(DiskFault.FULL) > 0).isTrue();
        if (snapshot != null) {
            write(history.installed(snapshot));
        }
    }

    void store(SnapshotRef ref, byte[] file, int from, int end) {
        for (int at = from; at < end; at += CHUNK_BYTES) {
            byte[] piece = Arrays.copyOfRange(file, at, Math.min(at + CHUNK_BYTES, end));
            volume().store(new SnapshotAction.Store(ref, at, Bytes.of(piece)));
        }
    }

    /** The file of a snapshot that a member with an undamaged disk of its own wrote. */
    byte[] foreignSnapshot(long index) {
        try {
            SimDisk other = new SimDisk(new SeededRandom(1), 1 << 30);
            Volume peer = Volume.open(other, Defects.NONE, VolumeLimits.withSegments(4 << 10));
            peer.format(
                    MemberHistory.CLUSTER,
                    MemberHistory.INITIAL.voters().get(1).uuid(),
                    MemberHistory.INITIAL,
                    true);
            peer.recover(1);
            Snapshot snapshot = peer.writeSnapshot(
                    index,
                    history.state().configuration(),
                    history.state().seal(),
                    MemberHistory.stateBytes(index));
            return peer.readChunk(snapshot.ref(), 0, 1 << 20).array();
        } catch (DiskFullException e) {
            throw new AssertionError(e);
        }
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
