package dev.synod.simulation.register;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Bytes;
import dev.synod.paxos.Configuration;
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
import dev.synod.paxos.WalRecord;
import dev.synod.simulation.check.RegisterModel.Kind;
import dev.synod.simulation.check.RegisterModel.Output;
import dev.synod.simulation.port.Admin;
import dev.synod.simulation.port.AdminOutcome;
import dev.synod.simulation.port.DiskWork;
import dev.synod.simulation.port.Knob;
import dev.synod.simulation.port.Knobs;
import dev.synod.simulation.port.Machine;
import dev.synod.simulation.port.Program;
import dev.synod.simulation.port.ProgramView;
import dev.synod.simulation.register.RegisterCodec.Reply;
import dev.synod.simulation.register.RegisterCodec.Request;
import dev.synod.simulation.register.RegisterCodec.Status;
import dev.synod.storage.DamagedException;
import dev.synod.storage.DiskFailedException;
import dev.synod.storage.DiskFullException;
import dev.synod.storage.Volume;
import dev.synod.storage.VolumeLimits;
import dev.synod.storage.VolumeState;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A process of a member: {@link Replica}, {@link Volume} and {@link RegisterState}, and nothing that decides.
 *
 * <p>It carries out the effects of each step in the order that {@link Effects} asks for. One batch of writes
 * is under way at a time; what comes up meanwhile is written together with the next.
 */
public final class RegisterMember implements Program {
    private static final long REPLENISH_AFTER_NANOS = 200_000_000;

    private final Machine machine;
    private final Knobs knobs;
    private final Defects defects;
    private final RegisterView view = new RegisterView();
    private final Effects effects = new Effects();
    private final WritePipeline pipeline;
    private final SnapshotStore snapshots;
    private final Pending pending;
    private @Nullable Volume volume;
    private @Nullable Replica replica;
    private RegisterState state;
    private long lastSnapshotIndex;
    private boolean toldFull;
    private long sealAtNanos = Long.MAX_VALUE;
    private long replenishAtNanos = Long.MAX_VALUE;

    /** A process that has not started yet. */
    public RegisterMember(Machine machine, Knobs knobs, Defects defects) {
        this.machine = machine;
        this.knobs = knobs;
        this.defects = defects;
        this.pipeline = new WritePipeline(machine, this::durable);
        this.snapshots = new SnapshotStore(machine, this::step);
        this.pending = new Pending(machine);
        this.state = new RegisterState(defects, 0);
    }

    // ---- start --------------------------------------------------------------------------------------------

    @Override
    public void start() {
        Volume opened = guarded(() -> Volume.open(
                machine.disk(), defects, VolumeLimits.withSegments(knobs.count(Knob.SEGMENT_BYTES))));
        volume = opened;
        view.open(opened);
        switch (opened.state()) {
            case EMPTY -> {}
            case UNREADABLE -> view.faulty(String.valueOf(opened.fault()));
            case FORMATTED, ACTIVATED -> recover(opened);
        }
    }

    private void recover(Volume opened) {
        long nonce = machine.random().nextLong();
        Recovered recovered = guarded(() -> opened.recover(nonce));
        state = new RegisterState(defects, nonce);
        view.recovered(recovered);
        if (recovered.fault() != null) {
            view.faulty(recovered.fault());
            machine.count(Effect.FAULT_AT_RECOVERY.text());
            return;
        }
        pipeline.use(opened);
        snapshots.use(opened);
        Replica started =
                new Replica(recovered, options(), machine.random().child("replica"), defects,
                        machine.nowNanos());
        replica = started;
        view.running(started, this);
        Snapshot snapshot = recovered.snapshot();
        if (snapshot != null) {
            restore(opened, snapshot);
        }
        if (replica != null) {
            apply(started, started.decided());
            checkFull();
            schedule();
        }
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

    /**
     * Disk work that the process cannot go on without; an error ends it, and it starts again from what the
     * disk holds.
     */
    private <T extends @Nullable Object> T guarded(DiskCall<T> call) {
        try {
            return call.run();
        } catch (DiskFailedException e) {
            machine.halt(String.valueOf(e.getMessage()));
            throw e;
        } catch (DiskFullException e) {
            machine.halt("disk full at start: " + e.getMessage());
            throw new DiskFullAtStart(e);
        }
    }

    /** A piece of disk work. */
    interface DiskCall<T extends @Nullable Object> {
        T run() throws DiskFullException;
    }

    private static final class DiskFullAtStart extends RuntimeException {
        private static final long serialVersionUID = 1L;

        DiskFullAtStart(DiskFullException cause) {
            super(cause);
        }
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
        if (machine.nowNanos() >= sealAtNanos) {
            sealAtNanos = Long.MAX_VALUE;
            pipeline.seal();
        }
        if (machine.nowNanos() >= replenishAtNanos) {
            replenish();
        }
        Replica member = replica;
        if (member != null && machine.nowNanos() >= member.nextDeadlineNanos()) {
            step(new Event.Tick());
        } else {
            schedule();
        }
    }

    private void durable(long sequence) {
        view.durable(sequence);
        pipeline.release();
        pending.durable(sequence);
        sealAtNanos =
                machine.nowNanos()
                        + knobs.get(Knob.SEAL_AFTER) * (Failpoint.LATE_SEAL.fires(machine) ? 10 : 1);
        checkFull();
        step(new Event.Durable(sequence));
    }

    private void checkFull() {
        Volume opened = volume;
        if (opened != null && opened.isFull() != toldFull) {
            toldFull = !toldFull;
            machine.count(toldFull ? Effect.DISK_FULL.text() : Effect.DISK_NO_LONGER_FULL.text());
            step(new Event.DiskFull(toldFull));
        }
        replenishAtNanos = toldFull ? machine.nowNanos() + REPLENISH_AFTER_NANOS : Long.MAX_VALUE;
    }

    private void replenish() {
        replenishAtNanos = machine.nowNanos() + REPLENISH_AFTER_NANOS; // again then, if the disk is busy now
        pipeline.whenIdle(Volume::replenish, this::checkFull);
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
            List<WalRecord> records = List.copyOf(effects.records());
            view.wrote(effects.batchSequence(), records);
            pipeline.write(effects.batchSequence(), records);
        }
        snapshots.carryOut(effects.snapshotActions(), this);
        for (Effects.Outgoing outgoing : effects.outgoing()) {
            pipeline.send(outgoing);
        }
        List<Effects.ReadOutcome> reads = List.copyOf(effects.reads());
        if (effects.fault() != null) {
            machine.count(Effect.FAULT_WHILE_RUNNING.text());
            view.faulty(effects.fault());
            pipeline.silence();
        }
        if (replica != member) {
            return; // its snapshot proved damaged
        }
        if (effects.decided() > state.applied()) {
            apply(member, effects.decided());
        }
        for (Effects.ReadOutcome read : reads) {
            machine.count(read.index() < 0 ? Effect.READ_REFUSED.text() : Effect.READ_GRANTED.text());
            pending.readOutcome(read);
        }
        answerReads(member);
        takeSnapshotIfDue(member);
        schedule();
    }

    private void schedule() {
        Replica member = replica;
        long deadline = member == null ? Long.MAX_VALUE : member.nextDeadlineNanos();
        deadline = Math.min(deadline, Math.min(sealAtNanos, replenishAtNanos));
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
                snapshots.beforeApply(state, defects);
                Reply reply = state.apply(index, command.body().array());
                pending.applied(index, entry.proposedAt(), reply);
            } else {
                state.skip(index);
                pending.applied(index, entry.proposedAt(), null);
            }
        }
        machine.count(Effect.APPLIED.text());
    }

    /**
     * Replaces the state machine by a snapshot's; the core asks for it in the step that installs the
     * snapshot.
     */
    void restore(Snapshot snapshot) {
        Volume opened = volume;
        if (opened != null) {
            restore(opened, snapshot);
            pending.skippedTo(snapshot.index());
        }
    }

    private void restore(Volume opened, Snapshot snapshot) {
        try {
            state.restore(opened.readSnapshotState(snapshot));
            lastSnapshotIndex = snapshot.index();
        } catch (DamagedException e) {
            machine.count(Effect.FAULT_OF_A_SNAPSHOT.text());
            view.faulty(String.valueOf(e.getMessage()));
            pipeline.silence();
            replica = null;
        } catch (DiskFailedException e) {
            machine.halt(String.valueOf(e.getMessage()));
        }
    }

    private void takeSnapshotIfDue(Replica member) {
        long applied = state.applied() - lastSnapshotIndex;
        long every = knobs.get(Knob.SNAPSHOT_EVERY);
        if (applied >= every || (applied > every / 2 && Failpoint.SNAPSHOT_NOW.fires(machine))) {
            takeSnapshot(member);
        }
    }

    /** The core needs a snapshot for a newcomer and there is none. */
    void takeSnapshotNow() {
        Replica member = replica;
        if (member != null) {
            takeSnapshot(member);
        }
    }

    private void takeSnapshot(Replica member) {
        if (state.applied() != member.decided() || snapshots.taking()) {
            return;
        }
        lastSnapshotIndex = state.applied();
        long base = Math.max(0, state.applied() - knobs.get(Knob.KEEP_ENTRIES));
        snapshots.take(state, member.configuration(), member.seal(), base, defects);
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
            machine.count(Effect.REFUSED.text());
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
        Volume opened = volume;
        Replica member = replica;
        if (command instanceof Admin.Format format && opened != null) {
            format(opened, id, format);
        } else if (member == null || member.role() == Role.FAULTY) {
            machine.answer(id, new AdminOutcome.TryLater("no member runs here"));
        } else {
            administer(member, id, command);
        }
    }

    private void format(Volume opened, long id, Admin.Format format) {
        if (opened.state() == VolumeState.EMPTY) {
            machine.onDiskThread(DiskWork.SYNC, () -> {
                if (opened.state() == VolumeState.EMPTY) {
                    guarded(() -> {
                        opened.format(format.cluster(), format.uuid(), format.configuration(),
                                format.joining());
                        return true;
                    });
                    machine.count(Effect.FORMATTED.text());
                    recover(opened);
                }
                machine.answer(id, formatted(format));
            });
        } else {
            machine.answer(id, formatted(format));
        }
    }

    private AdminOutcome formatted(Admin.Format format) {
        boolean same = format.cluster().equals(view.cluster()) && format.uuid().equals(view.member());
        return same
                ? new AdminOutcome.Done()
                : new AdminOutcome.Refused("this volume belongs to member " + view.member() + " of cluster "
                        + view.cluster());
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
            machine.count(Effect.REFUSED.text());
        }
    }

    // ---- view ---------------------------------------------------------------------------------------------

    @Override
    public ProgramView view() {
        return view;
    }

    RegisterState state() {
        return state;
    }

    WritePipeline pipeline() {
        return pipeline;
    }

    Pending pending() {
        return pending;
    }

    Knobs knobs() {
        return knobs;
    }

    /** A configuration stands undecided in the log while this is not null. */
    static @Nullable Configuration proposed(Replica member) {
        if (member.last() <= member.decided()) {
            return null;
        }
        return member.entry(member.last()).payload() instanceof Payload.StopSign stop ? stop.next() : null;
    }
}
