package dev.synod.simulation.world;

import dev.synod.paxos.SeededRandom;
import dev.synod.simulation.disk.DiskFault;
import dev.synod.simulation.disk.SimDisk;
import dev.synod.simulation.port.Admin;
import dev.synod.simulation.port.Counters.Group;
import dev.synod.simulation.port.Fault;
import dev.synod.simulation.port.ProgramView;
import dev.synod.simulation.port.TraceKind;
import dev.synod.storage.VolumeState;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Faults of what lies on a disk: errors, damage, and volumes that are not what they were. */
final class VolumeFaults {
    private static final long LOOK_NANOS = 3_000_000;
    private static final long WAIT_NANOS_MAX = 10_000_000_000L;
    private static final int SYNCS_AFTER = 5;
    private static final int FRESH_BYTES = 400;

    /** Bits of a bit rot's amount. */
    static final long ROT_READ = 1;

    static final long ROT_FRESH = 2;

    private final World world;

    VolumeFaults(World world) {
        this.world = world;
    }

    boolean strike(Fault fault, SimMachine machine) {
        SimDisk disk = machine.disk();
        return switch (fault.kind()) {
            case DISK_FULL -> fill(fault, machine);
            case SYNC_ERROR -> {
                disk.order(DiskFault.SYNC_FAILED, Math.max(1, fault.amount()));
                yield true;
            }
            case WRITE_ERROR -> {
                disk.order(DiskFault.WRITE_FAILED, Math.max(1, fault.amount()));
                yield true;
            }
            case READ_ERROR -> {
                boolean allowed = mayDamage(machine);
                if (allowed) {
                    disk.order(DiskFault.READ_FAILED, Math.max(1, fault.amount()));
                    machine.setDamage("a read failed");
                }
                yield allowed;
            }
            case MISDIRECTED_WRITE -> spoilWrite(fault, machine, DiskFault.MISDIRECTED);
            case LOST_WRITE -> spoilWrite(fault, machine, DiskFault.WRITE_LOST);
            case BIT_ROT -> rot(fault, machine);
            case WIPE -> wipe(fault, machine);
            case ROLLBACK -> rollBack(fault, machine);
            case FOREIGN_VOLUME -> replaceByForeign(fault, machine);
            case FORK_LIVE -> forkLive(fault, machine);
            case FORK_STOPPED -> forkStopped(fault, machine);
            default -> false;
        };
    }

    private boolean fill(Fault fault, SimMachine machine) {
        SimDisk disk = machine.disk();
        disk.quota(disk.usedBytes() + fault.amount());
        world.at(world.nowNanos() + fault.durationNanos(), () -> disk.quota(SimMachine.DISK_BYTES));
        return true;
    }

    /** Damage to a member's volume, as far as the atlas goes. A cluster in the making waits for every volume. */
    private boolean mayDamage(SimMachine machine) {
        return world.operator().isLatched() && world.atlas().allowsDamage(machine);
    }

    /**
     * Flips a bit as soon as the volume is sealed: of what is not, README §3 does not promise that rot is told from a torn
     * write.
     */
    private boolean rot(Fault fault, SimMachine machine) {
        if (!mayDamage(machine) || !machine.isUp()) {
            return false;
        }
        machine.setDamage("bit rot");
        rotWhenSealed(fault, machine, world.nowNanos() + WAIT_NANOS_MAX);
        return true;
    }

    private void rotWhenSealed(Fault fault, SimMachine machine, long untilNanos) {
        if (machine.isSealed() && !machine.isPaused()) {
            String where = (fault.amount() & ROT_FRESH) == 0
                    ? machine.disk().rotSomewhere()
                    : rotWhereLastWritten(machine, new SeededRandom(fault.salt()));
            world.count(Group.CONSEQUENCE, where == null ? "nothing there to rot" : "a bit flipped");
            world.journal().note(TraceKind.FAULT, machine.index(), -1, 0, String.valueOf(where), null);
            if ((fault.amount() & ROT_READ) != 0) {
                world.lifecycle().cutPower(machine, "power cut, to be read again", fault.durationNanos());
            }
        } else if (world.nowNanos() < untilNanos && !world.isHealed()) {
            world.at(world.nowNanos() + LOOK_NANOS, () -> rotWhenSealed(fault, machine, untilNanos));
        }
    }

    /** What was written last is what nothing later vouches for: a bit anywhere else would hit it once in a thousand times. */
    private static @Nullable String rotWhereLastWritten(SimMachine machine, SeededRandom random) {
        SimDisk disk = machine.disk();
        String name = machine.lastSynced();
        if (!disk.list().contains(name)) {
            return null;
        }
        byte[] bytes = disk.bytes(name);
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] == 0) {
            end--; // files are zero-filled ahead
        }
        if (end == 0) {
            return null;
        }
        int offset = end - 1 - random.below(Math.min(end, FRESH_BYTES));
        disk.rot(name, offset, random.below(8));
        return name + " at " + offset;
    }

    /**
     * Orders a sync to write elsewhere or not at all. Until what was written next has been sealed, a power cut would leave
     * what no format can tell from a torn write; till then the machine is fragile, and it loses power right after.
     */
    private boolean spoilWrite(Fault fault, SimMachine machine, DiskFault how) {
        if (!mayDamage(machine) || !machine.isUp()) {
            return false;
        }
        machine.setDamage(how == DiskFault.MISDIRECTED ? "a write went elsewhere" : "a write was lost");
        machine.setFragile(true);
        long before = machine.disk().hits(how);
        machine.disk().order(how, Math.max(1, fault.amount()));
        awaitSpoiled(fault, machine, how, before);
        return true;
    }

    private void awaitSpoiled(Fault fault, SimMachine machine, DiskFault how, long hitsBefore) {
        if (world.isHealed() || machine.isRemoved()) {
            return;
        }
        if (machine.disk().hits(how) == hitsBefore) {
            world.at(world.nowNanos() + LOOK_NANOS, () -> awaitSpoiled(fault, machine, how, hitsBefore));
        } else {
            awaitSealed(fault, machine, machine.syncsDone() + SYNCS_AFTER);
        }
    }

    private void awaitSealed(Fault fault, SimMachine machine, long syncs) {
        if (world.isHealed() || machine.isRemoved()) {
            return;
        }
        if (machine.syncsDone() < syncs || !machine.isSealed()) {
            world.at(world.nowNanos() + LOOK_NANOS, () -> awaitSealed(fault, machine, syncs));
            return;
        }
        machine.setFragile(false);
        world.count(Group.CONSEQUENCE, "a spoiled write came to light");
        world.lifecycle().cutPower(machine, "power cut, to be read again", fault.durationNanos());
    }

    /**
     * Before the bootstrap is over only volumes that were never active may go: a lost one that was active would leave no
     * trace beside the others, and a latch lost with it could not be missed.
     */
    private boolean mayLose(SimMachine machine) {
        ProgramView view = machine.view();
        return world.atlas().allowsDamage(machine)
                && (world.operator().isBootstrapped() || view != null && view.volume() != VolumeState.ACTIVATED);
    }

    private boolean wipe(Fault fault, SimMachine machine) {
        if (!mayLose(machine)) {
            return false;
        }
        world.lifecycle().stop(machine, "volume wiped");
        machine.disk().wipe();
        machine.setDamage("wiped");
        world.lifecycle().startAfter(machine, fault.durationNanos());
        return true;
    }

    private boolean replaceByForeign(Fault fault, SimMachine machine) {
        UUID identity = machine.identity();
        if (identity == null || !world.operator().isBootstrapped() || !mayLose(machine)) {
            return false;
        }
        world.lifecycle().stop(machine, "a foreign volume was mounted");
        machine.disk().wipe();
        machine.setDamage("foreign volume");
        SeededRandom random = new SeededRandom(fault.salt());
        UUID cluster = new UUID(random.nextLong(), random.nextLong());
        world.at(world.nowNanos() + fault.durationNanos(), () -> {
            world.lifecycle().start(machine);
            SimProcess process = machine.process();
            if (process != null) {
                // Negative: nobody waits for these answers.
                process.admin(-1, new Admin.Format(cluster, identity, world.operator().initial(), false));
            }
        });
        world.at(world.nowNanos() + fault.durationNanos() + 1_000_000_000, () -> {
            SimProcess process = machine.process();
            if (process != null) {
                process.admin(-2, new Admin.Activate());
            }
        });
        return true;
    }

    /** Whether a member of the cluster lives there that may be rolled back or forked. */
    private boolean isLiveVoter(SimMachine machine) {
        UUID identity = machine.identity();
        ProgramView view = machine.view();
        return identity != null
                && view != null
                && view.volume() == VolumeState.ACTIVATED
                && !machine.isFaulty()
                && machine.damage() == null
                && world.truth().newest().isVoter(identity);
    }

    private boolean rollBack(Fault fault, SimMachine machine) {
        if (!isLiveVoter(machine) || !mayDamage(machine)) {
            return false;
        }
        SimDisk image = machine.disk().durableCopy(new SeededRandom(fault.salt()));
        long takenNanos = world.nowNanos();
        machine.resetVouch();
        machine.watchVouches(true);
        world.at(takenNanos + fault.durationNanos(), () -> {
            machine.watchVouches(false);
            mountOld(machine, image, takenNanos);
        });
        return true;
    }

    /** {@link Quarantine} says why so much is asked of it. */
    private void mountOld(SimMachine machine, SimDisk image, long takenNanos) {
        SimMachine witness = machine.witness();
        if (world.isHealed()
                || !isLiveVoter(machine)
                || !mayDamage(machine)
                || machine.campaignedNanos() >= takenNanos
                || witness == null) {
            world.count(Group.CONSEQUENCE, "rollback called off");
            return;
        }
        world.lifecycle().stop(machine, "an old image was mounted");
        machine.disk().replaceBy(image);
        machine.setDamage("rolled back");
        machine.forgetFrames(world.nowNanos());
        world.quarantine().guard(machine, witness);
        world.count(Group.CONSEQUENCE, "rolled back");
        world.journal().note(TraceKind.FAULT_ENDED, machine.index(), witness.index(), 0, "rolled back", null);
        world.lifecycle().startAfter(machine, 1_000_000);
    }

    private boolean forkLive(Fault fault, SimMachine machine) {
        if (!isLiveVoter(machine) || !world.atlas().allowsFork(machine)) {
            return false;
        }
        SimDisk image = machine.disk().durableCopy(new SeededRandom(fault.salt()));
        SimMachine heir = takeOver(machine, image);
        world.lifecycle().start(heir);
        endAfter(machine, fault.durationNanos());
        return true;
    }

    private boolean forkStopped(Fault fault, SimMachine machine) {
        if (!isLiveVoter(machine) || !world.atlas().allowsFork(machine)) {
            return false;
        }
        world.lifecycle().stop(machine, "stopped, to be started twice");
        SimDisk image = machine.disk().durableCopy(new SeededRandom(fault.salt()));
        SimMachine heir = takeOver(machine, image);
        world.lifecycle().start(machine);
        world.lifecycle().start(heir);
        endAfter(machine, fault.durationNanos());
        return true;
    }

    private SimMachine takeOver(SimMachine old, SimDisk image) {
        SimMachine heir = world.createHeir(old, image);
        world.quarantine().fork(old, heir);
        old.supersede();
        world.network().closeAll(old, true);
        return heir;
    }

    private void endAfter(SimMachine old, long nanos) {
        world.at(world.nowNanos() + nanos, () -> {
            if (!old.isRemoved()) {
                world.lifecycle().remove(old, "the superseded process is gone");
            }
        });
    }
}
