package dev.synod.simulation.driver;

import dev.synod.paxos.Bytes;
import dev.synod.paxos.Configuration;
import dev.synod.paxos.Seal;
import dev.synod.paxos.Snapshot;
import dev.synod.paxos.SnapshotAction;
import dev.synod.paxos.SnapshotRef;
import dev.synod.simulation.port.DiskWork;
import dev.synod.simulation.port.Machine;
import dev.synod.storage.DiskFailedException;
import dev.synod.storage.DiskFullException;
import dev.synod.storage.Volume;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Carries out what the core asks of snapshots, on the disk's thread, and reports back to its owner. */
public final class SnapshotStore {
    /** Who runs the core. */
    public interface Owner {
        /** A snapshot of the own state is complete and durable. */
        void written(Snapshot snapshot, long base);

        /** There was no room for it. */
        void notWritten();

        /** A snapshot from a peer is complete, verified and durable. */
        void staged(Snapshot snapshot);

        /** A snapshot from a peer proved wrong. */
        void stagingFailed(SnapshotRef snapshot);

        /** Bytes that a peer wants; empty when the snapshot is gone. */
        void chunkRead(UUID peer, SnapshotRef snapshot, long offsetBytes, Bytes data);

        /** The core wants a snapshot now. */
        void take();

        /** The state is to become this snapshot's at once. */
        void restore(Snapshot snapshot);
    }

    private final Machine machine;
    private final Owner owner;
    private @Nullable Volume volume;
    private boolean writing;

    SnapshotStore(Machine machine, Owner owner) {
        this.machine = machine;
        this.owner = owner;
    }

    void use(Volume opened) {
        volume = opened;
    }

    /** Whether a snapshot of the own state is under way. */
    public boolean isWriting() {
        return writing;
    }

    /** Writes a snapshot of the state at {@code index}. */
    public void write(long index, Configuration configuration, Seal seal, byte[] state, long base) {
        Volume disk = volume;
        if (disk == null) {
            return;
        }
        writing = true;
        machine.count(Effect.SNAPSHOT_TAKEN.text());
        machine.onDiskThread(DiskWork.SYNC, () -> {
            writing = false;
            Snapshot snapshot = onDisk(() -> disk.writeSnapshot(index, configuration, seal, state));
            if (snapshot != null) {
                owner.written(snapshot, base);
            } else {
                owner.notWritten();
            }
        });
    }

    /** Does what the core asks. */
    public void carryOut(List<SnapshotAction> actions) {
        for (SnapshotAction action : List.copyOf(actions)) {
            carryOut(action);
        }
    }

    private void carryOut(SnapshotAction action) {
        Volume disk = volume;
        if (disk == null) {
            return;
        }
        switch (action) {
            case SnapshotAction.Begin begin -> {
                machine.count(begin.offsetBytes() > 0
                        ? Effect.SNAPSHOT_RESUMED.text()
                        : Effect.SNAPSHOT_BEGUN.text());
                later(DiskWork.WRITE, () -> disk.begin(begin));
            }
            case SnapshotAction.Store store -> {
                machine.count(Effect.CHUNK_STORED.text());
                later(DiskWork.WRITE, () -> disk.store(store));
            }
            case SnapshotAction.Finish finish ->
                    machine.onDiskThread(DiskWork.SYNC, () -> {
                        Snapshot staged = onDisk(() -> disk.finish(finish.snapshot()));
                        machine.count(staged == null
                                ? Effect.STAGING_FAILED.text()
                                : Effect.SNAPSHOT_STAGED.text());
                        if (staged == null) {
                            owner.stagingFailed(finish.snapshot());
                        } else {
                            owner.staged(staged);
                        }
                    });
            case SnapshotAction.ReadChunk read ->
                    machine.onDiskThread(DiskWork.READ, () -> {
                        Bytes data = onDisk(
                                () -> disk.readChunk(read.snapshot(), read.offsetBytes(),
                                        read.lengthBytesMax()));
                        machine.count(Effect.CHUNK_READ.text());
                        owner.chunkRead(read.peer(), read.snapshot(), read.offsetBytes(),
                                data == null ? Bytes.EMPTY : data);
                    });
            case SnapshotAction.Take take -> owner.take();
            case SnapshotAction.Restore restore -> {
                machine.count(Effect.STATE_RESTORED.text());
                owner.restore(restore.snapshot());
            }
        }
    }

    /** Disk work without a result. */
    private interface Work {
        void run() throws DiskFullException;
    }

    private void later(DiskWork kind, Work work) {
        machine.onDiskThread(kind, () -> onDisk(() -> {
            work.run();
            return true;
        }));
    }

    /** A full disk makes the work fail and loses nothing; any other error ends the process. */
    private <T> @Nullable T onDisk(DiskCall<@Nullable T> call) {
        try {
            return call.run();
        } catch (DiskFullException e) {
            machine.count(Effect.SNAPSHOT_WORK_ON_A_FULL_DISK.text());
            return null;
        } catch (DiskFailedException e) {
            machine.halt(String.valueOf(e.getMessage()));
            throw e;
        }
    }
}
