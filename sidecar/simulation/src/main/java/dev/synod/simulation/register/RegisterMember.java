package dev.synod.simulation.register;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Bytes;
import dev.synod.paxos.Defect;
import dev.synod.paxos.Defects;
import dev.synod.paxos.Effects;
import dev.synod.paxos.Entry;
import dev.synod.paxos.Event;
import dev.synod.paxos.Options;
import dev.synod.paxos.Payload;
import dev.synod.paxos.Recovered;
import dev.synod.paxos.Replica;
import dev.synod.paxos.Role;
import dev.synod.paxos.Snapshot;
import dev.synod.paxos.SnapshotRef;
import dev.synod.simulation.check.RegisterModel.Kind;
import dev.synod.simulation.check.RegisterModel.Output;
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
import dev.synod.simulation.register.RegisterCodec.Reply;
import dev.synod.simulation.register.RegisterCodec.Request;
import dev.synod.simulation.register.RegisterCodec.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A process of a member: {@link Replica}, {@link Volume} and {@link RegisterState}, and nothing that decides.
 *
 * <p>It carries out the effects of each step in the order that {@link Effects} asks for. One batch of writes
 * is under way at a time; what comes up meanwhile is written together with the next.
 */
public final class RegisterMember
        implements
            Program,
            VolumeDriver.Owner,
            SnapshotStore.Owner,
            ReplicaView.State {
    /** Takes a snapshot though none is due. */
    static final String SNAPSHOT_NOW = "snapshot-now";

    static final String APPLIED = "applied";
    static final String READ_GRANTED = "read granted";
    static final String READ_REFUSED = "read refused";
    static final String REFUSED = "refused";

    /** Shows the replica, and nothing beside it. */
    private static final class View extends ReplicaView {}

    private final Machine machine;
    private final Knobs knobs;
    private final Defects defects;
    private final Effects effects = new Effects();
    private final ReplicaView view = new View();
    private final VolumeDriver driver;
    private final Pending pending;
    private @Nullable Replica replica;
    private RegisterState state;
    private byte @Nullable [] stateBeforeLast;
    private long lastSnapshotIndex;

    /** A process that has not started yet. */
    public RegisterMember(Machine machine, Knobs knobs, Defects defects) {
        this.machine = machine;
        this.knobs = knobs;
        this.defects = defects;
        this.driver = new VolumeDriver(machine, knobs, defects, view, this, this);
        this.pending = new Pending(machine);
        this.state = new RegisterState(defects, 0);
    }

    // ---- start --------------------------------------------------------------------------------------------

    @Override
    public void start() {
        driver.start();
    }

    @Override
    public void recovered(Recovered recovered) {
        state = new RegisterState(defects, recovered.nonce());
        Replica started =
                new Replica(recovered, options(), machine.random().child("replica"), defects,
                        machine.nowNanos());
        replica = started;
        view.running(started, this, queues(started));
        Snapshot snapshot = recovered.snapshot();
        if (snapshot != null) {
            become(snapshot);
        }
        if (replica != null) {
            apply(started, started.decided());
            driver.checkFull();
            schedule();
        }
    }

    private List<ReplicaView.Queue> queues(Replica core) {
        List<ReplicaView.Queue> queues = new ArrayList<>(driver.queues());
        queues.add(new ReplicaView.Queue("proposals", core::proposalsUndecided,
                () -> knobs.count(Knob.WINDOW_ENTRIES)));
        queues.add(new ReplicaView.Queue("reads", core::readsQueued, () -> 2L * knobs.count(Knob.READS)));
        return queues;
    }

    private Options options() {
        return new Options(
                knobs.get(Knob.HEARTBEAT),
                knobs.get(Knob.ELECTION_TIMEOUT),
                knobs.count(Knob.WINDOW_ENTRIES),
                knobs.count(Knob.WINDOW_BYTES),
                knobs.count(Knob.FRAME_BYTES),
                knobs.count(Knob.CHUNK_BYTES),
                knobs.count(Knob.READS));
    }

    // ---- what happens -------------------------------------------------------------------------------------

    @Override
    public void received(UUID from, byte[] frame) {
        step(new Event.Received(frame));
    }

    @Override
    public void linkClosed(UUID peer) {
        step(new Event.LinkClosed(peer));
    }

    @Override
    public void wake() {
        driver.wake();
        Replica member = replica;
        if (member != null && machine.nowNanos() >= member.nextDeadlineNanos()) {
            step(new Event.Tick());
        } else {
            schedule();
        }
    }

    @Override
    public void durable(long sequence) {
        pending.durable(sequence);
        step(new Event.Durable(sequence));
    }

    @Override
    public void diskFull(boolean full) {
        step(new Event.DiskFull(full));
    }

    // ---- one step -----------------------------------------------------------------------------------------

    /** Hands an event to the core and carries out its effects, in the order that {@link Effects} asks for. */
    private void step(Event event) {
        Replica member = replica;
        if (member == null) {
            return;
        }
        effects.clear();
        member.step(machine.nowNanos(), event, effects);
        carryOut(member);
    }

    private void carryOut(Replica member) {
        if (effects.batchSequence() != 0) {
            driver.write(effects.batchSequence(), effects.records());
        }
        driver.snapshots().carryOut(effects.snapshotActions());
        driver.send(effects.outgoing());
        List<Effects.ReadOutcome> reads = List.copyOf(effects.reads());
        if (effects.fault() != null) {
            machine.count(Effect.FAULT_WHILE_RUNNING.text());
            driver.silence(effects.fault());
        }
        if (replica != member) {
            return; // its snapshot proved damaged
        }
        if (effects.decided() > state.applied()) {
            apply(member, effects.decided());
        }
        for (Effects.ReadOutcome read : reads) {
            machine.count(read.index() < 0 ? READ_REFUSED : READ_GRANTED);
            pending.readOutcome(read);
        }
        answerReads(member);
        takeSnapshotIfDue(member);
        schedule();
    }

    private void schedule() {
        Replica member = replica;
        long deadline = member == null ? Long.MAX_VALUE : member.nextDeadlineNanos();
        deadline = Math.min(deadline, driver.nextDeadlineNanos());
        if (deadline != Long.MAX_VALUE) {
            machine.wakeAt(deadline);
        }
    }

    // ---- applying -----------------------------------------------------------------------------------------

    private void apply(Replica member, long decided) {
        long from = state.applied() + 1;
        if (defects.has(Defect.M11_APPLY_OVER_GAP) && decided > from) {
            from++;
        }
        for (long index = from; index <= decided; index++) {
            Entry entry = member.entry(index);
            if (entry.payload() instanceof Payload.Command command) {
                if (defects.has(Defect.M14_APPLIED_INDEX_APART)) {
                    stateBeforeLast = state.encode();
                }
                Reply reply = state.apply(index, command.body().array());
                pending.applied(index, entry.proposedAt(), reply);
            } else {
                state.skip(index);
                pending.applied(index, entry.proposedAt(), null);
            }
        }
        machine.count(APPLIED);
    }

    /**
     * Replaces the state machine by a snapshot's; the core asks for it in the step that installs the
     * snapshot.
     */
    @Override
    public void restore(Snapshot snapshot) {
        become(snapshot);
        pending.skippedTo(snapshot.index());
    }

    private void become(Snapshot snapshot) {
        byte[] bytes = driver.read(snapshot);
        if (bytes == null) {
            replica = null;
        } else {
            state.restore(bytes);
            lastSnapshotIndex = snapshot.index();
        }
    }

    private void takeSnapshotIfDue(Replica member) {
        long applied = state.applied() - lastSnapshotIndex;
        long every = knobs.get(Knob.SNAPSHOT_EVERY);
        if (applied >= every || (applied > every / 2 && machine.buggify(SNAPSHOT_NOW))) {
            takeSnapshot(member);
        }
    }

    /** The core needs a snapshot for a newcomer and there is none. */
    @Override
    public void take() {
        Replica member = replica;
        if (member != null) {
            takeSnapshot(member);
        }
    }

    private void takeSnapshot(Replica member) {
        if (state.applied() != member.decided() || driver.snapshots().isWriting()) {
            return;
        }
        lastSnapshotIndex = state.applied();
        long base = Math.max(0, state.applied() - knobs.get(Knob.KEEP_ENTRIES));
        byte[] older = stateBeforeLast;
        byte[] bytes = older == null ? state.encode() : RegisterState.withApplied(older, state.applied());
        driver.snapshots().write(state.applied(), member.configuration(), member.seal(), bytes, base);
    }

    @Override
    public void written(Snapshot snapshot, long base) {
        step(new Event.SnapshotTaken(snapshot, base));
    }

    @Override
    public void notWritten() {}

    @Override
    public void staged(Snapshot snapshot) {
        step(new Event.SnapshotStaged(snapshot));
    }

    @Override
    public void stagingFailed(SnapshotRef snapshot) {
        step(new Event.StagingFailed(snapshot));
    }

    @Override
    public void chunkRead(UUID peer, SnapshotRef snapshot, long offsetBytes, Bytes data) {
        step(new Event.ChunkRead(peer, snapshot, offsetBytes, data));
    }

    // ---- clients ------------------------------------------------------------------------------------------

    @Override
    public void request(long client, long request, byte[] body) {
        Replica member = replica;
        if (member == null || member.role() == Role.FAULTY) {
            machine.reply(client, request, RegisterCodec.encode(Reply.notLeader(null)));
        } else if (RegisterCodec.kindOf(body) == Kind.READ) {
            long id = pending.read(client, request, body);
            step(new Event.Read(id));
        } else {
            propose(member, client, request, body);
        }
    }

    private void propose(Replica member, long client, long request, byte[] body) {
        effects.clear();
        member.step(machine.nowNanos(), new Event.Propose(List.of(Bytes.of(body))), effects);
        Effects.Refusal refusal = effects.refusal();
        Ballot ballot = effects.proposedAt();
        if (refusal == null && ballot != null) {
            pending.proposed(effects.proposedFrom(), ballot, client, request);
        } else if (refusal == Effects.Refusal.NOT_LEADER) {
            UUID leader = member.leader();
            machine.reply(client, request, RegisterCodec.encode(Reply.notLeader(leader)));
        } else {
            machine.reply(client, request, RegisterCodec.encode(Reply.of(Status.BUSY)));
        }
        if (refusal != null) {
            machine.count(REFUSED);
        }
        carryOut(member);
    }

    private void answerReads(Replica member) {
        for (Pending.GrantedRead read : pending.servable(state.applied())) {
            Admin.Status status = read.status();
            if (status != null) {
                machine.answer(
                        read.request(),
                        new AdminOutcome.Status(
                                member.configuration(), member.decided(), member.established(),
                                member.leader()));
            } else if (read.index() < 0) {
                machine.reply(read.client(), read.request(), RegisterCodec.encode(Reply.of(Status.BUSY)));
            } else {
                Request request = RegisterCodec.decodeRequest(read.body());
                Output output = new Output(true, visible(member).state(request.input().key()));
                machine.reply(
                        read.client(), read.request(),
                        RegisterCodec.encode(Reply.ok(output, state.applied())));
            }
        }
    }

    /** What reads see: what is applied, or with a planted defect what is appended as well (R16). */
    private RegisterState visible(Replica member) {
        if (!defects.has(Defect.R16_READ_OF_UNDECIDED) || member.role() != Role.LEADER) {
            return state;
        }
        RegisterState ahead = new RegisterState(defects, 0);
        ahead.restore(state.encode());
        for (long index = state.applied() + 1; index <= member.last(); index++) {
            if (member.entry(index).payload() instanceof Payload.Command command) {
                ahead.apply(index, command.body().array());
            }
        }
        return ahead;
    }

    // ---- operator -----------------------------------------------------------------------------------------

    @Override
    public void admin(long id, Admin command) {
        Replica member = replica;
        if (command instanceof Admin.Format format) {
            driver.format(id, format);
        } else if (member == null || member.role() == Role.FAULTY) {
            machine.answer(id, new AdminOutcome.TryLater("no member runs here"));
        } else {
            administer(member, id, command);
        }
    }

    private void administer(Replica member, long id, Admin command) {
        if (command instanceof Admin.Status status) {
            step(new Event.Read(pending.status(id, status)));
            return;
        }
        if (member.role() != Role.LEADER && !(command instanceof Admin.Activate)) {
            machine.answer(id, new AdminOutcome.NotLeader(member.leader()));
            return;
        }
        effects.clear();
        member.step(machine.nowNanos(), event(command), effects);
        answer(id, command);
        carryOut(member);
    }

    private static Event event(Admin command) {
        return switch (command) {
            case Admin.Activate activate -> new Event.Activate();
            case Admin.Reconfigure change -> new Event.Reconfigure(change.expectedEpoch(), change.voters());
            case Admin.AddObserver add -> new Event.AddObserver(add.uuid(), add.address());
            case Admin.RemoveObserver remove -> new Event.RemoveObserver(remove.uuid());
            case Admin.TransferTo transfer -> new Event.TransferTo(transfer.target());
            case Admin.Format format -> throw new IllegalStateException("handled before");
            case Admin.Status status -> throw new IllegalStateException("handled before");
        };
    }

    private void answer(long id, Admin command) {
        Effects.Refusal refusal = effects.refusal();
        Ballot ballot = effects.proposedAt();
        if (refusal == Effects.Refusal.NOT_ALLOWED || refusal == Effects.Refusal.WRONG_EPOCH) {
            machine.answer(id, new AdminOutcome.Refused(refusal + ": " + effects.refusalReason()));
        } else if (refusal != null) {
            machine.answer(id, new AdminOutcome.TryLater(refusal.name()));
        } else if (ballot != null) {
            pending.administered(effects.proposedFrom(), ballot, id);
        } else if (command instanceof Admin.Activate) {
            pending.activation(effects.batchSequence(), id);
        } else {
            machine.answer(id, new AdminOutcome.Done());
        }
        if (refusal != null) {
            machine.count(REFUSED);
        }
    }

    // ---- view ---------------------------------------------------------------------------------------------

    @Override
    public ProgramView view() {
        return view;
    }

    @Override
    public long applied() {
        return state.applied();
    }

    @Override
    public long digest() {
        return state.digest();
    }
}
