package dev.synod.simulation.driver;

import dev.synod.paxos.Effects;
import dev.synod.paxos.WalRecord;
import dev.synod.simulation.port.DiskWork;
import dev.synod.simulation.port.Machine;
import dev.synod.storage.DiskFailedException;
import dev.synod.storage.DiskFullException;
import dev.synod.storage.Volume;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Group commit: while one batch is being written and synced, the next ones gather; then all of them go in
 * one. Frames that wait for a batch leave when it is durable, in the order in which they were handed over.
 */
public final class WritePipeline {
    /** More frames than this do not wait for a stuck disk: what is over is lost, as frames may be. */
    public static final int HELD_MAX = 512;

    private record Batch(long sequence, List<WalRecord> records) {}

    private final Machine machine;
    private final LongConsumer onDurable;
    private final ArrayDeque<Batch> waiting = new ArrayDeque<>();
    private final ArrayDeque<Effects.Outgoing> held = new ArrayDeque<>();
    private @Nullable Volume volume;
    private long durable;
    private boolean busy;
    private boolean sealed;
    private boolean silent;

    WritePipeline(Machine machine, LongConsumer onDurable) {
        this.machine = machine;
        this.onDurable = onDurable;
    }

    void use(Volume opened) {
        volume = opened;
    }

    /** Takes a batch. */
    public void write(long sequence, List<WalRecord> records) {
        for (WalRecord record : records) {
            machine.count(nameOf(record));
        }
        waiting.add(new Batch(sequence, records));
        if (!busy) {
            writeAll();
        }
    }

    /** Sends a frame, when the batch that it waits for is durable. */
    public void send(Effects.Outgoing outgoing) {
        if (silent) {
            return;
        }
        if (outgoing.afterSequence() > durable) {
            hold(outgoing);
        } else {
            machine.send(outgoing.to(), outgoing.frame(), outgoing.bulk());
        }
    }

    private void hold(Effects.Outgoing outgoing) {
        if (held.size() < HELD_MAX) {
            held.add(outgoing);
        } else {
            machine.count(Effect.FRAME_NOT_HELD.text());
        }
    }

    /** A FAULTY member says nothing more, not even what it wanted to say before. */
    public void silence() {
        silent = true;
        held.clear();
    }

    /** Sends what waited for what is durable now. */
    void release() {
        while (!held.isEmpty() && held.getFirst().afterSequence() <= durable) {
            Effects.Outgoing outgoing = held.removeFirst();
            machine.send(outgoing.to(), outgoing.frame(), outgoing.bulk());
        }
    }

    private void writeAll() {
        Volume disk = volume;
        if (waiting.isEmpty() || disk == null) {
            return;
        }
        busy = true;
        sealed = false;
        List<WalRecord> records = new ArrayList<>();
        boolean single = Failpoint.ONE_BATCH_AT_A_TIME.fires(machine);
        long last = 0;
        while (!waiting.isEmpty() && (last == 0 || !single)) {
            Batch batch = waiting.removeFirst();
            records.addAll(batch.records());
            last = batch.sequence();
        }
        long sequence = last;
        machine.onDiskThread(DiskWork.WRITE, () -> append(disk, records));
        machine.onDiskThread(DiskWork.SYNC, () -> sync(disk, sequence));
    }

    private void append(Volume disk, List<WalRecord> records) {
        try {
            disk.append(records);
        } catch (DiskFullException e) {
            // None of this was acknowledged. Started again, the member knows that the disk is full and only
            // promises.
            machine.halt("disk full: " + e.getMessage());
        } catch (DiskFailedException e) {
            machine.halt(String.valueOf(e.getMessage()));
        }
    }

    private void sync(Volume disk, long sequence) {
        try {
            disk.sync();
        } catch (DiskFailedException e) {
            machine.halt(String.valueOf(e.getMessage()));
        }
        busy = false;
        durable = sequence;
        onDurable.accept(sequence);
        if (!busy) {
            writeAll();
        }
    }

    /** Writes the sealing batch, unless something is under way; then its end brings the next occasion. */
    void seal() {
        Volume disk = volume;
        if (disk != null && !disk.sealed()) {
            whenIdle(Volume::seal, this::sealed);
        }
    }

    private void sealed() {
        sealed = true;
        machine.count(Effect.SEALED.text());
    }

    /** Whether the volume was asked to seal, and did, and nothing was appended since. */
    boolean isSealed() {
        return sealed && !busy;
    }

    /**
     * Does work on the volume that must not come between a batch and its sync; not at all when one is under
     * way.
     */
    void whenIdle(Consumer<Volume> work, Runnable then) {
        Volume disk = volume;
        if (busy || disk == null) {
            return;
        }
        busy = true;
        machine.onDiskThread(DiskWork.SYNC, () -> {
            try {
                work.accept(disk);
            } catch (DiskFailedException e) {
                machine.halt(String.valueOf(e.getMessage()));
            }
            busy = false;
            then.run();
            if (!busy) {
                writeAll();
            }
        });
    }

    /** Batches that wait for the one under way. */
    public int waiting() {
        return waiting.size();
    }

    /** Frames that wait for a batch. */
    public int held() {
        return held.size();
    }

    private static String nameOf(WalRecord record) {
        return switch (record) {
            case WalRecord.Promised r -> Effect.WROTE_PROMISE.text();
            case WalRecord.Appended r -> Effect.WROTE_ENTRY.text();
            case WalRecord.Adopted r -> Effect.WROTE_SYNC.text();
            case WalRecord.Decided r -> Effect.WROTE_DECIDED.text();
            case WalRecord.SnapshotTaken r -> Effect.WROTE_SNAPSHOT_TAKEN.text();
            case WalRecord.SnapshotInstalled r -> Effect.WROTE_SNAPSHOT_INSTALLED.text();
            case WalRecord.EpochEntered r -> Effect.WROTE_EPOCH.text();
            case WalRecord.Activated r -> Effect.WROTE_ACTIVATED.text();
        };
    }
}
