package dev.synod.simulation.coordination;

import dev.synod.member.Answer;
import dev.synod.member.Consistency;
import dev.synod.member.Failure;
import dev.synod.member.Member;
import dev.synod.member.MemberEffects;
import dev.synod.member.MemberEvent;
import dev.synod.member.MemberOptions;
import dev.synod.paxos.Bytes;
import dev.synod.paxos.Defects;
import dev.synod.paxos.MalformedException;
import dev.synod.paxos.Options;
import dev.synod.paxos.Recovered;
import dev.synod.paxos.Replica;
import dev.synod.paxos.Role;
import dev.synod.paxos.Snapshot;
import dev.synod.paxos.SnapshotRef;
import dev.synod.simulation.driver.Effect;
import dev.synod.simulation.driver.ReplicaView;
import dev.synod.simulation.driver.SnapshotStore;
import dev.synod.simulation.driver.VolumeDriver;
import dev.synod.simulation.port.Admin;
import dev.synod.simulation.port.AdminOutcome;
import dev.synod.simulation.port.Knob;
import dev.synod.simulation.port.Knobs;
import dev.synod.simulation.port.Machine;
import dev.synod.simulation.port.Program;
import dev.synod.simulation.port.ProgramView;
import dev.synod.state.Restore;
import dev.synod.state.StateMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A process of a member: {@link Member} over a volume, with the applications of its machine, and nothing that
 * decides. It carries out the effects of each step in the order that {@link MemberEffects} asks for.
 */
final class CoordinationMember
        implements
            Program,
            VolumeDriver.Owner,
            SnapshotStore.Owner,
            ReplicaView.State {
    /** Hands several events to the member in one step, as a busy event loop does. */
    static final String GATHER_EVENTS = "gather-events";

    private static final int GATHERED_MAX = 6;
    private static final long GATHER_NANOS = 5_000_000;
    private static final int WAITING_BYTES_MAX = 8 << 20;
    private static final int SNAPSHOT_BYTES = 4 << 20;

    private final Machine machine;
    private final Knobs knobs;
    private final Defects defects;
    private final CoordinationView view = new CoordinationView();
    private final VolumeDriver driver;
    private final Applications applications;
    private final MemberEffects effects = new MemberEffects();
    private final List<MemberEvent> inbox = new ArrayList<>();
    private final TreeMap<Long, OfOperator> operators = new TreeMap<>();
    private @Nullable Member member;
    private long lastId;
    private boolean stepping;
    private long gatheredUntilNanos = Long.MAX_VALUE;

    /** A command of the operator that waits for its answer. */
    private record OfOperator(long id, Admin command) {}

    /** A process that has not started yet. */
    CoordinationMember(Machine machine, Knobs knobs, Defects defects) {
        this.machine = machine;
        this.knobs = knobs;
        this.defects = defects;
        this.driver = new VolumeDriver(machine, knobs, defects, view, this, this);
        this.applications = new Applications(machine, knobs, defects, this);
        view.show(applications, this);
    }

    // ---- start --------------------------------------------------------------------------------------------

    @Override
    public void start() {
        driver.start();
    }

    @Override
    public void recovered(Recovered recovered) {
        Snapshot snapshot = recovered.snapshot();
        StateMachine restored = snapshot == null ? null : read(snapshot);
        if (snapshot != null && restored == null) {
            return;
        }
        Member started = new Member(recovered, restored, options(), machine.random().child("member"), defects,
                machine.nowNanos());
        member = started;
        view.running(started.replica(), this, queues(started));
        driver.checkFull();
        schedule();
    }

    private MemberOptions options() {
        Options paxos = new Options(
                knobs.get(Knob.HEARTBEAT),
                knobs.get(Knob.ELECTION_TIMEOUT),
                knobs.count(Knob.WINDOW_ENTRIES),
                knobs.count(Knob.WINDOW_BYTES),
                knobs.count(Knob.FRAME_BYTES),
                knobs.count(Knob.CHUNK_BYTES),
                knobs.count(Knob.READS));
        return new MemberOptions(
                paxos,
                knobs.count(Knob.RHO),
                knobs.get(Knob.MARGIN),
                knobs.get(Knob.RENEWAL),
                knobs.count(Knob.SNAPSHOT_EVERY),
                SNAPSHOT_BYTES,
                knobs.count(Knob.KEEP_ENTRIES),
                knobs.count(Knob.DIGEST_EVERY),
                knobs.count(Knob.HISTORY_REVISIONS),
                knobs.get(Knob.HISTORY_TIME),
                knobs.count(Knob.WAITING),
                WAITING_BYTES_MAX,
                knobs.get(Knob.BOOKMARK),
                knobs.get(Knob.WATCH_SILENCE));
    }

    private List<ReplicaView.Queue> queues(Member started) {
        Replica core = started.replica();
        long window = knobs.count(Knob.WINDOW_ENTRIES);
        long ofSessions = 16L * (1 + knobs.count(Knob.CLIENTS)) + 4_096;
        List<ReplicaView.Queue> queues = new ArrayList<>(driver.queues());
        queues.add(new ReplicaView.Queue("proposals", core::proposalsUndecided, () -> window));
        queues.add(new ReplicaView.Queue("reads", core::readsQueued, () -> 2L * knobs.count(Knob.READS)));
        queues.add(new ReplicaView.Queue("requests", started::requestsWaiting,
                () -> knobs.count(Knob.WAITING) + 5 * window + ofSessions));
        return queues;
    }

    /** The state that a snapshot holds; null when it proves damaged. */
    private @Nullable StateMachine read(Snapshot snapshot) {
        byte[] bytes = driver.read(snapshot);
        if (bytes == null) {
            return null;
        }
        try {
            Restore restore = new Restore(defects);
            restore.accept(bytes, 0, bytes.length);
            return restore.finish();
        } catch (MalformedException e) {
            machine.count(Effect.FAULT_OF_A_SNAPSHOT.text());
            driver.silence("snapshot " + snapshot.index() + " holds no state: " + e.getMessage());
            return null;
        }
    }

    // ---- what happens -------------------------------------------------------------------------------------

    @Override
    public void received(UUID from, byte[] frame) {
        happened(new MemberEvent.Received(frame));
    }

    @Override
    public void linkClosed(UUID peer) {
        happened(new MemberEvent.LinkClosed(peer));
    }

    @Override
    public void wake() {
        driver.wake();
        applications.tick();
        Member running = member;
        if (running != null
                && machine.nowNanos() >= Math.min(running.nextDeadlineNanos(), gatheredUntilNanos)) {
            happened(new MemberEvent.Tick());
        } else {
            schedule();
        }
    }

    @Override
    public void durable(long sequence) {
        happened(new MemberEvent.Durable(sequence));
    }

    @Override
    public void diskFull(boolean full) {
        happened(new MemberEvent.DiskFull(full));
    }

    @Override
    public void written(Snapshot snapshot, long base) {
        happened(new MemberEvent.SnapshotWritten(snapshot, base));
    }

    @Override
    public void notWritten() {
        happened(new MemberEvent.SnapshotNotWritten());
    }

    @Override
    public void staged(Snapshot snapshot) {
        happened(new MemberEvent.SnapshotStaged(snapshot));
    }

    @Override
    public void stagingFailed(SnapshotRef snapshot) {
        happened(new MemberEvent.StagingFailed(snapshot));
    }

    @Override
    public void chunkRead(UUID peer, SnapshotRef snapshot, long offsetBytes, Bytes data) {
        happened(new MemberEvent.ChunkRead(peer, snapshot, offsetBytes, data));
    }

    @Override
    public void take() {
        throw new IllegalStateException("the member takes snapshots by itself");
    }

    @Override
    public void restore(Snapshot snapshot) {
        StateMachine state = read(snapshot);
        if (state == null) {
            member = null;
        } else {
            happened(new MemberEvent.StateRestored(snapshot, state));
        }
    }

    // ---- one step -----------------------------------------------------------------------------------------

    /** Hands an event to the member, at once or together with those that follow. */
    void happened(MemberEvent event) {
        if (member == null) {
            return;
        }
        inbox.add(event);
        if (stepping) {
            return;
        }
        boolean gathers = isOfApplication(event) && inbox.size() < GATHERED_MAX
                && machine.buggify(GATHER_EVENTS);
        if (gathers) {
            gatheredUntilNanos = Math.min(gatheredUntilNanos, machine.nowNanos() + GATHER_NANOS);
        } else {
            step();
        }
        schedule();
    }

    /** Frames and disk work are not kept: oracles look at what comes of each. */
    private static boolean isOfApplication(MemberEvent event) {
        return switch (event) {
            case MemberEvent.Submit e -> true;
            case MemberEvent.Acquire e -> true;
            case MemberEvent.Stand e -> true;
            case MemberEvent.Read e -> true;
            case MemberEvent.Watch e -> true;
            case MemberEvent.Attach e -> true;
            case MemberEvent.Cancel e -> true;
            default -> false;
        };
    }

    private void step() {
        stepping = true;
        gatheredUntilNanos = Long.MAX_VALUE;
        while (!inbox.isEmpty()) {
            Member running = member;
            if (running == null) {
                inbox.clear();
                break;
            }
            List<MemberEvent> events = List.copyOf(inbox);
            inbox.clear();
            effects.clear();
            running.step(machine.nowNanos(), events, effects);
            carryOut(running);
        }
        stepping = false;
    }

    private void carryOut(Member running) {
        for (MemberEffects.Batch batch : effects.batches()) {
            driver.write(batch.sequence(), batch.records());
        }
        driver.snapshots().carryOut(effects.snapshotActions());
        MemberEffects.WriteSnapshot wanted = effects.writeSnapshot();
        if (wanted != null) {
            driver.snapshots().write(wanted.state().index(), wanted.configuration(), wanted.seal(),
                    bytes(wanted.state()), wanted.base());
        }
        driver.send(effects.outgoing());
        if (effects.fault() != null) {
            machine.count(Effect.FAULT_WHILE_RUNNING.text());
            driver.silence(effects.fault());
        }
        if (member != running) {
            return; // its snapshot proved damaged
        }
        for (MemberEffects.Answered answered : effects.answers()) {
            OfOperator operator = operators.remove(answered.id());
            if (operator != null) {
                machine.answer(operator.id(), outcome(running, operator.command(), answered.answer()));
            } else {
                applications.answered(answered.id(), answered.answer());
            }
        }
        effects.claimNotices().forEach(applications::heard);
        effects.watchNotices().forEach(applications::heard);
        effects.sessionNotices().forEach(applications::heard);
    }

    private static byte[] bytes(dev.synod.state.Snapshot state) {
        var writer = new dev.synod.paxos.ByteWriter(dev.synod.state.Snapshot.CHUNK_BYTES);
        state.writeTo(writer::writeBytes);
        return writer.toArray();
    }

    private void schedule() {
        Member running = member;
        long deadline = running == null || stepping ? Long.MAX_VALUE : running.nextDeadlineNanos();
        deadline = Math.min(deadline, Math.min(gatheredUntilNanos, driver.nextDeadlineNanos()));
        if (running != null) {
            deadline = Math.min(deadline, applications.nextDeadlineNanos());
        }
        if (deadline != Long.MAX_VALUE) {
            machine.wakeAt(deadline);
        }
    }

    // ---- clients ------------------------------------------------------------------------------------------

    @Override
    public void request(long client, long request, byte[] body) {
        Member running = member;
        if (running == null || running.fault() != null) {
            machine.reply(client, request, Told.of(Told.Status.ELSEWHERE, null).encode());
        } else {
            applications.asked(client, request, Ask.decode(body));
            schedule();
        }
    }

    /** Null while none runs. */
    @Nullable
    Member member() {
        return member;
    }

    /** Identity of this member. */
    UUID self() {
        UUID self = view.member();
        if (self == null) {
            throw new IllegalStateException("no member runs here");
        }
        return self;
    }

    /** For a request, a claim or a watch. */
    long newId() {
        return ++lastId;
    }

    // ---- operator -----------------------------------------------------------------------------------------

    @Override
    public void admin(long id, Admin command) {
        Member running = member;
        if (command instanceof Admin.Format format) {
            driver.format(id, format);
        } else if (running == null || running.fault() != null) {
            machine.answer(id, new AdminOutcome.TryLater("no member runs here"));
        } else if (needsLeader(command) && running.replica().role() != Role.LEADER) {
            machine.answer(id, new AdminOutcome.NotLeader(running.leader()));
        } else {
            long number = newId();
            operators.put(number, new OfOperator(id, command));
            happened(event(number, command));
        }
    }

    private static boolean needsLeader(Admin command) {
        return !(command instanceof Admin.Activate || command instanceof Admin.Status);
    }

    private MemberEvent event(long id, Admin command) {
        return switch (command) {
            case Admin.Activate c -> new MemberEvent.Activate(id);
            case Admin.Reconfigure c -> new MemberEvent.Reconfigure(id, c.expectedEpoch(), c.voters());
            case Admin.AddObserver c -> new MemberEvent.AddObserver(id, c.uuid(), c.address());
            case Admin.RemoveObserver c -> new MemberEvent.RemoveObserver(id, c.uuid());
            case Admin.TransferTo c -> new MemberEvent.TransferTo(id, c.target());
            case Admin.Status c ->
                    new MemberEvent.Read(id, Consistency.linearizable(), knobs.get(Knob.CLIENT_TIMEOUT));
            case Admin.Format c -> throw new IllegalStateException("handled before");
        };
    }

    private static AdminOutcome outcome(Member running, Admin command, Answer answer) {
        Replica replica = running.replica();
        return switch (answer) {
            case Answer.Changed a -> new AdminOutcome.Done();
            case Answer.NotAllowed a -> new AdminOutcome.Refused(a.text());
            case Answer.MayRead a -> new AdminOutcome.Status(replica.configuration(), replica.decided(),
                    replica.established(), replica.leader());
            case Answer.Failed a -> a.maybeApplied() && !(command instanceof Admin.Status)
                    ? new AdminOutcome.Unknown()
                    : a.reason() == Failure.NO_LEADER && needsLeader(command)
                            ? new AdminOutcome.NotLeader(replica.leader())
                            : new AdminOutcome.TryLater(a.reason().name());
            case Answer.Replied a -> throw new IllegalStateException("no reply was asked for");
        };
    }

    // ---- view ---------------------------------------------------------------------------------------------

    @Override
    public ProgramView view() {
        return view;
    }

    @Override
    public long applied() {
        Member running = member;
        return running == null ? 0 : running.state().appliedIndex();
    }

    @Override
    public long digest() {
        Member running = member;
        return running == null ? 0 : running.state().digest();
    }
}
