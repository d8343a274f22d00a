package dev.synod.node.loop;

import dev.synod.member.MemberEffects.WriteSnapshot;
import dev.synod.member.MemberEvent;
import dev.synod.paxos.Bytes;
import dev.synod.paxos.MalformedException;
import dev.synod.paxos.Snapshot;
import dev.synod.paxos.SnapshotAction;
import dev.synod.state.Restore;
import dev.synod.state.StateMachine;
import dev.synod.storage.DamagedException;
import dev.synod.storage.DiskFullException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Carries out what the member asks of snapshots: bytes on the thread of the volume, states encoded and decoded
 * on the bulk thread. Called on the event loop.
 */
final class Snapshots {
    private static final int READ_BYTES = 64 << 10;

    private final DiskThread disk;
    private final BulkThread bulk;
    private final Consumer<MemberEvent> report;
    private final Consumer<String> damaged;

    /**
     * @param report takes events on any thread
     * @param damaged takes on any thread why the member is of no more use
     */
    Snapshots(DiskThread disk, BulkThread bulk, Consumer<MemberEvent> report, Consumer<String> damaged) {
        this.disk = disk;
        this.bulk = bulk;
        this.report = report;
        this.damaged = damaged;
    }

    void carryOut(SnapshotAction action) {
        switch (action) {
            case SnapshotAction.Begin begin -> disk.execute(volume -> volume.begin(begin));
            case SnapshotAction.Store store -> disk.execute(volume -> volume.store(store));
            case SnapshotAction.Finish finish ->
                    disk.execute(volume -> {
                        Snapshot staged = volume.finish(finish.snapshot());
                        report.accept(
                                staged == null
                                        ? new MemberEvent.StagingFailed(finish.snapshot())
                                        : new MemberEvent.SnapshotStaged(staged));
                    });
            case SnapshotAction.ReadChunk read ->
                    disk.execute(volume -> {
                        Bytes data = volume.readChunk(
                                read.snapshot(), read.offsetBytes(), read.lengthBytesMax());
                        report.accept(new MemberEvent.ChunkRead(
                                read.peer(), read.snapshot(), read.offsetBytes(), data));
                    });
            case SnapshotAction.Take take ->
                    throw new IllegalStateException("the member takes its snapshots itself");
            case SnapshotAction.Restore restore -> restore(restore.snapshot());
        }
    }

    private void restore(Snapshot snapshot) {
        disk.execute(volume -> {
            try {
                byte[] bytes = volume.readSnapshotState(snapshot);
                bulk.execute(() -> decode(snapshot, bytes));
            } catch (DamagedException e) {
                damaged.accept(String.valueOf(e.getMessage()));
            }
        });
    }

    private void decode(Snapshot snapshot, byte[] bytes) {
        try {
            report.accept(new MemberEvent.StateRestored(snapshot, decode(bytes)));
        } catch (MalformedException e) {
            damaged.accept(unreadable(snapshot, e));
        }
    }

    static String unreadable(Snapshot snapshot, MalformedException e) {
        return "the snapshot at " + snapshot.index() + " is whole, but holds no state: " + e.getMessage();
    }

    /** The state that a snapshot's bytes hold. */
    static StateMachine decode(byte[] bytes) {
        Restore restore = new Restore();
        for (int at = 0; at < bytes.length; at += READ_BYTES) {
            restore.accept(bytes, at, Math.min(READ_BYTES, bytes.length - at));
        }
        return restore.finish();
    }

    /** Encodes a state and has it written; one is under way at a time. */
    void write(WriteSnapshot wanted) {
        bulk.execute(() -> {
            byte[] bytes = encode(wanted.state());
            disk.execute(volume -> {
                try {
                    Snapshot written = volume.writeSnapshot(
                            wanted.state().index(), wanted.configuration(), wanted.seal(), bytes);
                    report.accept(new MemberEvent.SnapshotWritten(written, wanted.base()));
                } catch (DiskFullException e) {
                    report.accept(new MemberEvent.SnapshotNotWritten());
                }
            });
        });
    }

    private static byte[] encode(dev.synod.state.Snapshot state) {
        List<Bytes> chunks = new ArrayList<>();
        int total = 0;
        while (state.hasNext()) {
            Bytes chunk = state.next();
            chunks.add(chunk);
            total = Math.addExact(total, chunk.length());
        }
        byte[] bytes = new byte[total];
        int at = 0;
        for (int i = 0; i < chunks.size(); i++) {
            byte[] chunk = chunks.set(i, Bytes.EMPTY).array(); // each is let go as soon as it is copied
            System.arraycopy(chunk, 0, bytes, at, chunk.length);
            at += chunk.length;
        }
        return bytes;
    }
}
