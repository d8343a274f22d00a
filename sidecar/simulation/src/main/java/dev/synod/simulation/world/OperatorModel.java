package dev.synod.simulation.world;

import dev.synod.paxos.Configuration;
import dev.synod.paxos.Defect;
import dev.synod.paxos.SeededRandom;
import dev.synod.simulation.port.Admin;
import dev.synod.simulation.port.AdminOutcome;
import dev.synod.simulation.port.Counters.Group;
import dev.synod.simulation.port.Knob;
import dev.synod.simulation.port.ProgramView;
import dev.synod.simulation.port.TraceKind;
import dev.synod.storage.VolumeState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Whoever creates the cluster and keeps it whole: looks at it every now and then and does one thing towards
 * what it should be. What it wrote down (its latch, the machines, what is wanted) survives its crashes; all
 * else it has to find out again.
 *
 * <p>Bootstrap, as README §3 has it: <ol>
 *   <li>Nothing begins before all volumes of the first voters are in sight, and none of them is active.
 *   <li>Each empty one is formatted: cluster, identity, first configuration, no vote.
 *   <li>When all are formatted, the latch is set. From then on an empty volume is never a first voter's.
 *   <li>Only then are they activated. A missing latch beside an active volume means that the latch was lost:
 *   refuse.
 * </ol>
 */
final class OperatorModel {
    private static final int BUSY = 5;

    private final World world;
    private final SeededRandom random;
    private final AdminLine line;
    private final Reconciler reconciler;
    private final Configuration initial;
    private final long tickNanos;
    private final long restNanosMax;
    private final long timeoutNanos;

    /** Written down. */
    private boolean latch;

    private boolean bootstrapped;
    private int wantedVoters;
    private int wantedObservers;
    private @Nullable UUID wantedReplaced;
    private @Nullable UUID wantedLeader;

    /** Known only until the next crash. */
    private @Nullable UUID leader;

    private long restUntilNanos;
    private long[] suspectSinceNanos = new long[0];

    private boolean busy = true;
    private boolean up = true;
    private boolean retired;
    private long latchLostUntilNanos;

    OperatorModel(World world, Configuration initial, SeededRandom random) {
        this.world = world;
        this.random = random;
        this.initial = initial;
        line = new AdminLine(world);
        reconciler = new Reconciler(world, this, random.child("reconciler"));
        tickNanos = world.knobs().get(Knob.OPERATOR_TICK);
        restNanosMax = world.knobs().get(Knob.BOOTSTRAP_REST);
        timeoutNanos = Math.max(500_000_000, 2 * world.knobs().get(Knob.ELECTION_TIMEOUT));
        wantedVoters = initial.voters().size();
    }

    void begin() {
        world.at(world.nowNanos(), this::tick);
    }

    /** The operator is down for a while, and forgets. */
    void crash(long downNanos) {
        note(Move.DOWN);
        up = false;
        line.forget();
        leader = null;
        restUntilNanos = 0;
        suspectSinceNanos = new long[0];
        world.at(world.nowNanos() + downNanos, () -> {
            up = true;
            note(Move.UP);
        });
    }

    /** The latch reads as missing for a while, and the operator starts anew. */
    void loseLatch(long nanos) {
        latchLostUntilNanos = world.nowNanos() + nanos;
        crash(tickNanos / BUSY);
    }

    /** The cluster is left to itself, but for what is left of its bootstrap. */
    void retire() {
        retired = true;
        up = true;
        latchLostUntilNanos = 0;
        line.forget();
    }

    boolean isUp() {
        return up;
    }

    /** Whether all first voters have been activated. */
    boolean isBootstrapped() {
        return bootstrapped;
    }

    /** Whether the latch was ever set. */
    boolean isLatched() {
        return latch;
    }

    void want(int voters) {
        wantedVoters = voters;
    }

    void wantObservers(int observers) {
        wantedObservers = observers;
    }

    void wantReplaced(UUID voter) {
        wantedReplaced = voter;
    }

    void wantLeader(UUID voter) {
        wantedLeader = voter;
    }

    int wantedVoters() {
        return wantedVoters;
    }

    int wantedObservers() {
        return wantedObservers;
    }

    @Nullable
    UUID wantedReplaced() {
        return wantedReplaced;
    }

    void replaced() {
        wantedReplaced = null;
    }

    Configuration initial() {
        return initial;
    }

    void answered(long id, AdminOutcome outcome) {
        line.answered(id, outcome);
    }

    private void tick() {
        long pace = busy ? tickNanos / BUSY : tickNanos;
        world.at(world.nowNanos() + pace / 2 + random.below(pace + 1), this::tick);
        if (up && !line.isBusy() && world.nowNanos() >= restUntilNanos) {
            act();
        }
    }

    private void act() {
        busy = true;
        boolean latched = latch && world.nowNanos() >= latchLostUntilNanos;
        if (!latched) {
            bootstrap();
        } else if (!activateNext() && !reformatWiped() && !retired) {
            askStatus();
        }
    }

    // Bootstrap.

    private void bootstrap() {
        boolean careless = world.defects().has(Defect.S08_LATCH_IGNORED);
        @Nullable
        SimMachine empty = null;
        boolean allFormatted = true;
        boolean anyActive = world.existing() > initial.voters().size();
        for (int slot = 0; slot < initial.voters().size(); slot++) {
            SimMachine machine = initialMachine(slot);
            ProgramView view = machine == null ? null : machine.view();
            if (machine == null || view == null || machine.isPaused()) {
                if (careless) {
                    continue;
                }
                return; // not all are in sight
            }
            anyActive |= view.volume() == VolumeState.ACTIVATED || view.volume() == VolumeState.UNREADABLE;
            if (view.volume() == VolumeState.EMPTY) {
                empty = machine;
                allFormatted = false;
            }
        }
        if (anyActive && !careless) {
            note(Move.REFUSES_TO_BOOTSTRAP_BESIDE_ACTIVE_VOLUMES);
        } else if (empty != null) {
            formatInitial(empty);
        } else if (allFormatted) {
            note(Move.LATCHED);
            latch = true;
            latchLostUntilNanos = 0;
            rest();
        }
    }

    private @Nullable SimMachine initialMachine(int slot) {
        int holder = world.holderOf(initial.voters().get(slot).uuid());
        return holder < 0 ? null : world.machine(holder);
    }

    private void formatInitial(SimMachine machine) {
        UUID identity = machine.identity();
        if (identity != null) {
            note(Move.FORMATS_A_FIRST_VOTER);
            call(machine, new Admin.Format(world.cluster(), identity, initial, false), outcome -> rest());
        }
    }

    /** Activates a formatted first voter; false when there is none. */
    private boolean activateNext() {
        boolean all = true;
        for (int slot = 0; slot < initial.voters().size(); slot++) {
            SimMachine machine = initialMachine(slot);
            ProgramView view = machine == null ? null : machine.view();
            if (machine == null || machine.isFaulty()) {
                continue; // replaced since, or to be replaced
            }
            if (view == null || machine.isPaused()) {
                all = false;
            } else if (view.volume() == VolumeState.FORMATTED && world.cluster().equals(view.cluster())) {
                note(Move.ACTIVATES_A_FIRST_VOTER);
                call(machine, new Admin.Activate(), outcome -> rest());
                return true;
            }
        }
        bootstrapped |= all;
        return false;
    }

    /** M21: takes an empty volume for one that was never filled. */
    private boolean reformatWiped() {
        if (!world.defects().has(Defect.M21_WIPED_MEMBER_VOTES)) {
            return false;
        }
        for (int index = 0; index < world.machines(); index++) {
            SimMachine machine = world.machine(index);
            ProgramView view = machine.view();
            UUID identity = machine.identity();
            if (view != null && identity != null && !machine.isPaused()
                    && view.volume() == VolumeState.EMPTY) {
                boolean first = initial.isVoter(identity);
                Configuration configuration = first ? initial : Configuration.NONE;
                call(machine, new Admin.Format(world.cluster(), identity, configuration, !first),
                        outcome -> {});
                return true;
            }
        }
        return false;
    }

    private void rest() {
        restUntilNanos = world.nowNanos() + random.below(restNanosMax + 1);
    }

    // The cluster that stands.

    private void askStatus() {
        SimMachine machine = spokesman();
        if (machine == null) {
            return;
        }
        call(machine, new Admin.Status(), outcome -> {
            if (outcome instanceof AdminOutcome.Status status) {
                leader = status.leader();
                busy = transfer() || world.knobs().get(Knob.MEMBERSHIPS) > 0 && reconciler.reconcile(status);
            } else {
                follow(outcome);
            }
        });
    }

    /** Sends a command to the leader, or whoever may know it. */
    long ask(Admin command, AdminLine.Reader reader) {
        SimMachine machine = spokesman();
        if (machine == null) {
            reader.read(new AdminOutcome.TryLater("no member is in sight"));
            return 0;
        }
        return call(machine, command, outcome -> {
            follow(outcome);
            reader.read(outcome);
        });
    }

    private void follow(@Nullable AdminOutcome outcome) {
        if (outcome instanceof AdminOutcome.NotLeader elsewhere) {
            leader = elsewhere.leader();
        } else if (!(outcome instanceof AdminOutcome.Done)) {
            leader = null;
        }
    }

    private @Nullable SimMachine spokesman() {
        UUID named = leader;
        int holder = named == null ? -1 : world.holderOf(named);
        if (holder >= 0) {
            return world.machine(holder);
        }
        List<SimMachine> candidates = new ArrayList<>();
        for (int index : world.serving()) {
            if (world.machine(index).isUp()) {
                candidates.add(world.machine(index));
            }
        }
        return candidates.isEmpty() ? null : candidates.get(random.below(candidates.size()));
    }

    private boolean transfer() {
        UUID target = wantedLeader;
        if (target == null) {
            return false;
        }
        wantedLeader = null;
        if (target.equals(leader) || leader == null) {
            return false;
        }
        note(Move.TRANSFERS_LEADERSHIP);
        ask(new Admin.TransferTo(target), outcome -> {
            if (outcome instanceof AdminOutcome.Done) {
                world.count(Move.TRANSFER_BEGUN);
            }
        });
        return true;
    }

    /** Sends a command to one machine. */
    long call(SimMachine machine, Admin command, AdminLine.Reader reader) {
        world.count(Group.OPERATOR, "asks " + command.getClass().getSimpleName());
        return line.send(machine, command, timeoutNanos, outcome -> {
            if (outcome != null) {
                world.count(Group.OPERATOR, "answered " + outcome.getClass().getSimpleName());
            }
            reader.read(outcome);
        });
    }

    void note(Move move) {
        world.count(move);
        world.journal().note(TraceKind.OPERATOR, -1, -1, 0, move.text(), null);
    }

    // Who is in a bad way, as far as the operator can see.

    /** Whether the machine has been seen empty, FAULTY or another's for so long that it is to be replaced. */
    boolean isBroken(SimMachine machine) {
        if (!looksBroken(machine)) {
            suspect(machine, 0);
            return false;
        }
        if (since(machine) == 0) {
            suspect(machine, Math.max(1, world.nowNanos()));
        }
        return world.nowNanos() - since(machine) >= world.knobs().get(Knob.PATIENCE);
    }

    private boolean looksBroken(SimMachine machine) {
        ProgramView view = machine.view();
        if (view == null) {
            return since(machine) != 0; // out of sight: what was last seen counts
        }
        return view.volume() == VolumeState.EMPTY
                || view.volume() == VolumeState.UNREADABLE
                || !world.cluster().equals(view.cluster())
                || machine.isFaulty();
    }

    private long since(SimMachine machine) {
        return machine.index() < suspectSinceNanos.length ? suspectSinceNanos[machine.index()] : 0;
    }

    private void suspect(SimMachine machine, long sinceNanos) {
        if (machine.index() >= suspectSinceNanos.length) {
            suspectSinceNanos = Arrays.copyOf(suspectSinceNanos, world.machines() + 4);
        }
        suspectSinceNanos[machine.index()] = sinceNanos;
    }
}
