package dev.synod.simulation.world;

import dev.synod.paxos.Role;
import dev.synod.paxos.SeededRandom;
import dev.synod.simulation.disk.DiskOperation;
import dev.synod.simulation.disk.SimDisk;
import dev.synod.simulation.disk.SimulatedCrash;
import dev.synod.simulation.port.ProgramView;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A machine: its disk, its clock, and at most one process. Keeps what the world must know of it;
 * {@link Lifecycle} acts.
 */
final class SimMachine {
    /** Room on a disk that is not full. */
    static final long DISK_BYTES = 1L << 30;

    private final World world;
    private final int index;
    private final SeededRandom random;
    private final SimClock clock;
    private final ArrayDeque<Runnable> withheld = new ArrayDeque<>();
    private final SimDisk disk;
    private @Nullable UUID identity;
    private @Nullable SimProcess process;
    private int run;

    private boolean paused;
    private boolean calm;
    private boolean removed;
    private boolean held;
    private boolean member;
    private boolean formatted;
    private boolean leading;
    private long diskStuckUntilNanos;
    private long diskSlowUntilNanos;
    private long diskSlowness = 1;
    private String lastSynced = "";
    private final List<Watch> watches = new ArrayList<>(0);
    private long syncsDone;
    private boolean fragile;
    private long callsUntilCrash;
    private long crashAfterFile = -1;
    private long downtimeNanos;

    private @Nullable String damage;
    /** Whether that damage is there already; null for yes. */
    private @Nullable BooleanSupplier struck;
    private boolean superseded;
    private boolean condemnAtNextCrash;
    private long forgottenNanos = -1;
    private long campaignedNanos = -1;
    private @Nullable VouchRecord vouches;

    SimMachine(World world, int index, SeededRandom random, SimClock clock, SimDisk disk) {
        this.world = world;
        this.index = index;
        this.random = random;
        this.clock = clock;
        this.disk = disk;
        disk.onOperation(this::beforeDiskOperation);
    }

    private void beforeDiskOperation(long number, DiskOperation operation, String name) {
        switch (operation) {
            case SYNC -> lastSynced = name;
            case CREATE, RENAME, DELETE -> {
                long after = crashAfterFile;
                crashAfterFile = -1;
                if (after == 0) {
                    throw new SimulatedCrash(operation + " of " + name);
                }
                if (after > 0) {
                    disk.crashBefore(number + after);
                }
            }
            case WRITE, TRUNCATE, SYNC_DIRECTORY -> {}
        }
    }

    int index() {
        return index;
    }

    SeededRandom random() {
        return random;
    }

    SimClock clock() {
        return clock;
    }

    long nowNanos() {
        return clock.localNanos(world.nowNanos());
    }

    /** The clock was set or runs at another rate from now on. */
    void clockChanged() {
        if (process != null) {
            process.clockChanged();
        }
    }

    SimDisk disk() {
        return disk;
    }

    /** Identity of the volume as the operator gave it, or null. */
    @Nullable
    UUID identity() {
        return identity;
    }

    void setIdentity(UUID uuid) {
        identity = uuid;
    }

    /** The process that runs, or null. */
    @Nullable
    SimProcess process() {
        return process;
    }

    /** Number of the process that runs or ran last, from 1. */
    int run() {
        return run;
    }

    SimProcess newProcess() {
        run++;
        process = new SimProcess(world, this, random.child("process " + run));
        return process;
    }

    void processEnded() {
        if (process != null) {
            process.end();
        }
        process = null;
        leading = false;
        paused = false;
        withheld.clear();
        callsUntilCrash = 0;
        crashAfterFile = -1;
    }

    /** State of the program that runs, or null. */
    @Nullable
    ProgramView view() {
        return process == null ? null : process.view();
    }

    boolean isFaulty() {
        ProgramView view = view();
        return view != null && view.role() == Role.FAULTY;
    }

    boolean isUp() {
        return process != null;
    }

    // Pauses.

    boolean isPaused() {
        return paused;
    }

    void pause() {
        paused = true;
    }

    void withhold(Runnable event) {
        withheld.add(event);
    }

    /** Lets go; returns what was withheld, in order. */
    ArrayDeque<Runnable> resume() {
        paused = false;
        ArrayDeque<Runnable> events = new ArrayDeque<>(withheld);
        withheld.clear();
        return events;
    }

    // Disk.

    boolean diskIsIdle() {
        return process == null || process.diskIsIdle();
    }

    long diskStuckUntilNanos() {
        return diskStuckUntilNanos;
    }

    void stickDisk(long untilNanos) {
        diskStuckUntilNanos = untilNanos;
    }

    void slowDisk(long slowness, long untilNanos) {
        diskSlowness = slowness;
        diskSlowUntilNanos = untilNanos;
    }

    /** How many times as long as usual the disk takes. */
    long diskSlowness() {
        return world.nowNanos() < diskSlowUntilNanos ? diskSlowness : 1;
    }

    /** How many pieces of work with a sync in them its disk has done. */
    long syncsDone() {
        return syncsDone;
    }

    void noteSync() {
        syncsDone++;
    }

    /**
     * Whether damage to the disk is still of a kind that no format can tell from a torn write, if power were
     * lost now.
     */
    boolean isFragile() {
        return fragile;
    }

    void setFragile(boolean isFragile) {
        fragile = isFragile;
    }

    /** Name of the file that was synced last; empty before the first. */
    String lastSynced() {
        return lastSynced;
    }

    /**
     * Whether whatever is damaged on the disk now can be told from a torn write: all that is durable is
     * sealed.
     */
    boolean isSealed() {
        ProgramView view = view();
        return view != null && view.sealed() && diskIsIdle();
    }

    /** Waits for something to be so on a machine. */
    interface Watch {
        /** Looks; true when there is nothing more to wait for. */
        boolean isOver();
    }

    /** Looks now and after every step until it is over. */
    void watch(Watch watch) {
        if (!watch.isOver()) {
            watches.add(watch);
        }
    }

    /** Something happened on the machine. */
    void look() {
        for (int i = watches.size() - 1; i >= 0; i--) {
            Watch watch = watches.get(i);
            if (watch.isOver()) {
                watches.remove(watch);
            }
        }
    }

    void endWatches() {
        watches.clear();
    }

    // Crashes to come.

    /**
     * The process is killed in the middle of the {@code calls}-th call from now, and down for
     * {@code downNanos}.
     */
    void crashAtCall(long calls, long downNanos) {
        callsUntilCrash = calls;
        downtimeNanos = downNanos;
    }

    /** Power is lost {@code operations} disk operations after the next one that concerns a file's name. */
    void crashAtFile(long operations, long downNanos) {
        crashAfterFile = operations;
        downtimeNanos = downNanos;
    }

    void countCall() {
        if (callsUntilCrash > 0 && --callsUntilCrash == 0) {
            throw new ProcessEnded("killed between two effects", false);
        }
    }

    /** How long the next crash that a fault prepared keeps it down. */
    long downtimeNanos() {
        return downtimeNanos;
    }

    void setDowntimeNanos(long downNanos) {
        downtimeNanos = downNanos;
    }

    // What the network and the atlas know.

    /** Healed: noise and chance keep away. */
    boolean isCalm() {
        return calm;
    }

    void calm() {
        calm = true;
        disk.cancelOrders();
        disk.crashBefore(Long.MAX_VALUE);
        disk.quota(DISK_BYTES);
        diskStuckUntilNanos = 0;
        diskSlowUntilNanos = 0;
        callsUntilCrash = 0;
        crashAfterFile = -1;
    }

    /** Deleted by the operator, or at the end of a fault: it never comes back. */
    boolean isRemoved() {
        return removed;
    }

    void remove() {
        removed = true;
    }

    /** Not started again until released. */
    boolean isHeld() {
        return held;
    }

    void setHeld(boolean holds) {
        held = holds;
    }

    /** Whether a configuration ever named it; the operator's label on the machine. */
    boolean wasMember() {
        return member;
    }

    void noteMember() {
        member = true;
    }

    /** Whether its volume was ever formatted for a newcomer; the operator's label on the machine. */
    boolean wasFormatted() {
        return formatted;
    }

    void noteFormatted() {
        formatted = true;
    }

    /** Whether its process was the leader when it was last looked at. */
    boolean isLeading() {
        return leading;
    }

    /** What made the volume forget or misremember; null while nothing did. */
    @Nullable
    String damage() {
        return damage;
    }

    void setDamage(String what) {
        damage = what;
        struck = null;
    }

    /** Damage was ordered: nothing else may damage this machine, but its volume is whole until it strikes. */
    void threaten(String what, BooleanSupplier hasStruck) {
        damage = what;
        struck = hasStruck;
    }

    /** Ordered damage did not come about. */
    void spare() {
        damage = null;
        struck = null;
    }

    /** Whether the volume did forget or misremember something. */
    boolean isDamaged() {
        return damage != null && (struck == null || struck.getAsBoolean());
    }

    /** Whether another machine took over its identity. */
    boolean isSuperseded() {
        return superseded;
    }

    void supersede() {
        superseded = true;
    }

    /** When it next crashes, its volume is wiped. */
    void condemnAtNextCrash() {
        condemnAtNextCrash = true;
    }

    boolean isCondemned() {
        return condemnAtNextCrash;
    }

    void reprieve() {
        condemnAtNextCrash = false;
    }

    /** Its volume is lost, now. */
    void condemn() {
        condemnAtNextCrash = true;
        world.lifecycle().condemned(this);
    }

    /** Frames sent up to then never arrive. */
    long forgottenNanos() {
        return forgottenNanos;
    }

    void forgetFrames(long upToNanos) {
        forgottenNanos = upToNanos;
    }

    /** When it last prepared or led; -1 for never. */
    long campaignedNanos() {
        return campaignedNanos;
    }

    /** Takes note of what its process is; true when it has just become the leader. */
    boolean noteRole(Role role) {
        boolean elected = role == Role.LEADER && !leading;
        leading = role == Role.LEADER;
        if (role == Role.PREPARING || role == Role.LEADER) {
            campaignedNanos = world.nowNanos();
        }
        return elected;
    }

    /** What it vouched for since an image of its volume was taken; null while none is about. */
    @Nullable
    VouchRecord vouches() {
        return vouches;
    }

    void setVouches(@Nullable VouchRecord record) {
        vouches = record;
    }
}
