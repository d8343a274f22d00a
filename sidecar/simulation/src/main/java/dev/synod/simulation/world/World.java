package dev.synod.simulation.world;

import dev.synod.paxos.Configuration;
import dev.synod.paxos.Defects;
import dev.synod.paxos.SeededRandom;
import dev.synod.simulation.disk.DiskFault;
import dev.synod.simulation.disk.SimDisk;
import dev.synod.simulation.port.AdminOutcome;
import dev.synod.simulation.port.Counters.Group;
import dev.synod.simulation.port.Fault;
import dev.synod.simulation.port.History;
import dev.synod.simulation.port.Knob;
import dev.synod.simulation.port.Knobs;
import dev.synod.simulation.port.Oracle;
import dev.synod.simulation.port.Program;
import dev.synod.simulation.port.ProgramView;
import dev.synod.simulation.port.RunResult;
import dev.synod.simulation.port.Subject;
import dev.synod.simulation.port.TraceKind;
import dev.synod.simulation.port.TraceSink;
import dev.synod.simulation.port.WorldFacts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One run: holds its parts together, takes events and faults in the order of time, and tells the oracles of
 * each. Each part draws from a stream of its own, named after it; a new part takes a new name, and leaves the
 * draws of the others alone.
 */
final class World implements WorldFacts {
    private static final long LOCAL_TIME_NANOS_MAX = 3_600_000_000_000L;

    private final long seed;
    private final Knobs knobs;
    private final Defects defects;
    private final Subject subject;
    private final SeededRandom root;
    private final Journal journal;
    private final EventQueue queue;
    private final Directory directory = new Directory();
    private final ClusterTruth truth = new ClusterTruth();
    private final History history = new History();
    private final List<SimMachine> machines = new ArrayList<>();
    private final List<Oracle> oracles;
    private final SimNetwork network;
    private final Quarantine quarantine;
    private final Atlas atlas;
    private final Lifecycle lifecycle;
    private final Clients clients;
    private final OperatorModel operator;
    private final Healer healer;
    private final FaultPlan plan;
    private final Failpoints failpoints;
    private final UUID cluster;
    private final SeededRandom identities;
    private long proposals;
    private long messages;
    private boolean healed;

    World(
            long seed,
            Knobs knobs,
            @Nullable List<Fault> faults,
            Defects defects,
            @Nullable TraceSink sink,
            Subject subject) {
        this.seed = seed;
        this.knobs = knobs;
        this.defects = defects;
        this.subject = subject;
        root = new SeededRandom(seed);
        journal = new Journal(sink);
        queue = new EventQueue(root.child("schedule"));
        identities = root.child("identities");
        cluster = newUuid();
        network = new SimNetwork(this, knobs, root.child("network"));
        quarantine = new Quarantine(this);
        atlas = new Atlas(this);
        lifecycle = new Lifecycle(this);
        clients = new Clients(this, subject.workload(knobs, root.child("workload")), knobs,
                root.child("clients"));
        healer = new Healer(this, root.child("heal"));
        failpoints =
                new Failpoints(knobs.chance(Knob.FAILPOINTS), root.child("failpoints"), journal.counters());
        oracles = subject.oracles(knobs, defects);
        Configuration initial = createFirstMachines();
        truth.begin(initial);
        operator = new OperatorModel(this, initial, root.child("operator"));
        FaultGenerator generator = new FaultGenerator(this, root.child("faults"));
        plan = new FaultPlan(new FaultInjector(this), generator, faults);
    }

    private Configuration createFirstMachines() {
        List<UUID> uuids = new ArrayList<>();
        List<String> addresses = new ArrayList<>();
        for (int i = 0; i < knobs.count(Knob.MEMBERS); i++) {
            SimMachine machine = createMachine();
            UUID identity = newUuid();
            name(machine, identity);
            uuids.add(identity);
            addresses.add("m" + machine.index());
        }
        return Configuration.initial(uuids, addresses);
    }

    private SimMachine createMachine() {
        int index = machines.size();
        SeededRandom random = root.child("machine " + index);
        long drift = knobs.get(Knob.CLOCK_DRIFT);
        SimClock clock = new SimClock(random.below(LOCAL_TIME_NANOS_MAX), random.between(-drift, drift));
        SimMachine machine = new SimMachine(this, index, random, clock,
                new SimDisk(random.child("disk"), SimMachine.DISK_BYTES));
        machines.add(machine);
        return machine;
    }

    private UUID newUuid() {
        return new UUID(identities.nextLong(), identities.nextLong());
    }

    private void name(SimMachine machine, UUID identity) {
        machine.setIdentity(identity);
        directory.add(identity, machine.index());
    }

    /** A machine for a member that is to join. */
    SimMachine createNewcomer() {
        SimMachine machine = createMachine();
        name(machine, newUuid());
        lifecycle.start(machine);
        return machine;
    }

    /** A machine that takes over the identity of {@code old} with an image of its volume; not yet started. */
    SimMachine createHeir(SimMachine old, SimDisk image) {
        UUID identity = old.identity();
        if (identity == null) {
            throw new IllegalArgumentException("machine " + old.index() + " has no identity to take over");
        }
        SimMachine heir = createMachine();
        heir.disk().replaceBy(image);
        heir.setIdentity(identity);
        heir.noteMember();
        directory.addFirst(identity, heir.index());
        return heir;
    }

    // The loop.

    /** Runs to the end and says what came of it. */
    RunResult run() {
        RunResult.@Nullable Failure failure = null;
        try {
            begin();
            while (!advance()) {
                checkPace();
            }
            for (Oracle oracle : oracles) {
                oracle.atEnd(history);
            }
        } catch (RuntimeException e) {
            String invariant = Failures.invariantOf(e);
            if (invariant.equals("uncaught") && !(e instanceof RunFailed)) {
                throw new IllegalStateException(
                        "the world itself failed in seed " + seed + " at step " + journal.step(), e);
            }
            String message = String.valueOf(e.getMessage());
            journal.note(TraceKind.FAILED, -1, -1, 0, invariant + ": " + message, null);
            failure = new RunResult.Failure(invariant, message, journal.step(), nowNanos());
        }
        count(Group.TOTAL, RunResult.EVENTS, journal.step());
        count(Group.TOTAL, RunResult.MESSAGES, messages);
        for (SimMachine machine : machines) {
            for (DiskFault fault : DiskFault.values()) {
                count(Group.DISK, fault.name(), machine.disk().hits(fault));
            }
        }
        count(Group.TOTAL, RunResult.DECIDED, truth.decided());
        return new RunResult(
                seed,
                knobs,
                plan.struck(),
                failure,
                healer.isUnrecoverable(),
                journal.step(),
                nowNanos(),
                journal.hash(),
                journal.counters(),
                history);
    }

    private void begin() {
        for (Oracle oracle : oracles) {
            oracle.begin(this);
        }
        demand();
        for (SimMachine machine : new ArrayList<>(machines)) {
            lifecycle.start(machine);
        }
        operator.begin();
        clients.begin();
    }

    /** Names what must be hit in a batch of runs, so that what never is shows as zero. */
    private void demand() {
        demand(Group.MESSAGE, subject.frameTypes());
        demand(Group.EFFECT, subject.effects());
        demand(Group.FAILPOINT, subject.failpoints());
        demand(Group.CONSEQUENCE, Consequence.demanded());
        demand(Group.CONSEQUENCE, Healer.outsides());
        demand(Group.CONSEQUENCE, Partitioner.names());
        demand(Group.OPERATOR, Move.demanded());
    }

    private void demand(Group group, List<String> names) {
        for (String name : names) {
            count(group, name, 0);
        }
    }

    /** Lets the next thing happen; true when the run is over. */
    private boolean advance() {
        long event = queue.nextNanos();
        if (healed) {
            if (healer.nextCheckNanos() <= event) {
                journal.step(Math.max(nowNanos(), healer.nextCheckNanos()));
                return healer.isDone();
            }
        } else {
            long fault = plan.nextNanos();
            if (Math.min(event, fault) >= safetyNanos()) {
                heal();
                return false;
            }
            if (fault <= event) {
                journal.step(fault);
                plan.strike();
                return false;
            }
        }
        journal.step(event);
        queue.poll().run();
        return false;
    }

    private void heal() {
        journal.step(safetyNanos());
        healed = true;
        directory.changed();
        journal.note(TraceKind.PHASE, -1, -1, 0, "heal", null);
        healer.heal();
        directory.changed();
        for (Oracle oracle : oracles) {
            oracle.onHealed();
        }
    }

    /** A run that makes ever more events out of nothing must end, and not as a success. */
    private void checkPace() {
        if (journal.step() > 200_000 + nowNanos() / 1_000_000_000 * 20_000) {
            throw new RunFailed("storm", journal.step() + " events within " + nowNanos() + " ns");
        }
    }

    /** Lets {@code event} happen at a time. */
    void at(long timeNanos, Runnable event) {
        if (timeNanos != Long.MAX_VALUE) {
            queue.add(Math.max(timeNanos, nowNanos()), event);
        }
    }

    // What happens, told to those who watch.

    void frameSent(SimMachine from, @Nullable UUID sender, UUID to, byte[] frame) {
        messages++;
        count(Group.MESSAGE, subject.frameType(frame));
        for (int i = 0; i < oracles.size(); i++) {
            oracles.get(i).onFrameSent(from.index(), sender, to, frame);
        }
    }

    /** Whether what leaves the machine now may tell of more than an image of its volume holds. */
    boolean isNews(SimMachine from) {
        VouchRecord vouches = from.vouches();
        ProgramView view = vouches == null ? null : from.view();
        return vouches != null && view != null && vouches.isNews(view);
    }

    void aboutToDeliver(
            SimMachine from, SimMachine to, byte[] frame, boolean damaged, boolean news, long sentNanos) {
        if (!damaged) {
            if (subject.introduces(frame)) {
                quarantine.delivered(from, to, sentNanos);
            }
            VouchRecord vouches = from.vouches();
            if (vouches != null && subject.vouches(frame)) {
                vouches.arrived(to, news);
            }
        }
        for (int i = 0; i < oracles.size(); i++) {
            oracles.get(i).onFrameDelivered(from.index(), to.index(), frame, damaged);
        }
    }

    void diskWorkDone(SimMachine machine, SimProcess process) {
        ProgramView view = process.view();
        for (int i = 0; i < oracles.size() && view != null; i++) {
            oracles.get(i).onDurable(machine.index(), view);
        }
        machine.look();
    }

    /** The program on {@code machine} has been called and has returned. */
    void stepped(SimMachine machine, SimProcess process) {
        ProgramView view = process.view();
        if (view == null) {
            return;
        }
        journal.note(TraceKind.STEPPED, machine.index(), -1, view.last() << 24 ^ view.decided(), "", view);
        if (machine.noteRole(view.role())) {
            count(Group.TOTAL, RunResult.LEADER_CHANGES);
        }
        if (cluster.equals(view.cluster())) {
            truth.observe(view);
        }
        for (int i = 0; i < oracles.size(); i++) {
            oracles.get(i).afterStep(machine.index(), view);
        }
        if (quarantine.hasGuards()) {
            quarantine.review(machine);
        }
        machine.look();
    }

    void answered(SimMachine machine, long id, AdminOutcome outcome) {
        if (id > 0) {
            operator.answered(id, outcome);
        }
    }

    /** A machine is gone for good. */
    void forget(SimMachine machine) {
        UUID identity = machine.identity();
        if (identity != null) {
            directory.remove(identity, machine.index());
        }
    }

    // Who is where.

    int[] holdersOf(UUID identity) {
        return directory.holdersOf(identity);
    }

    /** The machine that holds a volume, the newest one if there are two; -1 for none. */
    int holderOf(UUID identity) {
        int[] holders = directory.holdersOf(identity);
        return holders.length == 0 ? -1 : holders[0];
    }

    /** Machines that clients may turn to: once healed, the core. */
    int[] serving() {
        int[] known = directory.serving();
        if (known == null) {
            known = healed
                    ? healer.core().stream().mapToInt(Integer::intValue).toArray()
                    : existingMachines();
            directory.setServing(known);
        }
        return known;
    }

    /** Machines that were not removed. */
    int[] existingMachines() {
        int[] existing = new int[machines.size()];
        int count = 0;
        for (SimMachine machine : machines) {
            if (!machine.isRemoved()) {
                existing[count++] = machine.index();
            }
        }
        return Arrays.copyOf(existing, count);
    }

    /** How many members' machines there are. */
    int existing() {
        int count = 0;
        for (SimMachine machine : machines) {
            count += machine.isRemoved() || machine.isSuperseded() ? 0 : 1;
        }
        return count;
    }

    /** A machine drawn from those that were not removed; -1 when there is none. */
    int anyMachine(SeededRandom random) {
        int[] existing = serving();
        return existing.length == 0 ? -1 : existing[random.below(existing.length)];
    }

    /** A machine whose process leads; -1 when none does. */
    int leadingMachine() {
        for (SimMachine machine : machines) {
            if (machine.isLeading()) {
                return machine.index();
            }
        }
        return -1;
    }

    SimMachine machine(int index) {
        return machines.get(index);
    }

    // Parts and facts.

    Program newProgram(SimProcess process) {
        return subject.program(process, knobs, defects);
    }

    boolean buggify(String id) {
        return !healed && failpoints.fires(id);
    }

    void count(Consequence consequence) {
        count(Group.CONSEQUENCE, consequence.text());
    }

    void count(Move move) {
        count(Group.OPERATOR, move.text());
    }

    void count(Group group, String name) {
        journal.counters().add(group, name);
    }

    private void count(Group group, String name, long count) {
        journal.counters().add(group, name, count);
    }

    long nextProposal() {
        return ++proposals;
    }

    Journal journal() {
        return journal;
    }

    SimNetwork network() {
        return network;
    }

    Quarantine quarantine() {
        return quarantine;
    }

    Atlas atlas() {
        return atlas;
    }

    Lifecycle lifecycle() {
        return lifecycle;
    }

    Clients clients() {
        return clients;
    }

    OperatorModel operator() {
        return operator;
    }

    ClusterTruth truth() {
        return truth;
    }

    History history() {
        return history;
    }

    List<Oracle> oracles() {
        return oracles;
    }

    Defects defects() {
        return defects;
    }

    boolean isHealed() {
        return healed;
    }

    /** When the first phase ends. */
    long safetyNanos() {
        return knobs.get(Knob.SAFETY);
    }

    @Override
    public long seed() {
        return seed;
    }

    @Override
    public Knobs knobs() {
        return knobs;
    }

    @Override
    public long nowNanos() {
        return journal.nowNanos();
    }

    @Override
    public long step() {
        return journal.step();
    }

    @Override
    public UUID cluster() {
        return cluster;
    }

    @Override
    public int machines() {
        return machines.size();
    }

    @Override
    public @Nullable ProgramView running(int machine) {
        return machines.get(machine).view();
    }

    @Override
    public @Nullable UUID identity(int machine) {
        return machines.get(machine).identity();
    }

    @Override
    public long localNanos(int machine) {
        return machines.get(machine).nowNanos();
    }

    @Override
    public void count(String effect) {
        count(Group.EFFECT, effect);
    }

    @Override
    public boolean damaged(int machine) {
        return machines.get(machine).isDamaged();
    }

    @Override
    public boolean superseded(int machine) {
        return machines.get(machine).isSuperseded();
    }
}
