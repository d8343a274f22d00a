package dev.synod.simulation.world;

import dev.synod.paxos.SeededRandom;
import dev.synod.simulation.port.Counters.Group;
import dev.synod.simulation.port.Fault;
import dev.synod.simulation.port.RunResult;
import dev.synod.simulation.port.TraceKind;
import java.util.UUID;

/**
 * Makes faults happen. Whatever a fault's list says, one that has no place in the world as it is (no such
 * machine, nothing running there, the atlas forbids it) does not strike, and then changes nothing and draws
 * nothing.
 */
final class FaultInjector {
    private final World world;
    private final Journal journal;
    private final VolumeFaults volumes;

    FaultInjector(World world) {
        this.world = world;
        this.journal = world.journal();
        volumes = new VolumeFaults(world);
    }

    /** Lets a fault strike; false when it could not. */
    boolean strike(Fault fault) {
        boolean struck = fault.target() < 0 ? strikeAll(fault) : strikeOne(fault);
        if (struck) {
            world.count(Group.TOTAL, RunResult.FAULTS);
            world.count(Group.FAULT, fault.kind().name());
            world.count(Group.FAMILY, fault.kind().family().name());
            String detail = journal.isTraced() ? fault.toString() : "";
            journal.note(TraceKind.FAULT, fault.target(), fault.other(), fault.kind().ordinal(), detail,
                    null);
        }
        return struck;
    }

    private boolean strikeAll(Fault fault) {
        return switch (fault.kind()) {
            case POWER_CUT_ALL -> cutAllPower(fault);
            case PARTITION -> partition(fault);
            case OPERATOR_CRASH -> {
                boolean up = world.operator().isUp();
                if (up) {
                    world.operator().crash(fault.durationNanos());
                }
                yield up;
            }
            case LATCH_LOST -> {
                boolean latched = world.operator().isUp() && world.operator().isLatched();
                if (latched) {
                    world.operator().loseLatch(fault.durationNanos());
                }
                yield latched;
            }
            case WANT_VOTERS -> wantVoters((int) fault.amount());
            case WANT_OBSERVERS -> {
                world.operator().wantObservers(Math.clamp(fault.amount(), 0, 4));
                yield true;
            }
            default -> false;
        };
    }

    private boolean strikeOne(Fault fault) {
        if (fault.target() >= world.machines() || world.machine(fault.target()).isRemoved()) {
            return false;
        }
        SimMachine machine = world.machine(fault.target());
        long now = world.nowNanos();
        long until = now + fault.durationNanos();
        return switch (fault.kind()) {
            case KILL -> {
                boolean up = machine.isUp();
                world.lifecycle().kill(machine, "killed", fault.durationNanos());
                yield up;
            }
            case POWER_CUT -> {
                world.lifecycle().cutPower(machine, "power cut", fault.durationNanos());
                yield true;
            }
            case CRASH_AT_DISK -> {
                if (machine.isUp()) {
                    machine.setDowntimeNanos(fault.durationNanos());
                    machine.disk().crashBefore(machine.disk().operations() + fault.amount());
                }
                yield machine.isUp();
            }
            case CRASH_AT_FILE -> {
                if (machine.isUp()) {
                    machine.crashAtFile(Math.max(0, fault.amount()), fault.durationNanos());
                }
                yield machine.isUp();
            }
            case CRASH_AT_CALL -> {
                if (machine.isUp()) {
                    machine.crashAtCall(fault.amount(), fault.durationNanos());
                }
                yield machine.isUp();
            }
            case PAUSE -> {
                boolean running = machine.isUp() && !machine.isPaused();
                world.lifecycle().pause(machine, fault.durationNanos());
                yield running;
            }
            case CLOCK_RATE -> {
                machine.clock().run(fault.amount(), now);
                machine.clockChanged();
                yield true;
            }
            case CLOCK_JUMP -> {
                machine.clock().jump(fault.durationNanos(), now);
                machine.clockChanged();
                yield true;
            }
            case DISK_SLOW -> {
                machine.slowDisk(fault.amount(), until);
                yield true;
            }
            case DISK_STUCK -> {
                machine.stickDisk(until);
                yield true;
            }
            case CLOG, CLOSE_LINK -> pair(fault, machine, until);
            case WANT_REPLACED, TRANSFER -> wish(fault, machine);
            case OVERLOAD -> {
                int count = Math.clamp(fault.amount(), 1, 1_000);
                world.clients().overload(count, fault.durationNanos(), new SeededRandom(fault.salt()),
                        machine);
                yield true;
            }
            default -> volumes.strike(fault, machine);
        };
    }

    private boolean cutAllPower(Fault fault) {
        SeededRandom random = new SeededRandom(fault.salt());
        for (int index = 0; index < world.machines(); index++) {
            SimMachine machine = world.machine(index);
            if (!machine.isRemoved()) {
                world.lifecycle().cutPower(machine, "power cut everywhere",
                        random.below(fault.durationNanos() + 1));
            }
        }
        return true;
    }

    private boolean partition(Fault fault) {
        int[] machines = world.existingMachines();
        if (machines.length < 2) {
            return false;
        }
        boolean[][] cuts = Partitioner.cuts(fault.amount(), machines.length, new SeededRandom(fault.salt()));
        world.network().cut(cuts, machines);
        world.count(Group.CONSEQUENCE, Partitioner.name(fault.amount()));
        world.at(world.nowNanos() + fault.durationNanos(), () -> {
            if (!world.isHealed()) {
                world.network().join(cuts, machines);
                journal.note(TraceKind.FAULT_ENDED, -1, -1, fault.kind().ordinal(), "partition", null);
            }
        });
        return true;
    }

    private boolean pair(Fault fault, SimMachine machine, long until) {
        if (fault.other() < 0 || fault.other() >= world.machines() || fault.other() == fault.target()) {
            return false;
        }
        SimMachine other = world.machine(fault.other());
        if (other.isRemoved()) {
            return false;
        }
        switch (fault.kind()) {
            case CLOG -> world.network().clog(machine.index(), other.index(), until);
            default -> world.network().close(machine, other);
        }
        return true;
    }

    private boolean wantVoters(int voters) {
        boolean possible = voters >= 1 && voters <= 7 && voters % 2 == 1;
        if (possible) {
            world.operator().want(voters);
        }
        return possible;
    }

    private boolean wish(Fault fault, SimMachine machine) {
        UUID identity = machine.identity();
        if (identity == null || !world.truth().newest().isVoter(identity)) {
            return false;
        }
        switch (fault.kind()) {
            case TRANSFER -> world.operator().wantLeader(identity);
            default -> world.operator().wantReplaced(identity);
        }
        return true;
    }
}
