package dev.synod.simulation.register;

import dev.synod.paxos.Bytes;
import dev.synod.paxos.Configuration;
import dev.synod.paxos.Defect;
import dev.synod.paxos.Defects;
import dev.synod.paxos.Event;
import dev.synod.paxos.Seal;
import dev.synod.paxos.Snapshot;
import dev.synod.paxos.SnapshotAction;
import dev.synod.simulation.port.DiskWork;
import dev.synod.simulation.port.Machine;
import dev.synod.storage.DiskFailedException;
import dev.synod.storage.DiskFullException;
import dev.synod.storage.Volume;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Carries out what the core asks of snapshots, on the disk's thread, and reports back by events. */
final class SnapshotStore {
    private final Machine machine;
    private final Consumer<Event> step;
    private @Nullable Volume volume;
    private boolean taking;
    private byte @Nullable [] beforeLast;

    SnapshotStore(Machine machine, Consumer<Event> step) {
        this.machine = machine;
        this.step = step;
    }

    void use(Volume opened) {
        volume = opened;
    }

    boolean taking() {
        return taking;
    }

    /** Keeps what a planted defect needs: the state one command ago (M14). */
    void beforeApply(RegisterState state, Defects defects) {
        if (defects.has(Defect.M14_APPLIED_INDEX_APART)) {
            beforeLast = state.encode();
        }
    }

    void take(RegisterState state, Configuration configuration, Seal seal, long base, Defects defects) {
        Volume disk = volume;
        if (disk == null) {
            return;
        }
        taking = true;
        long index = state.applied();
        byte[] older = defects.has(Defect.M14_APPLIED_INDEX_APART) ? beforeLast : null;
        byte[] bytes = older == null ? state.encode() : RegisterState.withApplied(older, index);
        machine.count(Effect.SNAPSHOT_TAKEN.text());
        machine.onDiskThread(DiskWork.SYNC, () -> {
            taking = false;
            Snapshot snapshot = onDisk(() -> disk.writeSnapshot(index, configuration, seal, bytes));
            if (snapshot != null) {
                step.accept(new Event.SnapshotTaken(snapshot, base));
            }
        });
    }

    void carryOut(List<SnapshotAction> actions, RegisterMember member) {
        for (SnapshotAction action : List.copyOf(actions)) {
            carryOut(action, member);
        }
    }

    private void carryOut(SnapshotAction action, RegisterMember member) {
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
                        step.accept(
                                staged == null
                                        ? new Event.StagingFailed(finish.snapshot())
                                        : new Event.SnapshotStaged(staged));
                    });
            case SnapshotAction.ReadChunk read ->
                    machine.onDiskThread(DiskWork.READ, () -> {
                        Bytes data = onDisk(
                                () -> disk.readChunk(read.snapshot(), read.offsetBytes(),
                                        read.lengthBytesMax()));
                        machine.count(Effect.CHUNK_READ.text());
                        step.accept(new Event.ChunkRead(
                                read.peer(), read.snapshot(), read.offsetBytes(),
                                data == null ? Bytes.EMPTY : data));
                    });
            case SnapshotAction.Take take -> member.takeSnapshotNow();
            case SnapshotAction.Restore restore -> {
                machine.count(Effect.STATE_RESTORED.text());
                member.restore(restore.snapshot());
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
    private <T> @Nullable T onDisk(RegisterMember.DiskCall<@Nullable T> call) {
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
