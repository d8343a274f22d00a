package dev.synod.simulation.world;

import dev.synod.paxos.Configuration;
import dev.synod.paxos.Member;
import dev.synod.paxos.Role;
import dev.synod.paxos.SeededRandom;
import dev.synod.simulation.port.Admin;
import dev.synod.simulation.port.AdminOutcome;
import dev.synod.simulation.port.ProgramView;
import dev.synod.storage.VolumeState;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One look at a standing cluster, and one step towards what is wanted of it, in this order:
 *
 * <ol>
 *   <li>machines that the configuration no longer names are deleted, once its epoch is established;
 *   <li>a broken observer is removed;
 *   <li>a newcomer on its way is formatted, then added as an observer;
 *   <li>with observers enough that have caught up, voters are changed, at most two at a time: broken ones
 *   swapped first, then the one that somebody wants replaced, then the number made what is wanted;
 *   <li>with too few observers for that, a newcomer gets a machine; with too many, one is removed.
 * </ol>
 */
final class Reconciler {
    private static final int CHANGED_MAX = 2;
    private static final long LAG_ENTRIES_MAX = 50;

    private final World world;
    private final OperatorModel operator;
    private final SeededRandom random;

    Reconciler(World world, OperatorModel operator, SeededRandom random) {
        this.world = world;
        this.operator = operator;
        this.random = random;
    }

    /** What one look found. */
    private static final class Look {
        final Configuration configuration;
        final long decided;
        final List<UUID> broken = new ArrayList<>();
        final List<UUID> ready = new ArrayList<>();
        int soundObservers;

        Look(AdminOutcome.Status status) {
            configuration = status.configuration();
            decided = status.decided();
        }
    }

    /** Does one thing; false when nothing is to be done. */
    boolean reconcile(AdminOutcome.Status status) {
        if (status.established() && deleteOne(status.configuration())) {
            return true;
        }
        Look look = new Look(status);
        @Nullable
        UUID brokenObserver = inspect(look);
        if (brokenObserver != null) {
            operator.note(Move.REMOVES_A_BROKEN_OBSERVER);
            operator.ask(new Admin.RemoveObserver(brokenObserver), outcome -> {});
            return true;
        }
        SimMachine newcomer = newcomer(look.configuration);
        if (newcomer != null && bringIn(newcomer)) {
            return true;
        }
        if (changeVoters(look)) {
            return true;
        }
        int wanted = operator.wantedObservers() + missing(look);
        int coming = look.soundObservers + (newcomer == null ? 0 : 1);
        if (coming < wanted && newcomer == null) {
            world.createNewcomer();
            operator.note(Move.CREATES_A_MACHINE);
            return true;
        }
        return coming > wanted && removeObserver(look) || coming != wanted || !look.broken.isEmpty();
    }

    private boolean deleteOne(Configuration configuration) {
        for (int index = 0; index < world.machines(); index++) {
            SimMachine machine = world.machine(index);
            UUID identity = machine.identity();
            if (!machine.isRemoved()
                    && !machine.isSuperseded()
                    && identity != null
                    && configuration.member(identity) == null
                    && (machine.wasMember() || machine.wasFormatted() && looksEmpty(machine))) {
                operator.note(Move.DELETES_A_MACHINE);
                world.lifecycle().remove(machine, "deleted by the operator");
                return true;
            }
        }
        return false;
    }

    private static boolean looksEmpty(SimMachine machine) {
        ProgramView view = machine.view();
        return view != null && view.volume() == VolumeState.EMPTY;
    }

    /** Fills in the look; returns an observer that is broken, or null. */
    private @Nullable UUID inspect(Look look) {
        for (Member voter : look.configuration.voters()) {
            SimMachine machine = machineOf(voter.uuid());
            if (machine != null) {
                machine.noteMember();
            }
            if (machine == null || operator.isBroken(machine)) {
                look.broken.add(voter.uuid());
            }
        }
        @Nullable
        UUID brokenObserver = null;
        for (Member observer : look.configuration.observers()) {
            SimMachine machine = machineOf(observer.uuid());
            if (machine != null) {
                machine.noteMember();
            }
            if (machine == null || operator.isBroken(machine)) {
                brokenObserver = observer.uuid();
                continue;
            }
            look.soundObservers++;
            ProgramView view = machine.view();
            if (view != null
                    && view.role() == Role.OBSERVER
                    && view.applied() + LAG_ENTRIES_MAX >= look.decided
                    && view.epoch() == look.configuration.epoch()) {
                look.ready.add(observer.uuid());
            }
        }
        return brokenObserver;
    }

    private @Nullable SimMachine machineOf(UUID identity) {
        int holder = world.holderOf(identity);
        return holder < 0 ? null : world.machine(holder);
    }

    /** A machine made for a newcomer that has not become an observer yet. */
    private @Nullable SimMachine newcomer(Configuration configuration) {
        for (int index = 0; index < world.machines(); index++) {
            SimMachine machine = world.machine(index);
            UUID identity = machine.identity();
            if (!machine.isRemoved()
                    && !machine.isSuperseded()
                    && !machine.wasMember()
                    && identity != null
                    && !operator.initial().isVoter(identity)
                    && configuration.member(identity) == null) {
                return machine;
            }
        }
        return null;
    }

    /** Takes a newcomer one step further; false when it is out of sight. */
    private boolean bringIn(SimMachine newcomer) {
        ProgramView view = newcomer.view();
        UUID identity = newcomer.identity();
        if (view == null || identity == null || newcomer.isPaused()) {
            return false;
        }
        if (view.volume() == VolumeState.EMPTY && !newcomer.wasFormatted()) {
            operator.note(Move.FORMATS_A_NEWCOMER);
            Admin format = new Admin.Format(world.cluster(), identity, Configuration.NONE, true);
            operator.call(newcomer, format, outcome -> {
                if (outcome instanceof AdminOutcome.Done) {
                    newcomer.noteFormatted();
                }
            });
            return true;
        }
        if (view.volume() != VolumeState.ACTIVATED) {
            // Lost between its making and its joining: nobody will miss it.
            operator.note(Move.GIVES_A_NEWCOMER_UP);
            world.lifecycle().remove(newcomer, "given up by the operator");
            return true;
        }
        newcomer.noteFormatted();
        operator.note(Move.ADDS_AN_OBSERVER);
        operator.ask(new Admin.AddObserver(identity, "m" + newcomer.index()), outcome -> {});
        return true;
    }

    /** How many observers are needed beyond the wanted ones, to become voters. */
    private int missing(Look look) {
        int voters = look.configuration.voters().size();
        if (!look.broken.isEmpty()) {
            return Math.min(CHANGED_MAX, look.broken.size());
        }
        if (operator.wantedReplaced() != null && look.configuration.isVoter(operator.wantedReplaced())) {
            return 1;
        }
        return voters < operator.wantedVoters() ? CHANGED_MAX : 0;
    }

    private boolean changeVoters(Look look) {
        List<UUID> voters = ClusterTruth.uuids(look.configuration.voters());
        List<UUID> next = new ArrayList<>(voters);
        UUID replaced = operator.wantedReplaced();
        Move what;
        if (voters.size() > operator.wantedVoters()) {
            shrink(next, look.broken);
            what = Move.REMOVES_VOTERS;
        } else if (!look.broken.isEmpty() && !look.ready.isEmpty()) {
            swap(next, look.broken, look.ready);
            what = Move.SWAPS_BROKEN_VOTERS;
        } else if (replaced != null && next.contains(replaced) && !look.ready.isEmpty()) {
            swap(next, List.of(replaced), look.ready);
            what = Move.SWAPS_A_SOUND_VOTER;
        } else if (voters.size() < operator.wantedVoters() && look.ready.size() >= CHANGED_MAX) {
            next.addAll(look.ready.subList(0, CHANGED_MAX));
            what = Move.ADDS_VOTERS;
        } else {
            return false;
        }
        if (!world.atlas().allowsVoters(next)) {
            world.count(Move.CHANGE_PUT_OFF_FOR_THE_ATLAS);
            return false;
        }
        operator.note(what);
        reconfigure(look.configuration.epoch(), next, replaced);
        return true;
    }

    private void shrink(List<UUID> next, List<UUID> broken) {
        for (int i = 0; i < CHANGED_MAX; i++) {
            UUID victim = i < broken.size() ? broken.get(i) : next.get(random.below(next.size()));
            next.remove(victim);
        }
    }

    private static void swap(List<UUID> next, List<UUID> out, List<UUID> in) {
        for (int i = 0; i < Math.min(CHANGED_MAX, Math.min(out.size(), in.size())); i++) {
            next.remove(out.get(i));
            next.add(in.get(i));
        }
    }

    private void reconfigure(int epoch, List<UUID> next, @Nullable UUID replaced) {
        long proposal = world.nextProposal();
        world.truth().proposed(proposal, epoch, next);
        operator.ask(new Admin.Reconfigure(epoch, next), outcome -> {
            if (outcome instanceof AdminOutcome.Done) {
                world.count(Move.VOTERS_CHANGED);
            }
            if (outcome instanceof AdminOutcome.Refused
                    || outcome instanceof AdminOutcome.NotLeader
                    || outcome instanceof AdminOutcome.TryLater) {
                world.truth().refused(proposal);
            }
            if (replaced != null && !next.contains(replaced)) {
                operator.replaced();
            }
        });
    }

    private boolean removeObserver(Look look) {
        List<Member> observers = look.configuration.observers();
        UUID victim = observers.isEmpty() ? null : observers.get(random.below(observers.size())).uuid();
        if (victim != null) {
            operator.note(Move.REMOVES_AN_OBSERVER);
            operator.ask(new Admin.RemoveObserver(victim), outcome -> {});
        }
        return victim != null;
    }
}
