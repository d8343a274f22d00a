package dev.synod.node.loop;

import dev.synod.member.Answer;
import dev.synod.member.MemberOptions;
import dev.synod.node.Coordinator;
import dev.synod.node.ExitCode;
import dev.synod.node.Halt;
import dev.synod.node.StartException;
import dev.synod.node.loop.NodeStatus.Phase;
import dev.synod.paxos.Configuration;
import dev.synod.paxos.Defects;
import dev.synod.paxos.MalformedException;
import dev.synod.paxos.Recovered;
import dev.synod.paxos.Role;
import dev.synod.paxos.Snapshot;
import dev.synod.state.StateMachine;
import dev.synod.storage.DamagedException;
import dev.synod.storage.DiskFullException;
import dev.synod.storage.FileDisk;
import dev.synod.storage.FolderRefusedException;
import dev.synod.storage.Volume;
import dev.synod.storage.VolumeLimits;
import dev.synod.storage.VolumeState;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A member with its volume and threads, from the start of its process to the end. */
public final class MemberHost {
    private final DiskThread disk;
    private final MemberLoop loop;
    private final LoopCoordinator coordinator;
    private final VolumeState found;
    private final CompletableFuture<Void> started = new CompletableFuture<>();

    private MemberHost(DiskThread disk, MemberLoop loop, VolumeState found) {
        this.disk = disk;
        this.loop = loop;
        this.coordinator = new LoopCoordinator(loop);
        this.found = found;
    }

    /**
     * Takes a folder, without beginning anything yet; on any thread but the event loop.
     *
     * @param name of the process, in the names of threads
     * @param options timing and limits
     * @throws StartException when the folder cannot be had, or what is in it cannot be read
     */
    public static MemberHost open(String name, Path folder, MemberOptions options, VolumeLimits limits,
            EventLoop eventLoop, BulkThread bulk, FrameSender sender, Halt halt, LoopMeters meters)
            throws StartException {
        FileDisk files;
        try {
            files = FileDisk.open(folder);
        } catch (FolderRefusedException e) {
            throw new StartException(ExitCode.FOLDER_REFUSED, String.valueOf(e.getMessage()), e);
        }
        Volume volume = Volume.open(files, Defects.NONE, limits);
        if (volume.state() == VolumeState.UNREADABLE) {
            String fault = String.valueOf(volume.fault());
            close(files, volume);
            throw new StartException(ExitCode.DAMAGED, "the volume " + folder + " is of no use: " + fault
                    + ". Keep a copy of it, and have the member replaced under a new UUID on an empty one");
        }
        VolumeState found = volume.state();
        DiskThread disk = new DiskThread(name, files, volume, halt, meters);
        MemberLoop loop = new MemberLoop(eventLoop, disk, bulk, sender, options, halt, meters);
        return new MemberHost(disk, loop, found);
    }

    private static void close(FileDisk files, Volume volume) throws StartException {
        try (files) {
            volume.close();
        } catch (IOException e) {
            throw new StartException(ExitCode.DISK, "the volume cannot be given back: " + e.getMessage(), e);
        }
    }

    /** Begins to read the volume back. Whoever may send frames is ready to by now. */
    public void start() {
        disk.ended().thenRun(() -> started.completeExceptionally(
                new IllegalStateException("the volume was given up before it was read back")));
        disk.start();
        if (found == VolumeState.EMPTY) {
            loop.post(() -> {
                loop.waitForFormat();
                started.complete(null);
            });
        } else {
            disk.execute(this::recover);
        }
    }

    /** Completes when the member runs, or is FAULTY, or waits to be formatted. */
    public CompletableFuture<Void> started() {
        return started;
    }

    private void recover(Volume volume) throws DiskFullException {
        Recovered recovered = volume.recover(new SecureRandom().nextLong());
        Snapshot snapshot = recovered.snapshot();
        StateMachine restored = null;
        if (recovered.fault() == null) {
            try {
                restored = snapshot == null ? null : Snapshots.decode(volume.readSnapshotState(snapshot));
            } catch (DamagedException e) {
                begin(faulty(recovered, String.valueOf(e.getMessage())), null);
                return;
            } catch (MalformedException e) {
                begin(faulty(recovered, Snapshots.unreadable(snapshot, e)), null);
                return;
            }
        }
        begin(recovered, restored);
        if (recovered.fault() == null) {
            disk.recovered(new Reporter());
        }
    }

    private void begin(Recovered recovered, @Nullable StateMachine restored) {
        loop.post(() -> {
            loop.begin(recovered, restored);
            started.complete(null);
        });
    }

    private static Recovered faulty(Recovered sound, String why) {
        return new Recovered(sound.cluster(), sound.member(), sound.incarnation(), sound.nonce(),
                sound.activated(), sound.promised(), sound.accepted(), sound.seal(), sound.configuration(),
                sound.configurationIndex(), sound.snapshot(), sound.base(), sound.log(), sound.decided(),
                sound.staged(), why);
    }

    /** Hands on what the volume's thread has done. */
    private final class Reporter implements DiskThread.Listener {
        @Override
        public void durable(long sequence) {
            loop.post(() -> loop.durable(sequence));
        }

        @Override
        public void full(boolean full) {
            loop.post(() -> loop.full(full));
        }
    }

    /** What the member is asked by services. */
    public Coordinator coordinator() {
        return coordinator;
    }

    /** What steps it. */
    public MemberLoop loop() {
        return loop;
    }

    /** What became of {@link #format}. */
    public sealed interface Formatted {
        /**
         * The volume is this member's.
         *
         * @param already whether it was before
         */
        record Done(boolean already) implements Formatted {}

        /** It is not, for good. */
        record Taken(String text) implements Formatted {}

        /** There is no room on the disk. */
        record Full(String text) implements Formatted {}

        /** It is being read: ask again. */
        record TooEarly() implements Formatted {}
    }

    /**
     * Makes an empty volume this member's, and begins it. On the event loop; completes there.
     *
     * @param initial the first voters; {@link Configuration#NONE} for a newcomer, which is active from the
     *     start
     */
    public CompletableFuture<Formatted> format(UUID cluster, UUID member, Configuration initial) {
        CompletableFuture<Formatted> outcome = new CompletableFuture<>();
        if (loop.phase() != Phase.EMPTY) {
            outcome.complete(formatted(cluster, member, true));
            return outcome;
        }
        boolean newcomer = initial.voters().isEmpty();
        disk.execute(volume -> {
            boolean already = volume.state() != VolumeState.EMPTY;
            try {
                if (!already) {
                    volume.format(cluster, member, initial, newcomer);
                    recover(volume);
                }
                loop.post(() -> outcome.complete(formatted(cluster, member, already)));
            } catch (DiskFullException e) {
                if (volume.state() != VolumeState.EMPTY) {
                    throw e;
                }
                loop.post(() -> outcome.complete(new Formatted.Full(String.valueOf(e.getMessage()))));
            }
        });
        return outcome;
    }

    private Formatted formatted(UUID cluster, UUID member, boolean already) {
        NodeStatus status = loop.status();
        if (status.cluster() == null || status.self() == null) {
            return new Formatted.TooEarly();
        }
        return status.cluster().equals(cluster) && status.self().equals(member)
                ? new Formatted.Done(already)
                : new Formatted.Taken("this volume belongs to member " + status.self() + " of cluster "
                        + status.cluster() + ", not to member " + member + " of cluster " + cluster
                        + ": give the new member an empty volume");
    }

    /** Runs {@code work} on the volume's thread, after what was handed to that so far. On any thread. */
    public void onVolumeThread(Runnable work) {
        disk.execute(volume -> work.run());
    }

    /** See {@link dev.synod.member.MemberEvent.Activate}. */
    public CompletableFuture<Answer> activate(Duration timeout) {
        return coordinator.activate(timeout);
    }

    // ---- handing over -------------------------------------------------------------------------------------

    /**
     * Hands leadership to a voter, if this member leads: to the first that takes it, those that are connected
     * before the others. On the event loop; completes there.
     *
     * @param connected whether a member can be reached
     * @return whether another leads now, or this member does not
     */
    public CompletableFuture<Boolean> handOver(Predicate<UUID> connected, Duration within) {
        NodeStatus status = loop.status();
        ArrayDeque<UUID> candidates = new ArrayDeque<>();
        status.configuration().voters().stream().map(dev.synod.paxos.Member::uuid)
                .filter(uuid -> !uuid.equals(status.self()))
                .sorted(Comparator.comparing(uuid -> !connected.test(uuid)))
                .forEach(candidates::add);
        return handOver(candidates, System.nanoTime() + within.toNanos());
    }

    /** Hands leadership to {@code target}, if this member leads. On the event loop; completes there. */
    public CompletableFuture<Boolean> handOver(UUID target, Duration within) {
        ArrayDeque<UUID> candidates = new ArrayDeque<>();
        candidates.add(target);
        return handOver(candidates, System.nanoTime() + within.toNanos());
    }

    private CompletableFuture<Boolean> handOver(ArrayDeque<UUID> candidates, long deadlineNanos) {
        CompletableFuture<Boolean> outcome = new CompletableFuture<>();
        long left = deadlineNanos - System.nanoTime();
        if (!leads()) {
            outcome.complete(true);
            return outcome;
        }
        if (candidates.isEmpty() || left <= 0) {
            outcome.complete(false);
            return outcome;
        }
        UUID target = candidates.removeFirst();
        long share = left / (candidates.size() + 1);
        CompletableFuture<Void> changed = loop.until(() -> !leads(), Duration.ofNanos(share));
        coordinator.transferTo(target, Duration.ofNanos(share)).thenAccept(answer -> {
            if (!(answer instanceof Answer.Changed)) {
                changed.complete(null);
            }
        });
        changed.thenRun(() -> handOver(candidates, deadlineNanos).thenAccept(outcome::complete));
        return outcome;
    }

    private boolean leads() {
        return loop.status().role() == Role.LEADER;
    }

    // ---- end ----------------------------------------------------------------------------------------------

    /**
     * Ends the member and gives the folder back: what was handed to the volume is written first.
     *
     * @return completed on the volume's thread, when that ends
     */
    public CompletableFuture<Void> stop() {
        loop.post(loop::stop);
        return disk.stop();
    }

    /** Ends the member as a crash would: what was not synced yet is never written. */
    public CompletableFuture<Void> abandon() {
        CompletableFuture<Void> ended = disk.abandon();
        loop.post(loop::stop);
        return ended;
    }
}
