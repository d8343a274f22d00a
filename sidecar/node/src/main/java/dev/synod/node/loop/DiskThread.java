package dev.synod.node.loop;

import dev.synod.member.MemberEffects.Batch;
import dev.synod.node.ExitCode;
import dev.synod.node.Halt;
import dev.synod.paxos.InvariantViolation;
import dev.synod.paxos.WalRecord;
import dev.synod.storage.DiskFailedException;
import dev.synod.storage.DiskFullException;
import dev.synod.storage.FileDisk;
import dev.synod.storage.Volume;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The thread that owns the volume. Group commit: while one batch is being written and synced the next ones
 * gather, and then all of them go in one. What else there is to do waits its turn behind them.
 *
 * <p>10 ms after the last sync of a burst it seals the log; while the disk is full it tries again now and then
 * whether there is room. Nobody may interrupt it: an interrupt closes the file in use, which is then a failure
 * of the disk.
 */
final class DiskThread {
    /** Told on this thread; hands on to the event loop. */
    interface Listener {
        /** Every batch up to {@code sequence} is durable. */
        void durable(long sequence);

        /** The disk is full, or no longer so. */
        void full(boolean full);
    }

    /** Work on the volume that has no result of its own. */
    interface Work {
        void run(Volume volume) throws DiskFullException;
    }

    private static final long SEAL_AFTER_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long REPLENISH_AFTER_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    /** Batches to write, or work in between. */
    private sealed interface Job {
        record Write(List<Batch> batches) implements Job {}

        record Other(Work work) implements Job {}

        record Stop() implements Job {}
    }

    private final FileDisk disk;
    private final Volume volume;
    private final Halt halt;
    private final LoopMeters meters;
    private final LinkedBlockingQueue<Job> jobs = new LinkedBlockingQueue<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final Thread thread;
    private @Nullable Listener listener;
    private volatile boolean abandoned;
    private boolean started;
    private boolean stopping;
    private boolean toldFull;
    private boolean recovered;
    private long sealAtNanos = Long.MAX_VALUE;
    private long replenishAtNanos = Long.MAX_VALUE;

    DiskThread(String name, FileDisk disk, Volume volume, Halt halt, LoopMeters meters) {
        this.disk = disk;
        this.volume = volume;
        this.halt = halt;
        this.meters = meters;
        this.thread = Thread.ofPlatform().name(name + "-wal").daemon(true).unstarted(this::run);
    }

    /** On the thread that also ends it. */
    void start() {
        started = true;
        thread.start();
    }

    /** Writes batches; on the event loop, in the order of their sequence. */
    void write(List<Batch> batches) {
        jobs.add(new Job.Write(batches));
    }

    /** Does work on the volume, after the batches handed over so far were begun. */
    void execute(Work work) {
        jobs.add(new Job.Other(work));
    }

    /** Within work: the volume was recovered, and from now on takes batches. */
    void recovered(Listener told) {
        listener = told;
        recovered = true;
        checkFull();
    }

    /** Completes on this thread when it ends. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    /** Writes what was handed over, seals the log, gives the folder back. */
    CompletableFuture<Void> stop() {
        jobs.add(new Job.Stop());
        if (!started) {
            close();
        }
        return ended;
    }

    /** Gives the folder back as soon as the call under way has returned; what waits is never written. */
    CompletableFuture<Void> abandon() {
        abandoned = true;
        return stop();
    }

    // ---- the thread ---------------------------------------------------------------------------------------

    private void run() {
        try {
            while (!stopping) {
                turn();
            }
            if (recovered && !abandoned) {
                volume.seal();
            }
        } catch (DiskFullException e) {
            // None of this was acknowledged. Started again, the member knows that the disk is full, and only
            // promises.
            halt.halt(ExitCode.DISK, "the disk is full: " + e.getMessage(), null);
        } catch (DiskFailedException e) {
            halt.halt(ExitCode.DISK, String.valueOf(e.getMessage()), null);
        } catch (InvariantViolation e) {
            halt.halt(ExitCode.SOFTWARE, String.valueOf(e.getMessage()), e);
        } catch (Throwable e) {
            halt.halt(ExitCode.SOFTWARE, "the thread of the volume broke: " + e, e);
        } finally {
            close();
        }
    }

    private void turn() throws DiskFullException, InterruptedException {
        ArrayDeque<Job> taken = new ArrayDeque<>();
        Job first = next();
        if (first != null) {
            taken.add(first);
        }
        jobs.drainTo(taken);
        if (abandoned) {
            stopping = true;
            return;
        }
        writeAll(taken);
        for (Job job : taken) {
            switch (job) {
                case Job.Write write -> {}
                case Job.Other other -> other.work().run(volume);
                case Job.Stop stop -> stopping = true;
            }
            if (abandoned) {
                return;
            }
        }
        if (recovered) {
            rest();
        }
    }

    private @Nullable Job next() throws InterruptedException {
        long due = Math.min(sealAtNanos, replenishAtNanos);
        if (due == Long.MAX_VALUE) {
            return jobs.take();
        }
        return jobs.poll(due - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    private void writeAll(Iterable<Job> taken) throws DiskFullException {
        List<WalRecord> records = new ArrayList<>();
        long last = 0;
        for (Job job : taken) {
            if (job instanceof Job.Write write) {
                for (Batch batch : write.batches()) {
                    records.addAll(batch.records());
                    last = batch.sequence();
                }
            }
        }
        if (last == 0) {
            return;
        }
        long from = System.nanoTime();
        volume.append(records);
        volume.sync();
        long now = System.nanoTime();
        meters.synced(now - from, records.size());
        sealAtNanos = now + SEAL_AFTER_NANOS;
        if (listener != null) {
            listener.durable(last);
        }
        checkFull();
    }

    /** What is done when a burst is over, or the disk was full. */
    private void rest() {
        long now = System.nanoTime();
        if (now >= sealAtNanos && jobs.isEmpty()) {
            sealAtNanos = Long.MAX_VALUE;
            if (!volume.sealed()) {
                volume.seal();
            }
            checkFull();
        }
        if (now >= replenishAtNanos) {
            volume.replenish();
            checkFull();
        }
    }

    private void checkFull() {
        boolean full = volume.isFull();
        if (listener != null && full != toldFull) {
            toldFull = full;
            listener.full(full);
        }
        replenishAtNanos = full ? System.nanoTime() + REPLENISH_AFTER_NANOS : Long.MAX_VALUE;
    }

    private void close() {
        try (disk) {
            volume.close();
        } catch (IOException | RuntimeException e) {
            halt.halt(ExitCode.DISK, "the volume could not be given back: " + e.getMessage(), e);
        } finally {
            ended.complete(null);
        }
    }
}
