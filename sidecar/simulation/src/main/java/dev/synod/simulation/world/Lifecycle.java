package dev.synod.simulation.world;

import dev.synod.simulation.port.Knob;
import dev.synod.simulation.port.Oracle;
import dev.synod.simulation.port.ProgramView;
import dev.synod.simulation.port.TraceKind;
import org.jspecify.annotations.Nullable;

/** Starts and ends processes: on purpose, by fault, and in the middle of whatever they are doing. */
final class Lifecycle {
    private static final long RESTART_NANOS_MIN = 20_000_000;
    private static final long ENDLESS = Long.MAX_VALUE;

    private final World world;
    private final Journal journal;

    Lifecycle(World world) {
        this.world = world;
        this.journal = world.journal();
    }

    /** Starts a process now, unless the machine is gone or runs one. */
    void start(SimMachine machine) {
        if (machine.isRemoved() || machine.isHeld() || machine.isUp()) {
            return;
        }
        SimProcess process = machine.newProcess();
        process.start();
        if (process.isAlive()) {
            ProgramView view = process.view();
            if (view != null) {
                for (Oracle oracle : world.oracles()) {
                    oracle.onStart(machine.index(), view);
                }
            }
        }
    }

    /** Starts a process after a while. */
    void startAfter(SimMachine machine, long nanos) {
        if (nanos != ENDLESS) {
            world.at(world.nowNanos() + nanos, () -> start(machine));
        }
    }

    /** The process is killed: the page cache and the operating system live on. */
    void kill(SimMachine machine, String why, long downNanos) {
        end(machine, why, false, downNanos);
    }

    /**
     * The machine loses power; only its process dies while the disk's {@link SimMachine#isFragile damage}
     * asks for that.
     */
    void cutPower(SimMachine machine, String why, long downNanos) {
        if (machine.isUp()) {
            end(machine, why, !machine.isFragile(), downNanos);
        } else if (!machine.isFragile()) {
            machine.disk().powerCut(); // what a process that died before left in memory
        }
    }

    /** The process is killed, and never started again. */
    void stop(SimMachine machine, String why) {
        end(machine, why, false, ENDLESS);
    }

    /** The process ended inside a call: it halted, or a fault was prepared for just that moment. */
    void ended(SimMachine machine, ProcessEnded how) {
        if (how.isOwn()) {
            world.count(Consequence.PROCESS_HALTED);
            kill(machine, "halted: " + how.why(), ownRestartNanos(machine));
        } else {
            world.count(Consequence.KILLED_BETWEEN_EFFECTS);
            kill(machine, how.why(), machine.downtimeNanos());
        }
    }

    /** The machine lost power inside a disk operation. */
    void lostPowerAtDisk(SimMachine machine) {
        world.count(Consequence.POWER_LOST_AT_A_DISK_OPERATION);
        cutPower(machine, "power lost at a disk operation", machine.downtimeNanos());
    }

    private long ownRestartNanos(SimMachine machine) {
        long longest = Math.max(RESTART_NANOS_MIN, world.knobs().get(Knob.DOWNTIME) / 4);
        return machine.isCalm() ? RESTART_NANOS_MIN : machine.random().between(RESTART_NANOS_MIN, longest);
    }

    /** The machine's volume is lost: it comes back empty. */
    void condemned(SimMachine machine) {
        if (machine.isUp()) {
            stop(machine, "condemned");
        }
        wipeIfCondemned(machine);
        startAfter(machine, RESTART_NANOS_MIN);
    }

    private void wipeIfCondemned(SimMachine machine) {
        if (machine.isCondemned()) {
            machine.reprieve();
            machine.disk().wipe();
            machine.setDamage("lost after it went FAULTY");
            world.quarantine().removed(machine);
        }
    }

    private void end(SimMachine machine, String why, boolean powerLost, long downNanos) {
        SimProcess process = machine.process();
        if (process == null) {
            return;
        }
        @Nullable
        ProgramView view = process.view();
        journal.note(TraceKind.CRASHED, machine.index(), -1, powerLost ? 1 : 0, why, view);
        machine.processEnded();
        if (powerLost) {
            machine.disk().powerCut();
        } else {
            machine.disk().processDeath();
        }
        if (view != null) {
            for (Oracle oracle : world.oracles()) {
                oracle.onCrash(machine.index(), view, powerLost);
            }
        }
        world.network().closeAll(machine, !powerLost);
        world.clients().processEnded(machine);
        world.quarantine().processEnded(machine);
        wipeIfCondemned(machine);
        if (!machine.isSuperseded()) {
            // Who lost its identity to another process is not started again.
            startAfter(machine, downNanos);
        }
    }

    /** Holds the machine's events back for a while. */
    void pause(SimMachine machine, long nanos) {
        SimProcess process = machine.process();
        if (process == null || machine.isPaused()) {
            return;
        }
        machine.pause();
        journal.note(TraceKind.PAUSED, machine.index(), -1, 0, "", process.view());
        world.at(world.nowNanos() + nanos, () -> resume(machine, process));
    }

    private void resume(SimMachine machine, SimProcess process) {
        if (process.isAlive() && machine.isPaused()) {
            journal.note(TraceKind.RESUMED, machine.index(), -1, 0, "", process.view());
            for (Runnable event : machine.resume()) {
                process.handle(event);
            }
        }
    }

    /** Ends a pause at once. */
    void resume(SimMachine machine) {
        SimProcess process = machine.process();
        if (process != null) {
            resume(machine, process);
        }
    }

    /** Deletes the machine for good. */
    void remove(SimMachine machine, String why) {
        stop(machine, why);
        machine.remove();
        world.forget(machine);
        world.quarantine().removed(machine);
    }
}
