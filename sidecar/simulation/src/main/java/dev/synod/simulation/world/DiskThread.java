package dev.synod.simulation.world;

import dev.synod.paxos.SeededRandom;
import dev.synod.simulation.port.DiskWork;
import dev.synod.simulation.port.Knob;
import dev.synod.simulation.port.Knobs;
import dev.synod.simulation.port.TraceKind;
import java.util.ArrayDeque;

/**
 * The thread of one process that does its disk work, one piece after the other, each as long as the machine's
 * disk takes.
 */
final class DiskThread {
    private static final long TAIL_NANOS_MAX = 1_000_000_000;

    private final World world;
    private final SimProcess process;
    private final SimMachine machine;
    private final SeededRandom random;
    private final long latencyNanos;
    private final double tail;
    private final ArrayDeque<Piece> queue = new ArrayDeque<>();
    private boolean busy;

    private record Piece(DiskWork kind, Runnable work) {}

    DiskThread(World world, SimProcess process, SimMachine machine, SeededRandom random) {
        this.world = world;
        this.process = process;
        this.machine = machine;
        this.random = random;
        Knobs knobs = world.knobs();
        latencyNanos = knobs.get(Knob.DISK_LATENCY);
        tail = knobs.chance(Knob.DISK_TAIL);
    }

    /** Whether it has nothing to do and has dealt with all that it did. */
    boolean isIdle() {
        return !busy;
    }

    void add(DiskWork kind, Runnable work) {
        queue.add(new Piece(kind, work));
        if (!busy) {
            startNext();
        }
    }

    private void startNext() {
        Piece next = queue.poll();
        busy = next != null;
        if (next != null) {
            world.at(world.nowNanos() + latencyOf(next.kind()), () -> finish(next));
        }
    }

    private long latencyOf(DiskWork kind) {
        // A write reaches the page cache, a read mostly comes from there; only a sync waits for the device.
        long mean = kind == DiskWork.SYNC ? latencyNanos : Math.min(latencyNanos / 10, 100_000);
        long latency = mean / 2 + random.below(mean + 1);
        if (kind == DiskWork.SYNC && !machine.isCalm() && random.chance(tail)) {
            world.count(Consequence.DISK_WORK_LONG_DELAYED);
            latency = (long) Math.min(TAIL_NANOS_MAX, 4 * mean / (1 - random.unit()));
        }
        return latency * machine.diskSlowness();
    }

    private void finish(Piece piece) {
        if (!process.isAlive()) {
            return;
        }
        long stuckUntil = machine.diskStuckUntilNanos();
        if (stuckUntil > world.nowNanos()) {
            world.at(stuckUntil, () -> finish(piece));
            return;
        }
        process.handle(() -> {
            process.enter(TraceKind.DISK, piece.kind().name(), piece.work());
            if (process.isAlive()) {
                if (piece.kind() == DiskWork.SYNC) {
                    machine.noteSync();
                }
                startNext();
                world.diskWorkDone(machine, process);
            }
        });
    }
}
