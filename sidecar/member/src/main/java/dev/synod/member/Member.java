package dev.synod.member;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Bytes;
import dev.synod.paxos.Defects;
import dev.synod.paxos.Effects;
import dev.synod.paxos.Entry;
import dev.synod.paxos.Event;
import dev.synod.paxos.Payload;
import dev.synod.paxos.Recovered;
import dev.synod.paxos.Replica;
import dev.synod.paxos.Role;
import dev.synod.paxos.SeededRandom;
import dev.synod.paxos.Snapshot;
import dev.synod.paxos.SnapshotAction;
import dev.synod.state.Applied;
import dev.synod.state.Command;
import dev.synod.state.CommandCodec;
import dev.synod.state.Limits;
import dev.synod.state.Reply;
import dev.synod.state.StateMachine;
import dev.synod.state.Validity;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One member of a cluster as a pure state machine: {@link Replica} and {@link StateMachine}, and all that is
 * decided between them. {@code docs/member.md} has the rules.
 *
 * <p>The caller owns time, disk and network. It hands in {@link MemberEvent}s, all that came up since the
 * last step in one list, and carries out the {@link MemberEffects} of each step before the next; see there
 * for its duties. Not safe for threads.
 *
 * <p>Whatever a peer or a client sends, {@link #step} does not throw and corrupts nothing. It throws {@link
 * dev.synod.paxos.InvariantViolation} when it finds its own state broken; the process must then stop.
 */
public final class Member {
    /** Numbers that one run of a process may use for its messages, before those of the next run begin. */
    private static final int NUMBERS_PER_RUN_BITS = 40;

    private final UUID cluster;
    private final UUID self;
    private final long nonce;
    private final MemberOptions options;
    private final Defects defects;
    private final Replica replica;
    private final Effects effects = new Effects();
    private final Proposals proposals;
    private final ForwardedCommands forwardedCommands;
    private final Reads reads;
    private final Leases leases;
    private final Attachments attachments;
    private final Withdrawals withdrawals;
    private final Claims claims;
    private final Watches watches;
    private final Digests digests;
    private final HistoryKeeper history;
    private final Changes changes;
    private final SnapshotSchedule snapshots;
    private StateMachine state;
    private @Nullable Snapshot restoring;
    private @Nullable String fault;
    private MemberEffects out = new MemberEffects();
    private long nowNanos;
    private boolean stepped;

    /**
     * A member at the start of its process.
     *
     * @param recovered what its volume holds
     * @param restored the state in {@code recovered.snapshot()}; null when there is no snapshot
     * @param options timing and limits
     * @param random draws timeouts; belongs to this member alone
     * @param defects planted bugs; {@link Defects#NONE} in production
     * @param nowNanos monotonic time
     */
    public Member(Recovered recovered, @Nullable StateMachine restored, MemberOptions options,
            SeededRandom random, Defects defects, long nowNanos) {
        Snapshot snapshot = recovered.snapshot();
        long restoredIndex = restored == null ? 0 : restored.appliedIndex();
        if (recovered.fault() == null && restoredIndex != (snapshot == null ? 0 : snapshot.index())) {
            throw new IllegalArgumentException("the state restored is of entry " + restoredIndex
                    + ", the volume's snapshot is " + snapshot);
        }
        if (nowNanos < 0) {
            throw new IllegalArgumentException("the monotonic time " + nowNanos + " is below 0");
        }
        this.cluster = recovered.cluster();
        this.self = recovered.member();
        this.nonce = recovered.nonce();
        this.options = options;
        this.defects = defects;
        this.nowNanos = nowNanos;
        this.state = restored == null ? new StateMachine(recovered.cluster(), defects) : restored;
        this.replica = new Replica(recovered, options.paxos(), random, defects, nowNanos);
        long firstNumber = recovered.incarnation() << NUMBERS_PER_RUN_BITS;
        this.proposals = new Proposals(this, firstNumber);
        this.forwardedCommands = new ForwardedCommands(this);
        this.reads = new Reads(this);
        this.leases = new Leases(this);
        this.attachments = new Attachments(this, firstNumber);
        this.withdrawals = new Withdrawals(this);
        this.claims = new Claims(this, withdrawals);
        this.watches = new Watches(this);
        this.digests = new Digests(this);
        this.history = new HistoryKeeper(this);
        this.changes = new Changes(this);
        this.snapshots = new SnapshotSchedule(this, restoredIndex);
        this.fault = recovered.fault();
    }

    // ---- stepping -----------------------------------------------------------------------------------------

    /**
     * Takes all that happened since the last step.
     *
     * @param now monotonic time, never less than in the step before
     * @param events what happened, in order
     * @param effectsOut cleared by the caller; what the world is asked to do
     * @throws dev.synod.paxos.InvariantViolation when this member's own state is broken
     */
    public void step(long now, List<MemberEvent> events, MemberEffects effectsOut) {
        leases.noteGap(now - nowNanos);
        nowNanos = now;
        out = effectsOut;
        stepped = true;
        attachments.tick();
        for (MemberEvent event : events) {
            take(event);
        }
        if (fault == null && nowNanos >= replica.nextDeadlineNanos()) {
            paxos(new Event.Tick());
        }
        settle();
    }

    private void take(MemberEvent event) {
        switch (event) {
            case MemberEvent.Tick e -> {}
            case MemberEvent.Received e -> receive(e.frame());
            case MemberEvent.Durable e -> {
                paxos(new Event.Durable(e.sequence()));
                changes.durable(e.sequence());
            }
            case MemberEvent.LinkClosed e -> {
                boolean leading = e.peer().equals(replica.leader());
                paxos(new Event.LinkClosed(e.peer()));
                if (leading) {
                    proposals.leaderLost();
                }
            }
            case MemberEvent.DiskFull e -> paxos(new Event.DiskFull(e.full()));
            case MemberEvent.SnapshotWritten e -> {
                snapshots.written(e.snapshot().index());
                paxos(new Event.SnapshotTaken(e.snapshot(), e.base()));
            }
            case MemberEvent.SnapshotNotWritten e -> snapshots.notWritten();
            case MemberEvent.SnapshotStaged e -> paxos(new Event.SnapshotStaged(e.snapshot()));
            case MemberEvent.StagingFailed e -> paxos(new Event.StagingFailed(e.snapshot()));
            case MemberEvent.ChunkRead e ->
                    paxos(new Event.ChunkRead(e.peer(), e.snapshot(), e.offsetBytes(), e.data()));
            case MemberEvent.StateRestored e -> restored(e.snapshot(), e.state());
            case MemberEvent.Submit e -> submit(e.id(), e.command(), e.timeoutNanos());
            case MemberEvent.Attach e -> attach(e);
            case MemberEvent.Detach e ->
                    attachments.detach(e.session(), e.attachGeneration(), e.graceNanos());
            case MemberEvent.Acquire e -> {
                Bytes encoded = encoded(e.id(), e.command());
                if (encoded != null) {
                    claims.acquire(e, encoded);
                }
            }
            case MemberEvent.Stand e -> {
                Bytes encoded = encoded(e.id(), e.command());
                if (encoded != null) {
                    claims.stand(e, encoded);
                }
            }
            case MemberEvent.GiveBack e -> claims.giveBack(e.id(), e.command());
            case MemberEvent.Read e -> read(e);
            case MemberEvent.Watch e -> watches.open(e);
            case MemberEvent.Cancel e -> {
                claims.cancel(e.id());
                watches.cancel(e.id());
            }
            case MemberEvent.Activate e -> changes.activate(e.id());
            case MemberEvent.Reconfigure e ->
                    changes.change(e.id(), new Event.Reconfigure(e.expectedEpoch(), e.voters()));
            case MemberEvent.AddObserver e ->
                    changes.change(e.id(), new Event.AddObserver(e.uuid(), e.address()));
            case MemberEvent.RemoveObserver e -> changes.change(e.id(), new Event.RemoveObserver(e.uuid()));
            case MemberEvent.TransferTo e -> changes.change(e.id(), new Event.TransferTo(e.target()));
        }
    }

    /** Goes on until nothing follows from what happened. */
    private void settle() {
        proposals.tick();
        reads.tick();
        withdrawals.tick();
        claims.tick();
        leases.tick();
        watches.tick();
        if (leases.established()) {
            history.tick();
        } else {
            history.rest();
        }
        do {
            apply();
            leases.lead();
            attachments.tick();
            proposals.flush();
            reads.flush();
            apply();
            reads.serve();
            claims.look();
        } while (fault == null && (proposals.isDirty() || canApply()));
        forwardedCommands.flush();
        snapshots.tick();
        watches.show();
    }

    /**
     * Hands an event to the protocol and passes on what it asks for; the effects hold until the next call.
     */
    Effects paxos(Event event) {
        effects.clear();
        if (fault != null) {
            return effects; // silent for good
        }
        replica.step(nowNanos, event, effects);
        if (effects.batchSequence() != 0) {
            out.write(new MemberEffects.Batch(effects.batchSequence(), List.copyOf(effects.records())));
        }
        for (SnapshotAction action : effects.snapshotActions()) {
            switch (action) {
                case SnapshotAction.Take take -> snapshots.want();
                case SnapshotAction.Restore restore -> {
                    restoring = restore.snapshot();
                    out.act(restore);
                }
                default -> out.act(action);
            }
        }
        effects.outgoing().forEach(out::send);
        effects.reads().forEach(reads::noteOutcome);
        if (effects.fault() != null) {
            becomeFaulty(effects.fault());
        }
        return effects;
    }

    void becomeFaulty(String why) {
        if (fault != null) {
            return;
        }
        fault = why;
        out.faulty(why);
        proposals.failAll(Failure.UNAVAILABLE);
        reads.failAll(Failure.UNAVAILABLE);
        claims.failAll(Failure.UNAVAILABLE);
        watches.failAll(Failure.UNAVAILABLE);
        changes.failAll();
    }

    // ---- applying -----------------------------------------------------------------------------------------

    private boolean canApply() {
        return fault == null && restoring == null && state.appliedIndex() < replica.decided();
    }

    private void apply() {
        while (canApply()) {
            Entry entry = replica.entry(state.appliedIndex() + 1);
            if (entry.payload() instanceof Payload.Command command) {
                apply(entry.index(), entry.proposedAt(), command);
            } else {
                state.skip(entry.index());
                proposals.applied(entry.index(), entry.proposedAt(), null);
            }
            changes.applied(entry.index(), entry.proposedAt());
            snapshots.applied(entry.weightBytes());
            digests.applied(entry.index());
        }
    }

    private void apply(long index, Ballot proposedAt, Payload.Command command) {
        Applied applied = state.apply(index, command.body());
        leases.applied(applied.events());
        attachments.applied(applied.events());
        claims.applied(applied.events());
        watches.applied(applied);
        proposals.applied(index, proposedAt, applied);
        proposals.noteTerm();
    }

    private void restored(Snapshot snapshot, StateMachine restored) {
        Snapshot awaited = restoring;
        if (awaited == null || !awaited.ref().equals(snapshot.ref())) {
            return; // a later one is on its way
        }
        restoring = null;
        StateMachine before = state;
        state = restored;
        snapshots.restored(snapshot.index());
        leases.restored();
        attachments.restored(before, restored);
        claims.restored(restored);
        watches.restored(before);
        proposals.skippedTo(snapshot.index());
        changes.skippedTo(snapshot.index());
        proposals.noteTerm();
    }

    // ---- peers --------------------------------------------------------------------------------------------

    private void receive(byte[] frame) {
        if (!PeerCodec.isOfMember(frame)) {
            paxos(new Event.Received(frame));
            return;
        }
        PeerCodec.Framed framed = PeerCodec.decode(frame);
        if (fault != null || framed == null || !framed.cluster().equals(cluster) || !framed.to().equals(self)
                || replica.configuration().member(framed.from()) == null) {
            return;
        }
        switch (framed.message()) {
            case PeerMessage.Forward m -> forwardedCommands.onForward(framed.from(), m);
            case PeerMessage.Forwarded m -> proposals.onForwarded(m);
            case PeerMessage.Renew m -> leases.onRenew(framed.from(), m);
            case PeerMessage.Renewed m -> attachments.onRenewed(m);
            case PeerMessage.Departed m -> leases.onDeparted(m.sessions());
            case PeerMessage.Digest m -> digests.onDigest(framed.from(), m);
        }
    }

    /** Sends a frame, unless this member is silent. */
    void send(UUID to, PeerMessage message) {
        if (fault == null) {
            byte[] frame = PeerCodec.encode(new PeerCodec.Framed(cluster, self, to, message));
            out.send(new Effects.Outgoing(to, frame, 0, false));
        }
    }

    // ---- clients ------------------------------------------------------------------------------------------

    private void submit(long id, Command command, long timeoutNanos) {
        Bytes encoded = encoded(id, command);
        if (encoded != null) {
            proposals.submit(encoded, kindOf(command), timeoutNanos, answering(id));
        }
    }

    /** A command in its form; null when it is none, and answered so. */
    private @Nullable Bytes encoded(long id, Command command) {
        Reply.Refused refused = Validity.refusalOf(command);
        if (refused != null) {
            out.answer(id, new Answer.Replied(state.revision(), refused));
            return null;
        }
        Bytes encoded = CommandCodec.encode(command);
        if (encoded.length() > Limits.REQUEST_BYTES_MAX) {
            out.answer(id, new Answer.Failed(Failure.TOO_LARGE, false));
            return null;
        }
        return encoded;
    }

    /** What a session remembers, or is the same twice, may be decided twice. */
    private static Proposals.Kind kindOf(Command command) {
        boolean once = command instanceof Command.OfClient c && !c.request().isRemembered();
        return once ? Proposals.Kind.ONCE : Proposals.Kind.REPEATABLE;
    }

    private Proposals.Outcome answering(long id) {
        return new Proposals.Outcome() {
            @Override
            public void replied(long index, long revision, Reply reply) {
                out.answer(id, new Answer.Replied(revision, reply));
            }

            @Override
            public void failed(Failure reason, boolean maybeApplied) {
                out.answer(id, new Answer.Failed(reason, maybeApplied));
            }
        };
    }

    private void attach(MemberEvent.Attach event) {
        long sentNanos = nowNanos;
        Bytes encoded = encoded(event.id(), event.command());
        if (encoded == null) {
            return;
        }
        Proposals.Outcome answering = answering(event.id());
        proposals.submit(encoded, Proposals.Kind.REPEATABLE,
                event.timeoutNanos(),
                new Proposals.Outcome() {
                    @Override
                    public void replied(long index, long revision, Reply reply) {
                        answering.replied(index, revision, reply);
                        if (reply instanceof Reply.Attached attached) {
                            attachments.attached(index, revision, attached, sentNanos);
                        }
                    }

                    @Override
                    public void failed(Failure reason, boolean maybeApplied) {
                        answering.failed(reason, maybeApplied);
                    }
                });
    }

    private void read(MemberEvent.Read event) {
        Reads.Reader reader = new Reads.Reader() {
            @Override
            public void readable() {
                out.answer(event.id(), new Answer.MayRead());
            }

            @Override
            public void failed(Failure reason) {
                out.answer(event.id(), new Answer.Failed(reason, false));
            }
        };
        switch (event.consistency()) {
            case Consistency.Linearizable c -> reads.linearizable(event.timeoutNanos(), reader);
            case Consistency.AtLeast c -> reads.atLeast(c.revision(), event.timeoutNanos(), reader);
            case Consistency.Stale c -> reads.atLeast(0, event.timeoutNanos(), reader);
        }
    }

    // ---- views --------------------------------------------------------------------------------------------

    /**
     * When {@link MemberEvent.Tick} is due, in the clock of {@code step}; {@link Long#MAX_VALUE} for never.
     */
    public long nextDeadlineNanos() {
        if (!stepped) {
            return nowNanos;
        }
        long next = attachments.nextDeadlineNanos();
        if (fault != null) {
            return next;
        }
        next = Math.min(next, replica.nextDeadlineNanos());
        next = Math.min(next, Math.min(proposals.nextDeadlineNanos(), reads.nextDeadlineNanos()));
        next = Math.min(next, Math.min(claims.nextDeadlineNanos(), watches.nextDeadlineNanos()));
        next = Math.min(next, withdrawals.nextDeadlineNanos());
        return Math.min(next, leases.nextDeadlineNanos());
    }

    /** The state as far as this member has applied it; to be read only, between steps. */
    public StateMachine state() {
        return state;
    }

    /** The protocol's side, for status and metrics; to be read only, between steps. */
    public Replica replica() {
        return replica;
    }

    /** Why this member is FAULTY; null while it is not. */
    public @Nullable String fault() {
        return fault;
    }

    /**
     * Whether it is a voter or observer as far as it knows; a newcomer is not yet, a removed member not any
     * more, and neither can do anything for an application.
     */
    public boolean belongs() {
        return replica.configuration().member(self) != null;
    }

    /** Whether it knows a leader and has applied all that it knows decided: fit to serve. */
    public boolean ready() {
        return fault == null && restoring == null && belongs() && replica.leader() != null
                && state.appliedIndex() > 0 && state.appliedIndex() >= replica.decided();
    }

    /** Whether the voters' digests differ and no quorum agrees, so that writes are refused. */
    public boolean diverged() {
        return digests.diverged();
    }

    /** How the session stands that is attached here; null when it is not. */
    public @Nullable SessionStatus sessionStatus(long session) {
        return attachments.status(session);
    }

    /** How much longer the session's holdings are guaranteed at {@code now}; 0 or less for no longer. */
    public long guaranteedForNanos(long session, long now) {
        return attachments.guaranteedForNanos(session, now);
    }

    /** Requests that wait for the leader, for the window or for an outcome (I18). */
    public int requestsWaiting() {
        return proposals.waitingCount();
    }

    /** Reads that wait for a confirmation, or for the state to come that far. */
    public int readsWaiting() {
        return reads.waiting();
    }

    /** Sessions attached here. */
    public int sessionsAttached() {
        return attachments.size();
    }

    /** Watches open here. */
    public int watches() {
        return watches.size();
    }

    /** The leader as far as this member knows; itself when it leads. */
    public @Nullable UUID leader() {
        return replica.leader();
    }

    /** Whether this member leads and its sessions' clocks run. */
    public boolean established() {
        return replica.role() == Role.LEADER && leases.established();
    }

    // ---- for what makes up a member -----------------------------------------------------------------------

    long nowNanos() {
        return nowNanos;
    }

    MemberEffects out() {
        return out;
    }

    MemberOptions options() {
        return options;
    }

    Defects defects() {
        return defects;
    }

    UUID self() {
        return self;
    }

    long nonce() {
        return nonce;
    }

    /** Whether ballots of this number are this member's. */
    boolean isNumbered(int number) {
        dev.synod.paxos.Member own = replica.configuration().member(self);
        return own != null && own.number() == number;
    }

    Proposals proposals() {
        return proposals;
    }

    Reads reads() {
        return reads;
    }

    Leases leases() {
        return leases;
    }

    Attachments attachments() {
        return attachments;
    }

    Claims claims() {
        return claims;
    }

    boolean restoring() {
        return restoring != null;
    }
}
