package dev.synod.simulation.world;

import dev.synod.paxos.Configuration;
import dev.synod.paxos.SeededRandom;
import dev.synod.simulation.disk.DiskFault;
import dev.synod.simulation.disk.SimDisk;
import dev.synod.simulation.port.Admin;
import dev.synod.simulation.port.Fault;
import dev.synod.simulation.port.ProgramView;
import dev.synod.simulation.port.TraceKind;
import dev.synod.storage.VolumeState;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Faults of what lies on a disk: errors, damage, and volumes that are not what they were. */
final class VolumeFaults {
    private static final long WAIT_NANOS_MAX = 10_000_000_000L;
    private static final int SYNCS_AFTER = 5;
    private static final int FRESH_BYTES = 400;
    private static final int FOREIGN_VOTERS_MIN = 3;

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
            case SYNC_ERROR -> failSync(fault, machine);
            case WRITE_ERROR -> {
                disk.order(DiskFault.WRITE_FAILED, Math.max(1, fault.amount()));
                yield true;
            }
            case READ_ERROR -> {
                boolean allowed = mayDamage(machine);
                if (allowed) {
                    long before = disk.hits(DiskFault.READ_FAILED);
                    disk.order(DiskFault.READ_FAILED, Math.max(1, fault.amount()));
                    machine.threaten("a read fails", () -> disk.hits(DiskFault.READ_FAILED) > before);
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

    /**
     * Damage to a member's volume, as far as the atlas goes. A cluster in the making waits for every volume.
     */
    private boolean mayDamage(SimMachine machine) {
        return world.operator().isLatched() && world.atlas().allowsDamage(machine);
    }

    /**
     * Flips a bit as soon as the volume is sealed: of what is not, README §3 does not promise that rot is
     * told from a torn write.
     */
    private boolean rot(Fault fault, SimMachine machine) {
        if (!mayDamage(machine) || !machine.isUp()) {
            return false;
        }
        machine.threaten("bit rot", () -> false);
        long until = world.nowNanos() + WAIT_NANOS_MAX;
        machine.watch(() -> {
            if (machine.isSealed() && !machine.isPaused()) {
                flip(fault, machine);
                return true;
            }
            boolean late = world.nowNanos() > until;
            if (late) {
                machine.spare();
            }
            return late;
        });
        return true;
    }

    private void flip(Fault fault, SimMachine machine) {
        machine.setDamage("bit rot");
        String where = (fault.amount() & ROT_FRESH) == 0
                ? machine.disk().rotSomewhere()
                : rotWhereLastWritten(machine, new SeededRandom(fault.salt()));
        world.count(where == null ? Consequence.NOTHING_THERE_TO_ROT : Consequence.A_BIT_FLIPPED);
        world.journal().note(TraceKind.FAULT, machine.index(), -1, 0, String.valueOf(where), null);
        if ((fault.amount() & ROT_READ) != 0) {
            world.lifecycle().cutPower(machine, "power cut, to be read again", fault.durationNanos());
        }
    }

    /**
     * What was written last is what nothing later vouches for: a bit anywhere else would hit it once in a
     * thousand times.
     */
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
     * Makes a sync fail, and cuts power soon after if the fault has a duration: what looks clean may not be
     * on the disk.
     */
    private boolean failSync(Fault fault, SimMachine machine) {
        SimDisk disk = machine.disk();
        long before = disk.hits(DiskFault.SYNC_FAILED);
        disk.order(DiskFault.SYNC_FAILED, Math.max(1, fault.amount()));
        if (fault.durationNanos() > 0) {
            machine.watch(() -> {
                boolean failed = disk.hits(DiskFault.SYNC_FAILED) > before;
                if (failed) {
                    world.at(world.nowNanos() + fault.durationNanos(), () -> world.lifecycle()
                            .cutPower(machine, "power cut after a failed sync", fault.durationNanos()));
                }
                return failed;
            });
        }
        return true;
    }

    /**
     * Orders a sync to write elsewhere or not at all. Until what was written next has been sealed, a power
     * cut would leave what no format can tell from a torn write; till then the machine is fragile, and it
     * loses power right after. If all that was lost is a promise, which is kept in two places, it loses power
     * at once.
     */
    private boolean spoilWrite(Fault fault, SimMachine machine, DiskFault how) {
        if (!mayDamage(machine) || !machine.isUp()) {
            return false;
        }
        SimDisk disk = machine.disk();
        long before = disk.hits(how);
        machine.threaten(how == DiskFault.MISDIRECTED ? "a write goes elsewhere" : "a write is lost",
                () -> disk.hits(how) > before);
        if (fault.amount() == 0) {
            machine.watch(() -> {
                boolean promising = isPromising(machine.view());
                if (promising) {
                    orderSpoiled(fault, machine, how);
                }
                return promising;
            });
        } else {
            orderSpoiled(fault, machine, how);
        }
        return true;
    }

    private static boolean isPromising(@Nullable ProgramView view) {
        return view != null
                && view.durablePromised().isBelow(view.promised())
                && view.durableLast() == view.last()
                && view.durableAccepted().equals(view.accepted());
    }

    private void orderSpoiled(Fault fault, SimMachine machine, DiskFault how) {
        long before = machine.disk().hits(how);
        machine.setFragile(true);
        machine.disk().order(how, Math.max(1, fault.amount()));
        boolean[] promising = {isPromising(machine.view())};
        machine.watch(() -> {
            ProgramView view = machine.view();
            if (machine.disk().hits(how) == before) {
                promising[0] = isPromising(view);
                return false;
            }
            if (promising[0] && view != null && view.durablePromised().equals(view.promised())
                    && !isPromising(view)) {
                world.count(Consequence.THE_WRITE_OF_A_PROMISE_WAS_SPOILED);
                comeToLight(fault, machine);
            } else {
                awaitSealed(fault, machine);
            }
            return true;
        });
    }

    private void awaitSealed(Fault fault, SimMachine machine) {
        long syncs = machine.syncsDone() + SYNCS_AFTER;
        machine.watch(() -> {
            boolean sealed = machine.syncsDone() >= syncs && machine.isSealed();
            if (sealed) {
                comeToLight(fault, machine);
            }
            return sealed;
        });
    }

    private void comeToLight(Fault fault, SimMachine machine) {
        machine.setFragile(false);
        world.count(Consequence.A_SPOILED_WRITE_CAME_TO_LIGHT);
        world.lifecycle().cutPower(machine, "power cut, to be read again", fault.durationNanos());
    }

    /**
     * Before the bootstrap is over only volumes that were never active may go: a lost one that was active
     * would leave no trace beside the others, and a latch lost with it could not be missed.
     */
    private boolean mayLose(SimMachine machine) {
        ProgramView view = machine.view();
        return world.atlas().allowsDamage(machine)
                && (world.operator().isBootstrapped()
                        || view != null && view.volume() != VolumeState.ACTIVATED);
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
        Configuration foreign = foreignConfiguration(identity, random);
        world.at(world.nowNanos() + fault.durationNanos(), () -> {
            world.lifecycle().start(machine);
            SimProcess process = machine.process();
            if (process != null) {
                // Negative: nobody waits for these answers.
                process.admin(-1, new Admin.Format(cluster, identity, foreign, false));
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

    /** The same voters, so that it turns to them; at least three, so that it founds no cluster by itself. */
    private Configuration foreignConfiguration(UUID identity, SeededRandom random) {
        List<UUID> voters = new ArrayList<>();
        voters.add(identity);
        for (UUID voter : ClusterTruth.uuids(world.truth().newest().voters())) {
            if (!voter.equals(identity)) {
                voters.add(voter);
            }
        }
        while (voters.size() < FOREIGN_VOTERS_MIN) {
            voters.add(new UUID(random.nextLong(), random.nextLong()));
        }
        List<UUID> few = voters.subList(0, Math.min(voters.size(), Configuration.VOTERS_MAX));
        return Configuration.initial(few, few.stream().map(UUID::toString).toList());
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
        ProgramView view = machine.view();
        if (view == null || machine.vouches() != null || !isLiveVoter(machine) || !mayDamage(machine)) {
            return false;
        }
        SimDisk image = machine.disk().durableCopy(new SeededRandom(fault.salt()));
        long takenNanos = world.nowNanos();
        VouchRecord vouches = new VouchRecord(view);
        machine.setVouches(vouches);
        world.at(takenNanos + fault.durationNanos(), () -> {
            mountOld(machine, image, takenNanos, vouches);
            machine.setVouches(null);
        });
        return true;
    }

    /** {@link Quarantine} says why so much is asked of it. */
    private void mountOld(SimMachine machine, SimDisk image, long takenNanos, VouchRecord vouches) {
        SimMachine witness = vouches.witness();
        if (world.isHealed()
                || !isLiveVoter(machine)
                || !mayDamage(machine)
                || machine.campaignedNanos() >= takenNanos
                || witness == null) {
            world.count(Consequence.ROLLBACK_CALLED_OFF);
            return;
        }
        world.lifecycle().stop(machine, "an old image was mounted");
        machine.disk().replaceBy(image);
        machine.setDamage("rolled back");
        machine.forgetFrames(world.nowNanos());
        world.quarantine().guard(machine, witness, vouches.mustBeRefused());
        world.count(Consequence.ROLLED_BACK);
        world.journal().note(TraceKind.FAULT_ENDED, machine.index(), witness.index(), 0, "rolled back", null);
        world.lifecycle().startAfter(machine, 1_000_000);
    }

    private boolean forkLive(Fault fault, SimMachine machine) {
        if (!isLiveVoter(machine) || !world.atlas().allowsFork(machine)) {
            return false;
        }
        long until = world.nowNanos() + WAIT_NANOS_MAX;
        machine.watch(() -> {
            boolean allowed = isLiveVoter(machine) && world.atlas().allowsFork(machine);
            if (allowed && isSettled(machine)) {
                SimDisk image = machine.disk().durableCopy(new SeededRandom(fault.salt()));
                world.count(Consequence.IDENTITY_FORKED_ALIVE);
                world.lifecycle().start(takeOver(machine, image));
                endAfter(machine, fault.durationNanos());
                return true;
            }
            return !allowed || world.nowNanos() > until;
        });
        return true;
    }

    /**
     * Whether everything the process knows is on its disk, and so in the image. Else an old leader, cut off
     * but with its followers' votes in hand, could decide by a vote of its own that its heir knows nothing
     * of.
     */
    private static boolean isSettled(SimMachine machine) {
        ProgramView view = machine.view();
        return view != null
                && machine.diskIsIdle()
                && view.durableLast() == view.last()
                && view.durableAccepted().equals(view.accepted())
                && view.durablePromised().equals(view.promised());
    }

    private boolean forkStopped(Fault fault, SimMachine machine) {
        if (!isLiveVoter(machine) || !world.atlas().allowsFork(machine)) {
            return false;
        }
        world.count(Consequence.IDENTITY_FORKED_STOPPED);
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
