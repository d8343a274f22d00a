package dev.synod.simulation.driver;

import dev.synod.paxos.Defects;
import dev.synod.paxos.Effects;
import dev.synod.paxos.Recovered;
import dev.synod.paxos.Snapshot;
import dev.synod.paxos.WalRecord;
import dev.synod.simulation.port.Admin;
import dev.synod.simulation.port.AdminOutcome;
import dev.synod.simulation.port.DiskWork;
import dev.synod.simulation.port.Knob;
import dev.synod.simulation.port.Knobs;
import dev.synod.simulation.port.Machine;
import dev.synod.storage.DamagedException;
import dev.synod.storage.DiskFailedException;
import dev.synod.storage.DiskFullException;
import dev.synod.storage.Volume;
import dev.synod.storage.VolumeLimits;
import dev.synod.storage.VolumeState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A volume as a process uses it, from its start on: opened, formatted when the operator says so, recovered,
 * written in batches, sealed after a burst, and replenished when it got full.
 */
public final class VolumeDriver {
    /** Promises, epochs, snapshots and hints that may wait for a stuck disk beside entries. */
    private static final int BATCHES_BESIDE_ENTRIES_MAX = 256;

    private static final long REPLENISH_AFTER_NANOS = 200_000_000;

    /** Who runs the core. */
    public interface Owner {
        /** The volume holds a sound member: its core may start. Called once. */
        void recovered(Recovered recovered);

        /** Every batch up to {@code sequence} is durable, and what waited for it has left. */
        void durable(long sequence);

        /** The disk is full, or no longer so. */
        void diskFull(boolean full);
    }

    private final Machine machine;
    private final Knobs knobs;
    private final Defects defects;
    private final Owner owner;
    private final ReplicaView view;
    private final WritePipeline pipeline;
    private final SnapshotStore snapshots;
    private @Nullable Volume volume;
    private boolean toldFull;
    private long sealAtNanos = Long.MAX_VALUE;
    private long replenishAtNanos = Long.MAX_VALUE;

    /**
     * A volume that is not open yet.
     *
     * @param view told what becomes of it
     */
    public VolumeDriver(Machine machine, Knobs knobs, Defects defects, ReplicaView view, Owner owner,
            SnapshotStore.Owner ofSnapshots) {
        this.machine = machine;
        this.knobs = knobs;
        this.defects = defects;
        this.view = view;
        this.owner = owner;
        pipeline = new WritePipeline(machine, this::durable);
        snapshots = new SnapshotStore(machine, ofSnapshots);
        view.writtenBy(pipeline);
    }

    /** Group commit, and the frames that wait for it. */
    public WritePipeline pipeline() {
        return pipeline;
    }

    /** Snapshots on the volume. */
    public SnapshotStore snapshots() {
        return snapshots;
    }

    // ---- start --------------------------------------------------------------------------------------------

    /** The process starts. */
    public void start() {
        Volume opened = guarded(() -> Volume.open(
                machine.disk(), defects, VolumeLimits.withSegments(knobs.count(Knob.SEGMENT_BYTES))));
        volume = opened;
        view.open(opened);
        switch (opened.state()) {
            case EMPTY -> {}
            case UNREADABLE -> view.faulty(String.valueOf(opened.fault()));
            case FORMATTED, ACTIVATED -> recover(opened);
        }
    }

    private void recover(Volume opened) {
        long nonce = machine.random().nextLong();
        Recovered recovered = guarded(() -> opened.recover(nonce));
        view.recovered(recovered);
        if (recovered.fault() != null) {
            view.faulty(recovered.fault());
            machine.count(Effect.FAULT_AT_RECOVERY.text());
            return;
        }
        pipeline.use(opened);
        snapshots.use(opened);
        owner.recovered(recovered);
    }

    /**
     * Disk work that the process cannot go on without; an error ends it, and it starts again from what the
     * disk holds.
     */
    private <T extends @Nullable Object> T guarded(DiskCall<T> call) {
        try {
            return call.run();
        } catch (DiskFailedException e) {
            machine.halt(String.valueOf(e.getMessage()));
            throw e;
        } catch (DiskFullException e) {
            machine.halt("disk full at start: " + e.getMessage());
            throw new DiskFullAtStart(e);
        }
    }

    private static final class DiskFullAtStart extends RuntimeException {
        private static final long serialVersionUID = 1L;

        DiskFullAtStart(DiskFullException cause) {
            super(cause);
        }
    }

    /** Makes an empty volume a member's, and starts it; answers the operator. */
    public void format(long id, Admin.Format format) {
        Volume opened = volume;
        if (opened == null) {
            machine.answer(id, new AdminOutcome.TryLater("the volume is not open"));
        } else if (opened.state() == VolumeState.EMPTY) {
            machine.onDiskThread(DiskWork.SYNC, () -> {
                if (opened.state() == VolumeState.EMPTY) {
                    guarded(() -> {
                        opened.format(format.cluster(), format.uuid(), format.configuration(),
                                format.joining());
                        return true;
                    });
                    machine.count(Effect.FORMATTED.text());
                    recover(opened);
                }
                machine.answer(id, formatted(format));
            });
        } else {
            machine.answer(id, formatted(format));
        }
    }

    private AdminOutcome formatted(Admin.Format format) {
        boolean same = format.cluster().equals(view.cluster()) && format.uuid().equals(view.member());
        return same
                ? new AdminOutcome.Done()
                : new AdminOutcome.Refused("this volume belongs to member " + view.member() + " of cluster "
                        + view.cluster());
    }

    // ---- writing ------------------------------------------------------------------------------------------

    /** Takes a batch of the core's. */
    public void write(long sequence, List<WalRecord> records) {
        List<WalRecord> copy = List.copyOf(records);
        view.wrote(sequence, copy);
        pipeline.write(sequence, copy);
    }

    /** Sends frames, each when the batch that it waits for is durable. */
    public void send(List<Effects.Outgoing> frames) {
        for (Effects.Outgoing outgoing : frames) {
            pipeline.send(outgoing);
        }
    }

    /** The member is FAULTY: it says nothing more. */
    public void silence(String why) {
        view.faulty(why);
        pipeline.silence();
    }

    private void durable(long sequence) {
        view.durable(sequence);
        pipeline.release();
        sealAtNanos =
                machine.nowNanos()
                        + knobs.get(Knob.SEAL_AFTER) * (Failpoint.LATE_SEAL.fires(machine) ? 10 : 1);
        checkFull();
        owner.durable(sequence);
    }

    /** Tells the owner if the disk got full, or has room again. */
    public void checkFull() {
        Volume opened = volume;
        if (opened != null && opened.isFull() != toldFull) {
            toldFull = !toldFull;
            machine.count(toldFull ? Effect.DISK_FULL.text() : Effect.DISK_NO_LONGER_FULL.text());
            owner.diskFull(toldFull);
        }
        replenishAtNanos = toldFull ? machine.nowNanos() + REPLENISH_AFTER_NANOS : Long.MAX_VALUE;
    }

    /** Does what is due by time. */
    public void wake() {
        if (machine.nowNanos() >= sealAtNanos) {
            sealAtNanos = Long.MAX_VALUE;
            pipeline.seal();
        }
        if (machine.nowNanos() >= replenishAtNanos) {
            // Again then, if the disk is busy now.
            replenishAtNanos = machine.nowNanos() + REPLENISH_AFTER_NANOS;
            pipeline.whenIdle(Volume::replenish, this::checkFull);
        }
    }

    /** When {@link #wake} is due next; {@link Long#MAX_VALUE} for never. */
    public long nextDeadlineNanos() {
        return Math.min(sealAtNanos, replenishAtNanos);
    }

    // ---- reading ------------------------------------------------------------------------------------------

    /**
     * The state that a snapshot on the volume holds; null when it proves damaged, and the member is FAULTY
     * then.
     */
    public byte @Nullable [] read(Snapshot snapshot) {
        Volume opened = volume;
        if (opened == null) {
            return null;
        }
        try {
            return opened.readSnapshotState(snapshot);
        } catch (DamagedException e) {
            machine.count(Effect.FAULT_OF_A_SNAPSHOT.text());
            silence(String.valueOf(e.getMessage()));
        } catch (DiskFailedException e) {
            machine.halt(String.valueOf(e.getMessage()));
        }
        return null;
    }

    // ---- bounds -------------------------------------------------------------------------------------------

    /** The queues that every process has. */
    public List<ReplicaView.Queue> queues() {
        long window = knobs.count(Knob.WINDOW_ENTRIES);
        return List.of(
                new ReplicaView.Queue("writes", pipeline::waiting,
                        () -> 2 * window + BATCHES_BESIDE_ENTRIES_MAX),
                new ReplicaView.Queue("frames that wait for the disk", pipeline::held,
                        () -> WritePipeline.HELD_MAX));
    }
}
