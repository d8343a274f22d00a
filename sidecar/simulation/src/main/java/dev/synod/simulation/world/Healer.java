package dev.synod.simulation.world;

import dev.synod.paxos.Role;
import dev.synod.paxos.SeededRandom;
import dev.synod.simulation.port.Counters.Group;
import dev.synod.simulation.port.Knob;
import dev.synod.simulation.port.Knobs;
import dev.synod.simulation.port.ProgramView;
import dev.synod.simulation.port.TraceKind;
import dev.synod.storage.VolumeState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The second phase. A core is drawn: of every set of voters that counts, or may come to count because a
 * change is under way, a majority with sound volumes; or, in a quarter of the runs, everybody. Inside the
 * core all faults end; outside it, what is broken stays broken, and more so: machines are off, cut off, or
 * cut off in one direction for good. Then the core has a bounded time to answer every client, agree on a
 * leader, and hold equal states.
 */
final class Healer {
    private static final long SECOND_NANOS = 1_000_000_000;
    private static final long CHECK_NANOS = 25_000_000;

    private final World world;
    private final SeededRandom random;
    private final TreeSet<Integer> core = new TreeSet<>();
    private long deadlineNanos;
    private long nextCheckNanos;
    private boolean unrecoverable;
    private String missing = "";

    Healer(World world, SeededRandom random) {
        this.world = world;
        this.random = random;
    }

    /** What becomes of a machine outside the core. */
    private enum Outside {
        /** Off. */
        OFF,
        /** Its frames reach the core; nothing reaches it. */
        DEAF,
        /** It hears the core, which hears nothing of it. */
        MUTE,
        /** Neither. */
        CUT_OFF;

        String text() {
            return "outside the core: " + this;
        }
    }

    private static final Outside[] OUTSIDE = Outside.values();

    /** Whether the faults left no majority that could go on. */
    boolean isUnrecoverable() {
        return unrecoverable;
    }

    /** Names of all that may become of a machine outside the core, for the counts. */
    static List<String> outsides() {
        return Arrays.stream(OUTSIDE).map(Outside::text).toList();
    }

    /** The machines of the core. */
    SortedSet<Integer> core() {
        return core;
    }

    /** Heals. */
    void heal() {
        world.operator().retire();
        chooseCore();
        if (unrecoverable) {
            return;
        }
        for (int index = 0; index < world.machines(); index++) {
            SimMachine machine = world.machine(index);
            machine.endWatches();
            if (machine.isRemoved()) {
                continue;
            }
            if (machine.isSuperseded()) {
                world.lifecycle().remove(machine, "the superseded process is gone");
            } else if (core.contains(index)) {
                mend(machine);
            } else {
                breakForGood(machine);
            }
        }
        Knobs knobs = world.knobs();
        deadlineNanos = world.nowNanos() + allowance(knobs);
        world.clients().heal();
    }

    /**
     * Ten election timeouts by the slowest clock, what clients need to notice that they were not answered,
     * and a time for snapshots: chunks go one by one, each with its way on the network and on the disk.
     */
    private static long allowance(Knobs knobs) {
        long elections = 10 * knobs.get(Knob.ELECTION_TIMEOUT);
        long drift = (long) (elections * 2 * knobs.chance(Knob.CLOCK_DRIFT));
        long clients = 4 * knobs.get(Knob.CLIENT_TIMEOUT);
        long chunks = (64 << 10) / Math.max(1, knobs.get(Knob.CHUNK_BYTES));
        long transfer =
                10 * SECOND_NANOS + 2 * chunks * (SECOND_NANOS / 1_000 + 3 * knobs.get(Knob.DISK_LATENCY));
        return elections + drift + clients + transfer;
    }

    private void chooseCore() {
        if (!world.operator().isLatched()) {
            chooseEverybody();
            return;
        }
        boolean all = world.knobs().isOn(Knob.HEAL_ALL);
        for (List<UUID> voters : world.truth().voterSets()) {
            List<SimMachine> sound = new ArrayList<>();
            for (UUID voter : voters) {
                int holder = world.holderOf(voter);
                if (holder >= 0 && isSound(world.machine(holder))) {
                    sound.add(world.machine(holder));
                }
            }
            int majority = voters.size() / 2 + 1;
            if (sound.size() < majority) {
                unrecoverable = true;
                return;
            }
            while (sound.size() > majority && !all) {
                sound.remove(/* index= */ random.below(sound.size()));
            }
            for (SimMachine machine : sound) {
                core.add(machine.index());
            }
        }
        if (all) {
            for (int index : world.existingMachines()) {
                if (isSound(world.machine(index))) {
                    core.add(index);
                }
            }
        }
    }

    /** A cluster that is still being made needs all its first voters in sight. */
    private void chooseEverybody() {
        for (int index : world.existingMachines()) {
            core.add(index);
            unrecoverable |= !isSound(world.machine(index));
        }
    }

    /** Whether the member can take part: its volume is its own, whole, and past its bootstrap. */
    private boolean isSound(SimMachine machine) {
        return machine.damage() == null && !machine.isFaulty() && !machine.isRemoved()
                && !machine.isSuperseded();
    }

    private void mend(SimMachine machine) {
        machine.calm();
        for (int other : core) {
            if (other != machine.index()) {
                world.network().mend(machine.index(), other);
            }
        }
        if (world.knobs().isOn(Knob.HEAL_RESTART) && machine.isUp()) {
            world.lifecycle().stop(machine, "restarted to heal");
        }
        if (machine.isUp()) {
            world.lifecycle().resume(machine);
        } else {
            // Next turn, so that all of the core is whole before any of it starts.
            world.lifecycle().startAfter(machine, 0);
        }
    }

    private void breakForGood(SimMachine machine) {
        Outside how = OUTSIDE[random.below(OUTSIDE.length)];
        world.count(Group.CONSEQUENCE, how.text());
        world.journal().note(TraceKind.FAULT, machine.index(), -1, how.ordinal(), "for good: " + how, null);
        if (how == Outside.OFF) {
            world.lifecycle().stop(machine, "off for good");
            machine.setHeld(true);
            return;
        }
        for (int other : core) {
            world.network().mend(machine.index(), other);
            if (how != Outside.DEAF) {
                world.network().cut(machine.index(), other);
            }
            if (how != Outside.MUTE) {
                world.network().cut(other, machine.index());
            }
        }
    }

    /** When to look again. */
    long nextCheckNanos() {
        return nextCheckNanos;
    }

    /** Whether the core has done all that is asked of it; fails the run when it is too late for that. */
    boolean isDone() {
        nextCheckNanos = world.nowNanos() + CHECK_NANOS;
        if (unrecoverable) {
            return true;
        }
        if (!world.clients().areDone()) {
            missing = world.clients().describeWaiting();
        } else if (isConverged()) {
            return true;
        }
        if (world.nowNanos() > deadlineNanos) {
            throw new RunFailed("liveness", "the core " + core + " is whole since "
                    + world.safetyNanos() + " ns, but " + missing);
        }
        return false;
    }

    /**
     * Whether somebody in the core leads, and all members of the leader's configuration in the core hold what
     * it holds.
     */
    private boolean isConverged() {
        ProgramView leader = leader();
        if (leader == null) {
            missing = "nobody in it leads";
            return false;
        }
        for (int index : core) {
            UUID identity = world.machine(index).identity();
            if (identity == null || leader.configuration().member(identity) == null) {
                continue; // removed since, or never added
            }
            ProgramView view = world.machine(index).view();
            if (view == null || view.volume() != VolumeState.ACTIVATED) {
                missing = "machine " + index + " is not an active member";
                return false;
            }
            if (view.applied() != leader.applied()) {
                missing = "machine " + index + " has applied " + view.applied() + ", the leader "
                        + leader.applied();
                return false;
            }
            if (view.stateDigest() != leader.stateDigest()) {
                throw new RunFailed("I8", "states differ at " + view.applied() + " between machine " + index
                        + " and the leader");
            }
        }
        return true;
    }

    private @Nullable ProgramView leader() {
        @Nullable
        ProgramView leader = null;
        for (int index : core) {
            ProgramView view = world.machine(index).view();
            if (view != null
                    && view.role() == Role.LEADER
                    && (leader == null || leader.promised().isBelow(view.promised()))) {
                leader = view;
            }
        }
        return leader;
    }
}
