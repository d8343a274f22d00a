package dev.synod.paxos;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One member of a Paxos group as a pure state machine: Multi-Paxos over one contiguous log with a log-wide
 * ballot, whose voters change by StopSign epochs. {@code docs/protocol.md} has the rules and the argument for
 * them.
 *
 * <p>The caller owns time, disk and network. It hands in {@link Event}s one at a time, in the order in which
 * they happen, and carries out the {@link Effects} of each before the next; see there for its duties. Not
 * safe for threads.
 *
 * <p>Whatever a peer sends, {@link #step} does not throw and corrupts nothing. It throws
 * {@link InvariantViolation} when it finds its own state broken; the process must then stop.
 */
public final class Replica {
    private final Core core;

    /**
     * A member at the start of its process.
     *
     * @param recovered what its volume holds
     * @param options timing and limits
     * @param random draws timeouts; belongs to this member alone
     * @param defects planted bugs; {@link Defects#NONE} in production
     * @param nowNanos monotonic time
     */
    public Replica(Recovered recovered, Options options, SeededRandom random, Defects defects,
            long nowNanos) {
        core = new Core(recovered, options, random, defects, nowNanos);
        if (recovered.fault() != null) {
            core.role = Role.FAULTY;
        }
    }

    private Replica(Core core) {
        this.core = core;
    }

    /**
     * Takes one event.
     *
     * @param nowNanos monotonic time, never less than in the step before
     * @param event what happened
     * @param out cleared by the caller; what the world is asked to do
     * @throws InvariantViolation when this member's own state is broken
     */
    public void step(long nowNanos, Event event, Effects out) {
        core.begin(nowNanos, out);
        if (core.role == Role.FAULTY) {
            refuse(event);
            return;
        }
        switch (event) {
            case Event.Tick tick -> tick();
            case Event.Received received -> receive(received.frame());
            case Event.Durable durable -> durable(durable.sequence());
            case Event.LinkClosed closed -> linkClosed(closed.peer());
            case Event.Propose propose -> core.leadership.propose(propose.commands());
            case Event.Read read -> core.reads.onRead(read.id());
            case Event.AddObserver add -> addObserver(add);
            case Event.RemoveObserver remove ->
                    core.leadership.proposePayload(new Payload.RemoveObserver(remove.uuid()));
            case Event.Reconfigure change -> core.leadership.reconfigure(change);
            case Event.TransferTo transfer -> core.handover.transferTo(transfer.target());
            case Event.Campaign campaign -> core.election.campaign(null);
            case Event.Activate activate -> activate();
            case Event.SnapshotTaken taken -> snapshotTaken(taken);
            case Event.SnapshotStaged staged -> snapshotStaged(staged.snapshot());
            case Event.StagingFailed failed -> core.transfer.onFailed(failed.snapshot());
            case Event.ChunkRead read -> core.transfer.onChunkRead(read);
            case Event.DiskFull full -> diskFull(full.full());
        }
        core.end();
    }

    /** A FAULTY member does nothing, but nobody waits for it either. */
    private void refuse(Event event) {
        switch (event) {
            case Event.Read read -> core.out.read(read.id(), -1);
            case Event.Propose propose -> core.out.refuse(Effects.Refusal.NOT_LEADER, null);
            case Event.AddObserver add -> core.out.refuse(Effects.Refusal.NOT_LEADER, null);
            case Event.RemoveObserver remove -> core.out.refuse(Effects.Refusal.NOT_LEADER, null);
            case Event.Reconfigure change -> core.out.refuse(Effects.Refusal.NOT_LEADER, null);
            case Event.TransferTo transfer -> core.out.refuse(Effects.Refusal.NOT_LEADER, null);
            default -> {}
        }
    }

    private void tick() {
        core.leadership.tick();
        core.election.tick();
        core.learner.tick();
        core.transfer.tick();
        core.reads.tickAsked();
    }

    private void durable(long sequence) {
        core.durable(sequence);
        core.leadership.onDurable(sequence);
        core.election.durable();
        if (!core.enteringEpoch()) {
            Envelope held = core.learner.takeHeld();
            if (held != null && held.epoch() == core.epoch()) {
                dispatch(held);
            }
        }
    }

    private void diskFull(boolean full) {
        core.diskFull = full;
        if (full) {
            core.handover.leaveFullDisk(core.leadership.ballot());
        } else {
            core.acceptor.adoptStaged(); // what came meanwhile waited for this
            core.election.tryAdopt();
        }
    }

    private void linkClosed(UUID peer) {
        if (peer.equals(core.leader) && core.role != Role.LEADER) {
            core.forgetLeader();
            core.election.hurry();
        }
    }

    private void addObserver(Event.AddObserver add) {
        String wrong = Reconfiguration.wrongObserver(core, add);
        if (core.role == Role.LEADER && wrong != null) {
            core.out.refuse(Effects.Refusal.NOT_ALLOWED, wrong);
        } else {
            core.leadership.proposePayload(new Payload.AddObserver(add.uuid(), add.address()));
        }
    }

    private void activate() {
        if (!core.activated) {
            core.activated = true;
            core.write(new WalRecord.Activated());
            core.epochSequence = core.appendedSequence; // a member votes only with its activation durable
            core.role = core.idleRole();
        }
    }

    private void snapshotTaken(Event.SnapshotTaken taken) {
        Snapshot snapshot = taken.snapshot();
        Snapshot own = core.snapshot;
        if (snapshot.index() > core.decided || (own != null && snapshot.index() <= own.index())) {
            return; // a received snapshot overtook it
        }
        long base = Math.max(core.log.base(), Math.min(taken.base(), snapshot.index()));
        core.snapshot = snapshot;
        core.write(new WalRecord.SnapshotTaken(snapshot, base));
        core.log.dropUpTo(base);
    }

    private void snapshotStaged(Snapshot snapshot) {
        if (!Plausible.snapshot(snapshot)) {
            core.transfer.onFailed(snapshot.ref());
            return;
        }
        core.transfer.onStaged(snapshot);
        core.learner.onStaged(snapshot);
        core.acceptor.adoptStaged();
        core.election.tryAdopt();
    }

    // ---- messages -----------------------------------------------------------------------------------------

    private void receive(byte[] frame) {
        Envelope envelope = Codec.decode(frame);
        if (envelope == null
                || !envelope.cluster().equals(core.cluster)
                || !envelope.to().equals(core.self)
                || envelope.from().equals(core.self)) {
            return;
        }
        if (envelope.message() instanceof Message.Refused refused) {
            refused(refused);
            return;
        }
        Message.Refused refusal = core.peers.admit(envelope, core.configuration);
        if (refusal != null) {
            core.send(envelope.from(), refusal);
            return;
        }
        boolean forAnother = envelope.addressee() != 0 && envelope.addressee() != core.nonce;
        if (forAnother && !core.defects.has(Defect.S09_ANSWER_TO_ANOTHER_BELIEVED)) {
            return;
        }
        core.seeBallot(envelope.from(), envelope.promised());
        if (learns(envelope)) {
            return;
        }
        if (core.blank()) {
            core.learner.onHigherEpoch(envelope);
        } else if (envelope.epoch() > core.epoch()) {
            core.learner.onHigherEpoch(envelope);
        } else if (core.enteringEpoch()) {
            return;
        } else if (envelope.epoch() < core.epoch()) {
            core.learner.onLowerEpoch(envelope.from(), envelope.message());
        } else {
            dispatch(envelope);
        }
    }

    /** Handles what is said in any epoch: decided entries and snapshots. */
    private boolean learns(Envelope envelope) {
        UUID from = envelope.from();
        switch (envelope.message()) {
            case Message.Fetch fetch -> core.learner.onFetch(from, fetch);
            case Message.LogChunk chunk -> core.learner.onChunk(envelope, chunk);
            case Message.SnapshotOffer offer -> core.learner.onOffer(envelope, offer);
            case Message.ChunkRequest request -> core.transfer.onChunkRequest(from, request);
            case Message.Chunk chunk -> core.transfer.onChunk(chunk);
            default -> {
                return false;
            }
        }
        return true;
    }

    private void dispatch(Envelope envelope) {
        UUID from = envelope.from();
        switch (envelope.message()) {
            case Message.Probe probe -> core.election.onProbe(from, probe);
            case Message.ProbeReply reply -> core.election.onProbeReply(from, reply);
            case Message.Prepare prepare -> core.acceptor.onPrepare(from, prepare);
            case Message.Promise promise -> core.election.onPromise(from, promise);
            case Message.Nack nack -> core.election.onNack(from, nack);
            case Message.Sync sync -> core.acceptor.onSync(from, sync);
            case Message.Accept accept -> core.acceptor.onAccept(from, accept);
            case Message.Accepted accepted -> core.leadership.onAccepted(from, accepted);
            case Message.Heartbeat heartbeat -> core.acceptor.onHeartbeat(from, heartbeat);
            case Message.HeartbeatAck ack -> core.leadership.onHeartbeatAck(from, ack);
            case Message.PrepareRequest request -> core.leadership.onPrepareRequest(from, request);
            case Message.Transfer transfer -> core.acceptor.onTransfer(from, transfer);
            case Message.ReadRequest request -> core.reads.onReadRequest(from, request);
            case Message.ReadReply reply -> core.reads.onReadReply(from, reply);
            case Message.Sealed sealed -> core.learner.onSealed(from, sealed);
            case Message.Fetch fetch -> {}
            case Message.LogChunk chunk -> {}
            case Message.SnapshotOffer offer -> {}
            case Message.ChunkRequest request -> {}
            case Message.Chunk chunk -> {}
            case Message.Refused refused -> {}
        }
    }

    /**
     * A peer knows a newer process with this identity, or remembers more than this volume does (design §3,
     * Identity).
     */
    private void refused(Message.Refused refused) {
        boolean newer = refused.incarnation() > core.incarnation
                || (refused.incarnation() == core.incarnation && refused.nonce() != core.nonce);
        if (newer) {
            core.becomeFaulty(
                    "another process runs with this volume's identity: incarnation " + refused.incarnation()
                            + " is known, this is " + core.incarnation);
            return;
        }
        boolean forgot = refused.incarnation() < core.incarnation
                && (core.startPromised.isBelow(refused.promised())
                        || Peers.isBelow(core.startAccepted, core.startLast, refused.accepted(),
                                refused.index()));
        if (forgot) {
            core.becomeFaulty("the volume forgot what it acknowledged: a peer remembers promised "
                    + refused.promised()
                    + " and log " + refused.accepted() + "/" + refused.index() + ", it started with promised "
                    + core.startPromised + " and log " + core.startAccepted + "/" + core.startLast);
        }
    }

    // ---- views --------------------------------------------------------------------------------------------

    /** When {@link Event.Tick} is due, in the clock of {@code step}; {@link Long#MAX_VALUE} for never. */
    public long nextDeadlineNanos() {
        if (core.role == Role.FAULTY || core.options.timersOff()) {
            return Long.MAX_VALUE;
        }
        long deadline = Math.min(core.leadership.nextDeadlineNanos(), core.election.nextDeadlineNanos());
        deadline = Math.min(deadline, core.learner.nextDeadlineNanos());
        deadline = Math.min(deadline, core.transfer.nextDeadlineNanos());
        return Math.min(deadline, core.reads.nextDeadlineNanos());
    }

    /** What this member is doing. */
    public Role role() {
        return core.role;
    }

    /** The leader as far as this member knows; itself when it leads. */
    public @Nullable UUID leader() {
        return core.leader;
    }

    /** The ballot at which this member leads; bottom while its role is not {@link Role#LEADER}. */
    public Ballot leadershipBallot() {
        return core.role == Role.LEADER ? core.leadership.ballot() : Ballot.BOTTOM;
    }

    /** The epoch this member is in. */
    public int epoch() {
        return core.epoch();
    }

    /** Where the epoch before ended. */
    public Seal seal() {
        return core.seal;
    }

    /**
     * Whether the first entry of this epoch is known decided: only then may removed members' volumes be
     * deleted.
     */
    public boolean established() {
        return core.established();
    }

    /** The configuration after {@link #decided()}. */
    public Configuration configuration() {
        return core.configuration;
    }

    /** Highest ballot promised; its record may still be on its way to the disk. */
    public Ballot promised() {
        return core.promised;
    }

    /** Ballot of the log; its record may still be on its way to the disk. */
    public Ballot accepted() {
        return core.accepted;
    }

    /** The log holds entries above this index. */
    public long base() {
        return core.log.base();
    }

    /** Index of the last entry. */
    public long last() {
        return core.log.last();
    }

    /** Entries up to here are decided. */
    public long decided() {
        return core.decided;
    }

    /** Newest snapshot installed or taken. */
    public @Nullable Snapshot snapshot() {
        return core.snapshot;
    }

    /** The entry at {@code index}, {@code base < index <= last}. */
    public Entry entry(long index) {
        return core.log.get(index);
    }

    /** Whether the member may vote in its epoch. */
    public boolean votes() {
        return core.role != Role.FAULTY && core.role != Role.OBSERVER;
    }

    /** Whether the cluster's latch is known here. */
    public boolean activated() {
        return core.activated;
    }

    /** Own proposals that are not decided; bounded by {@link Options#windowEntries()} (I18). */
    public long proposalsUndecided() {
        return core.leadership.proposalsUndecided();
    }

    /**
     * Reads that wait for a confirmation; at most twice {@link Options#readsMax()}, own and forwarded (I18).
     */
    public int readsQueued() {
        return core.reads.queued();
    }

    // ---- for exhaustive walks -----------------------------------------------------------------------------

    /**
     * A member in the same state that shares nothing mutable with this one. Not to be called during a step.
     */
    public Replica copy() {
        return new Replica(core.copy());
    }

    /**
     * A hash of everything that decides future behaviour. Left out is time, and with it whatever only timers
     * look at; which decided hint was written last, because the volume tells; and what peers once
     * acknowledged, see {@link #memoryFingerprint}.
     */
    public long fingerprint() {
        return core.fingerprint();
    }

    /**
     * A hash of what each peer once acknowledged to this process. It decides something only where a peer
     * shows a new incarnation, which is then compared with it.
     */
    public long memoryFingerprint() {
        return core.peers.memoryFingerprint();
    }
}
