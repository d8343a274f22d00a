package dev.synod.paxos;

import java.util.ArrayDeque;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The leader's work at its ballot: bring every voter's log to its own (Sync), stream new entries (Accept),
 * decide what q2 voters hold durably at this ballot, send heartbeats, and step down when it no longer hears a
 * quorum or its own disk is stuck. All matches are at this ballot, so no entry needs a second look before it
 * is decided.
 */
final class Leadership {
    private static final int RETRY_DOUBLINGS_MAX = 4;
    /**
     * A follower that lacks more than this many windows of bytes is sent a snapshot instead, if there is one.
     */
    private static final int SNAPSHOT_INSTEAD_WINDOWS = 4;

    private final Core core;
    private Ballot ballot = Ballot.BOTTOM;
    private Ballot adoptedBallot = Ballot.BOTTOM;
    private long adoptedLast;
    private long startIndex;
    private long stopIndex;
    /**
     * A StopSign was proposed or adopted: the voters of the next epoch may decide without this leader's
     * knowing.
     */
    private boolean readsStopped;
    private long ownMatch;
    /** (batch, last index it holds) of own writes under way, oldest first. */
    private ArrayDeque<long[]> ownWrites = new ArrayDeque<>();
    private final Followers followers;
    private long heartbeatNanos;

    Leadership(Core core) {
        this(core, new Followers(core));
    }

    private Leadership(Core core, Followers followers) {
        this.core = core;
        this.followers = followers;
    }

    Leadership copy(Core copied) {
        Leadership copy = new Leadership(copied, followers.copy(copied));
        copy.ballot = ballot;
        copy.adoptedBallot = adoptedBallot;
        copy.adoptedLast = adoptedLast;
        copy.startIndex = startIndex;
        copy.stopIndex = stopIndex;
        copy.readsStopped = readsStopped;
        copy.ownMatch = ownMatch;
        for (long[] write : ownWrites) {
            copy.ownWrites.add(write.clone());
        }
        copy.heartbeatNanos = heartbeatNanos;
        return copy;
    }

    // ---- beginning and end --------------------------------------------------------------------------------

    /** The adopted log is in the batch of this step; so is LeaderStart, unless the log ends in a StopSign. */
    void begin(Ballot own, Ballot adopted, long last, boolean leaderStart) {
        ballot = own;
        adoptedBallot = adopted;
        adoptedLast = last;
        startIndex = leaderStart ? last + 1 : 0;
        stopIndex = leaderStart ? 0 : last;
        readsStopped = !leaderStart && !core.defects.has(Defect.E08_READ_AFTER_ADOPTED_STOP);
        ownMatch = core.decided;
        ownWrites.clear();
        noteOwnWrite();
        followers.begin();
        heartbeatNanos = core.nowNanos;
        core.reads.begin(); // what follows is this ballot's
        if (core.defects.has(Defect.R03_SINGLE_VOTER_BEFORE_DISK)
                && core.configuration.voters().size() == 1) {
            ownMatch = core.log.last();
        }
    }

    void clear() {
        followers.clear();
        ownWrites.clear();
        core.handover.clear();
        stopIndex = 0;
        startIndex = 0;
    }

    // ---- time ---------------------------------------------------------------------------------------------

    long nextDeadlineNanos() {
        return core.role == Role.LEADER ? heartbeatNanos : Long.MAX_VALUE;
    }

    void tick() {
        if (core.role != Role.LEADER || core.nowNanos < heartbeatNanos
                || core.options.timersOff()) {
            return;
        }
        if (core.diskStuck() || !followers.hearQuorum()) {
            core.stepDown();
            return;
        }
        heartbeatNanos = core.nowNanos + core.options.heartbeatNanos();
        core.handover.tick(ballot);
        followers.followObservers();
        for (Progress peer : followers.all()) {
            retryIfStalled(peer);
        }
        core.reads.tick();
        confirm();
    }

    void sendHeartbeats() {
        for (Progress peer : followers.all()) {
            core.send(
                    peer.uuid,
                    new Message.Heartbeat(
                            ballot, core.reads.sequence(), core.decided, peer.stream, peer.next - 1));
        }
    }

    /** Nothing came back for a while: what was sent is taken for lost. */
    private void retryIfStalled(Progress peer) {
        boolean waiting = peer.state == Progress.State.SYNCING
                || (peer.state == Progress.State.STREAMING && peer.match < peer.next - 1);
        long patience = (core.options.heartbeatNanos() + core.options.electionTimeoutNanos() / 2)
                << Math.min(peer.retries, RETRY_DOUBLINGS_MAX);
        if (waiting && core.nowNanos - peer.movedNanos >= patience) {
            peer.retries++;
            sync(peer);
        }
    }

    // ---- bringing voters to this log ----------------------------------------------------------------------

    void onPromise(UUID from, Message.Promise promise) {
        Progress peer = followers.of(from);
        if (peer == null || !core.isElector(from)) {
            return;
        }
        peer.heardNanos = core.nowNanos;
        boolean stale = promise.stream() < peer.stream;
        boolean justSent = peer.state == Progress.State.SYNCING
                && core.nowNanos - peer.syncedNanos < core.options.heartbeatNanos()
                && !core.options.timersOff();
        if (stale || justSent) {
            return;
        }
        peer.promise = promise;
        sync(peer);
    }

    /** Sends the follower everything from the point up to which its log is known to be this one. */
    private void sync(Progress peer) {
        Message.Promise promise = peer.promise;
        if (promise == null) {
            return;
        }
        peer.stream++;
        peer.state = Progress.State.SYNCING;
        peer.syncedNanos = core.nowNanos;
        peer.movedNanos = core.nowNanos;
        long from = commonPrefix(peer, promise);
        SnapshotRef begun = peer.snapshot;
        SnapshotRef snapshot = null;
        Snapshot newest = core.snapshot;
        boolean shorter = newest != null
                && newest.index() > from
                && core.log.weightBytesFrom(from + 1)
                        > (long) SNAPSHOT_INSTEAD_WINDOWS * core.options.windowBytes();
        if (from < core.log.base() || shorter) {
            if (core.defects.has(Defect.R26_SYNC_ACROSS_TRIM)) {
                from = core.log.base();
            } else if (newest == null) {
                return;
            } else {
                // What it is fetching already: with every newer one it would begin from nothing, for ever.
                boolean goesOn = begun != null && begun.index() > from && begun.index() >= core.log.base();
                snapshot = goesOn && begun != null ? begun : newest.ref();
                from = snapshot.index();
            }
        }
        peer.snapshot = snapshot;
        sendSync(peer, from, snapshot);
        peer.next = core.log.last() + 1;
    }

    /**
     * Up to where the follower's log and this one agree: by its own word if its log is of this ballot, by the
     * adopted ballot as long as the adopted log (not the grown one, omnipaxos#19), else only what it knows
     * decided.
     */
    private long commonPrefix(Progress peer, Message.Promise promise) {
        if (peer.match > 0) {
            return peer.match;
        }
        if (promise.accepted().equals(ballot)) {
            return Math.min(promise.last(), core.log.last());
        }
        if (promise.accepted().equals(adoptedBallot)) {
            return Math.min(core.log.last(),
                    Math.max(promise.decided(), Math.min(promise.last(), adoptedLast)));
        }
        return Math.min(promise.decided(), core.log.last());
    }

    private void sendSync(Progress peer, long from, @Nullable SnapshotRef snapshot) {
        long through = core.log.last();
        long sent = from;
        do {
            List<Entry> piece = sent < through
                    ? core.log.slice(sent + 1, through, core.options.frameBytesMax())
                    : List.of();
            core.send(
                    peer.uuid,
                    new Message.Sync(ballot, peer.stream, from, snapshot, through, piece, core.decided));
            sent += piece.size();
        } while (sent < through);
    }

    /** A peer that fetches the snapshot of its Sync is not stalled. */
    void onChunkRequest(UUID from, SnapshotRef snapshot) {
        Progress peer = followers.of(from);
        if (core.role == Role.LEADER && peer != null && snapshot.equals(peer.snapshot)) {
            peer.movedNanos = core.nowNanos;
        }
    }

    /** The store has it no longer: the peer's next Sync names the newest. */
    void onSnapshotGone(UUID from, SnapshotRef snapshot) {
        Progress peer = followers.of(from);
        if (peer != null && snapshot.equals(peer.snapshot)) {
            peer.snapshot = null;
        }
    }

    void onPrepareRequest(UUID from, Message.PrepareRequest request) {
        Progress peer = followers.of(from);
        if (core.role == Role.LEADER && peer != null && core.isElector(from)
                && request.ballot().equals(ballot)) {
            core.election.prepareAgain(from);
        }
    }

    // ---- phase 2 ------------------------------------------------------------------------------------------

    /** Takes commands, all or none, if this member leads and the window has room. */
    void propose(List<Bytes> commands) {
        Effects.Refusal refusal = refusal();
        String wrong = refusal == null ? ProposalWindow.neverFits(core, commands) : null;
        if (wrong != null) {
            refusal = Effects.Refusal.NOT_ALLOWED;
        } else if (refusal == null && !core.defects.has(Defect.M38_QUEUE_WITHOUT_LIMIT)
                && ProposalWindow.isFull(core, commands)) {
            refusal = Effects.Refusal.BUSY;
        }
        if (refusal != null) {
            core.out.refuse(refusal, wrong);
            return;
        }
        core.out.proposed(core.log.last() + 1, ballot);
        for (Bytes command : commands) {
            core.append(new Entry(core.log.last() + 1, ballot, new Payload.Command(command)));
        }
        appended();
    }

    long proposalsUndecided() {
        return core.role == Role.LEADER && startIndex != 0
                ? core.log.last() - Math.max(core.decided, startIndex)
                : 0;
    }

    /** Why nothing can be proposed now, or null. */
    Effects.@Nullable Refusal refusal() {
        Effects.Refusal refusal = refusalOfTransfer();
        return refusal == null && core.diskFull ? Effects.Refusal.DISK_FULL : refusal;
    }

    /** Why leadership cannot be handed over now, or null; a full disk is a reason to, not against. */
    Effects.@Nullable Refusal refusalOfTransfer() {
        if (core.role != Role.LEADER) {
            return Effects.Refusal.NOT_LEADER;
        }
        return stopIndex != 0 || core.handover.underWay() ? Effects.Refusal.CHANGING : null;
    }

    /** Appends one entry that is not a command. */
    void proposePayload(Payload payload) {
        Effects.Refusal refusal = refusal();
        if (refusal == null && core.log.last() - core.decided >= core.options.windowEntries()) {
            refusal = Effects.Refusal.BUSY;
        }
        if (refusal != null) {
            core.out.refuse(refusal, null);
            return;
        }
        if (payload instanceof Payload.StopSign) {
            onlyStopSign();
        }
        core.out.proposed(core.log.last() + 1, ballot);
        core.append(new Entry(core.log.last() + 1, ballot, payload));
        if (payload instanceof Payload.StopSign && !core.defects.has(Defect.M20_TWO_CHANGES_IN_FLIGHT)) {
            stopIndex = core.log.last();
            readsStopped = !core.defects.has(Defect.E07_READ_AFTER_PROPOSED_STOP);
            if (readsStopped) {
                core.reads.refuseAll();
            }
        }
        appended();
    }

    private void onlyStopSign() {
        for (long index = core.decided + 1; index <= core.log.last(); index++) {
            if (core.log.get(index).payload() instanceof Payload.StopSign
                    && !core.defects.has(Defect.M20_TWO_CHANGES_IN_FLIGHT)) {
                throw new InvariantViolation("I13", "StopSign " + index + " is undecided");
            }
        }
    }

    private void appended() {
        noteOwnWrite();
        for (Progress peer : followers.all()) {
            stream(peer);
        }
        if (core.defects.has(Defect.R03_SINGLE_VOTER_BEFORE_DISK)
                && core.configuration.voters().size() == 1) {
            ownMatch = core.log.last();
            decideWhatQuorumHolds();
        }
    }

    private void noteOwnWrite() {
        ownWrites.add(new long[] {core.appendedSequence, core.log.last()});
    }

    /**
     * Sends what the window allows, in entries and in bytes; a single larger entry when nothing is in flight.
     */
    private void stream(Progress peer) {
        if (peer.state == Progress.State.STREAMING && peer.next <= core.log.base()) {
            sync(peer); // what it needs next was trimmed: it takes a snapshot
            return;
        }
        while (peer.state == Progress.State.STREAMING
                && peer.next <= core.log.last()
                && peer.next - 1 - peer.match < core.options.windowEntries()) {
            boolean inFlight = peer.match < peer.next - 1;
            long roomBytes = core.options.windowBytes()
                    - (inFlight ? core.log.weightBytes(peer.match + 1, peer.next - 1) : 0);
            if (inFlight && core.log.get(peer.next).weightBytes() > roomBytes) {
                return;
            }
            long room = peer.match + core.options.windowEntries();
            List<Entry> entries = core.log.slice(
                    peer.next,
                    Math.min(core.log.last(), room),
                    (int) Math.min(core.options.frameBytesMax(), roomBytes));
            if (!inFlight) {
                peer.movedNanos = core.nowNanos;
            }
            core.send(
                    peer.uuid,
                    new Message.Accept(ballot, peer.stream, peer.next - 1, entries, core.decided));
            peer.next += entries.size();
        }
    }

    void onAccepted(UUID from, Message.Accepted accepted) {
        core.peers.acknowledged(from, accepted.ballot(), accepted.upTo());
        Progress peer = followers.of(from);
        boolean otherBallot = !accepted.ballot().equals(ballot);
        if (core.role != Role.LEADER || peer == null || !core.isElector(from)) {
            return;
        }
        if (otherBallot && !core.defects.has(Defect.M09_VOTES_OF_OTHER_BALLOTS)) {
            return;
        }
        long upTo = otherBallot ? Math.min(accepted.upTo(), core.log.last()) : accepted.upTo();
        if (upTo > core.log.last()) {
            return; // I15: nobody can have accepted what was never sent
        }
        peer.heardNanos = core.nowNanos;
        if (upTo > peer.match) {
            peer.match = upTo;
            peer.movedNanos = core.nowNanos;
            peer.retries = 0;
        }
        boolean synchronised = accepted.stream() == peer.stream && peer.state == Progress.State.SYNCING;
        if (synchronised) {
            peer.state = Progress.State.STREAMING;
        }
        peer.next = Math.max(peer.next, peer.match + 1);
        long decidedBefore = core.decided;
        decideWhatQuorumHolds();
        if (core.role != Role.LEADER) {
            return;
        }
        if (synchronised && core.decided == decidedBefore) {
            propagate(peer); // what was decided while it was being synchronised
        }
        stream(peer);
        core.handover.advance(ballot);
    }

    void onDurable(long sequence) {
        boolean moved = false;
        while (!ownWrites.isEmpty() && ownWrites.getFirst()[0] <= sequence) {
            ownMatch = Math.max(ownMatch, ownWrites.removeFirst()[1]);
            moved = true;
        }
        if (moved && core.role == Role.LEADER) {
            decideWhatQuorumHolds();
        }
    }

    /**
     * I10: an index is decided when q2 voters of the epoch hold it durably at this ballot; the own vote waits
     * for the disk.
     */
    private void decideWhatQuorumHolds() {
        long index = followers.heldByQuorum(ownMatch);
        if (index <= core.decided) {
            return;
        }
        core.decide(index, ballot);
        if (core.role != Role.LEADER) {
            return;
        }
        core.reads.decidedAdvanced();
        for (Progress peer : followers.all()) {
            propagate(peer);
        }
    }

    /** Tells a peer at once what is decided, unless entries on their way to it will carry that anyway. */
    private void propagate(Progress peer) {
        if (core.configuration.isObserver(peer.uuid)) {
            feed(peer);
        } else if (peer.state == Progress.State.STREAMING && peer.next > core.log.last()) {
            core.send(peer.uuid,
                    new Message.Accept(ballot, peer.stream, peer.next - 1, List.of(), core.decided));
        } else {
            stream(peer);
        }
    }

    // ---- observers ----------------------------------------------------------------------------------------

    /** An observer wants decided entries from {@code from} on; it holds everything below. */
    void onObserverFetch(UUID observer, long from) {
        Progress peer = followers.of(observer);
        if (core.role != Role.LEADER || peer == null || from - 1 > core.log.last()) {
            return; // what is decided anywhere is in the leader's log
        }
        peer.heardNanos = core.nowNanos;
        peer.next = from;
        peer.match = Math.max(peer.match, from - 1);
        peer.fetching = true;
        feed(peer);
    }

    private void feed(Progress peer) {
        if (peer.fetching && peer.next <= core.decided && peer.next > core.log.base()) {
            peer.fetching = false;
            core.learner.sendChunk(peer.uuid, peer.next);
        }
    }

    // ---- reads --------------------------------------------------------------------------------------------

    void onHeartbeatAck(UUID from, Message.HeartbeatAck ack) {
        Progress peer = followers.of(from);
        if (core.role != Role.LEADER
                || peer == null
                || !ack.ballot().equals(ballot)
                || ack.readSequence() > core.reads.sequence()) {
            return;
        }
        peer.heardNanos = core.nowNanos;
        if (ack.readSequence() > peer.readSequence) {
            peer.readSequence = ack.readSequence();
            core.reads.confirmed(followers.confirmedByQuorum());
        }
    }

    /**
     * Sends the newest sequence: acknowledgements of it are sent after this moment. A single voter needs
     * none.
     */
    void confirm() {
        sendHeartbeats();
        core.reads.confirmed(followers.confirmedByQuorum());
    }

    /**
     * Whether reads may be served: decided through LeaderStart, which a leader that adopted a StopSign never
     * has (I14).
     */
    boolean servesReads() {
        boolean startDecided = startIndex != 0 && core.decided >= startIndex;
        boolean early = core.defects.has(Defect.M12_READ_BEFORE_LEADER_START)
                || (core.defects.has(Defect.E08_READ_AFTER_ADOPTED_STOP) && startIndex == 0);
        return core.role == Role.LEADER && (startDecided || early);
    }

    /** Whether reads must be refused rather than wait: the leader is on its way out. */
    boolean refusesReads() {
        return core.role != Role.LEADER || readsStopped || core.handover.underWay();
    }

    // ---- change of voters ---------------------------------------------------------------------------------

    /** Proposes a StopSign when the change is allowed; see {@link Reconfiguration}. */
    void reconfigure(Event.Reconfigure change) {
        Effects.Refusal refusal = refusal();
        if (refusal == null && change.expectedEpoch() != core.epoch()) {
            refusal = Effects.Refusal.WRONG_EPOCH;
        }
        if (refusal == null && (startIndex == 0 || core.decided < startIndex || changesObservers())) {
            refusal = Effects.Refusal.BUSY;
        }
        if (refusal != null) {
            core.out.refuse(refusal, null);
            return;
        }
        String wrong = Reconfiguration.wrong(core.configuration, change.voters(), this::caughtUp);
        if (wrong != null) {
            core.out.refuse(Effects.Refusal.NOT_ALLOWED, wrong);
            return;
        }
        proposePayload(new Payload.StopSign(core.configuration.nextEpoch(change.voters())));
    }

    /**
     * Whether a change of observers is undecided: a StopSign before that would leave it out of the next
     * configuration.
     */
    private boolean changesObservers() {
        for (long index = core.decided + 1; index <= core.log.last(); index++) {
            Payload payload = core.log.get(index).payload();
            if (payload instanceof Payload.AddObserver || payload instanceof Payload.RemoveObserver) {
                return true;
            }
        }
        return false;
    }

    /** Whether a member holds nearly everything and was heard within an election timeout. */
    private boolean caughtUp(UUID uuid) {
        if (uuid.equals(core.self)) {
            return true;
        }
        Progress peer = followers.of(uuid);
        return peer != null
                && peer.match + core.options.windowEntries() >= core.decided
                && (core.configuration.isVoter(uuid) || peer.match > 0 || core.decided == 0)
                && core.nowNanos - peer.heardNanos <= core.options.electionTimeoutNanos();
    }

    Ballot ballot() {
        return ballot;
    }

    Followers followers() {
        return followers;
    }

    long fingerprint(long hash) {
        if (core.role != Role.LEADER) {
            return hash; // all is set anew when it leads again
        }
        long h = Fingerprint.add(Fingerprint.add(hash, startIndex), stopIndex);
        h = Fingerprint.add(Fingerprint.add(h, ballot), adoptedBallot);
        h = Fingerprint.add(Fingerprint.add(h, adoptedLast), ownMatch);
        h = Fingerprint.add(h, readsStopped ? 1 : 0);
        for (long[] write : ownWrites) {
            h = Fingerprint.add(Fingerprint.add(h, core.unfinished(write[0])), write[1]);
        }
        return Fingerprint.add(followers.fingerprint(h), ownWrites.size());
    }
}
