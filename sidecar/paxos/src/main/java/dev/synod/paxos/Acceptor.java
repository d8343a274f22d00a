package dev.synod.paxos;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a voter does with a candidate's Prepare and its leader's Sync, Accept and Heartbeat.
 *
 * <p>Decision table for a message of ballot b at a voter with (promised P, accepted A):
 *
 * <pre>
 *            b &lt; P    b = P, A &lt; b              b = P = A                      b &gt; P
 * Prepare    Nack     promise again             promise again                  promise unless led
 * Sync       Nack     stage; at the end adopt   compare and skip, append rest  ask to be prepared
 * Accept     Nack     ask for a Sync            append if it follows, or ask   ask to be prepared
 * Heartbeat  Nack     acknowledge               acknowledge, advance decided   ask to be prepared
 * </pre>
 */
final class Acceptor {
    private final Core core;
    /** Newest stream of the promised ballot's leader that this voter has seen; 0 for none. */
    private long stream;
    /** Stream under which Accept is taken: that of the last Sync adopted; 0 for none. */
    private long adoptedStream;
    private Message.@Nullable Sync staging;
    private List<Entry> staged = new ArrayList<>();
    private long askedNanos = Long.MIN_VALUE;

    Acceptor(Core core) {
        this.core = core;
    }

    Acceptor copy(Core copied) {
        Acceptor copy = new Acceptor(copied);
        copy.stream = stream;
        copy.adoptedStream = adoptedStream;
        copy.staging = staging;
        copy.staged = new ArrayList<>(staged);
        copy.askedNanos = askedNanos;
        return copy;
    }

    /** Another ballot or epoch: streams are counted anew. */
    void clear() {
        stream = 0;
        adoptedStream = 0;
        unstage();
        askedNanos = Long.MIN_VALUE;
    }

    private void unstage() {
        staging = null;
        staged = new ArrayList<>();
    }

    // ---- phase 1 ------------------------------------------------------------------------------------------

    void onPrepare(UUID from, Message.Prepare prepare) {
        Ballot ballot = prepare.ballot();
        core.seeBallot(from, ballot);
        if (!core.mayVote() || !isOwner(from, ballot)) {
            return;
        }
        if (ballot.isBelow(core.promised)) {
            core.send(from, new Message.Nack(ballot, core.promised));
            return;
        }
        if (core.promised.isBelow(ballot)) {
            if (sticksAgainst(prepare)) {
                return;
            }
            promise(ballot);
        }
        answer(from, prepare);
    }

    private boolean isOwner(UUID from, Ballot ballot) {
        if (!ballot.epochIs(core.epoch()) || ballot.round() >= Plausible.NATURAL_MAX) {
            return false;
        }
        for (Member voter : core.electorate()) {
            if (voter.number() == ballot.member()) {
                return voter.uuid().equals(from);
            }
        }
        return false;
    }

    /** A voter that hears its leader promises to nobody but that leader itself, or whom it hands over to. */
    private boolean sticksAgainst(Message.Prepare prepare) {
        if (!core.hearsLeader() || core.defects.has(Defect.M36_NO_PROBE)) {
            return false;
        }
        boolean ownLeader = prepare.ballot().member() == core.promised.member();
        Ballot handedOverBy = prepare.transferredBy();
        boolean handedOver = handedOverBy != null && handedOverBy.equals(core.promised);
        return !ownLeader && !handedOver;
    }

    private void promise(Ballot ballot) {
        core.stepDown();
        core.promised = ballot;
        core.write(new WalRecord.Promised(ballot));
        if (core.defects.has(Defect.R17_ONE_BALLOT_VARIABLE)) {
            core.accepted = ballot;
            core.write(new WalRecord.Adopted(ballot, core.log.last(), core.log.last()));
        }
        clear();
        core.forgetLeader();
        core.election.postpone();
    }

    private void answer(UUID to, Message.Prepare prepare) {
        boolean better = Peers.isBelow(prepare.accepted(), prepare.last(), core.accepted, core.log.last());
        long from = prepare.suffixFrom();
        if (from == 0 && better) {
            from = core.accepted.equals(prepare.accepted()) ? prepare.last() + 1 : prepare.decided() + 1;
        }
        if (core.defects.has(Defect.M08_LATEST_LOG_INSTEAD_OF_BEST)) {
            from = Math.max(1, prepare.decided() + 1);
        }
        List<Entry> suffix = List.of();
        if (from > 0) {
            from = Math.max(from, core.log.base() + 1);
            suffix = from <= core.log.last()
                    ? core.log.slice(from, core.log.last(), core.options.frameBytesMax())
                    : List.of();
        }
        sendPromise(to, suffix);
    }

    private void sendPromise(UUID to, List<Entry> suffix) {
        Message.Promise promise = new Message.Promise(
                core.promised,
                core.accepted,
                core.log.last(),
                core.decided,
                core.log.base(),
                core.snapshot == null ? null : core.snapshot.ref(),
                stream,
                suffix.isEmpty() ? 0 : suffix.getFirst().index(),
                suffix);
        if (core.defects.has(Defect.M01_PROMISE_NOT_PERSISTED)) {
            core.send(to, promise);
        } else {
            core.sendDurable(to, promise); // I4: promise before Promise
        }
    }

    // ---- phase 2 ------------------------------------------------------------------------------------------

    /** Sorts out messages of other ballots than the promised one; true when the caller may go on. */
    private boolean promisedExactly(UUID from, Ballot ballot) {
        core.seeBallot(from, ballot);
        if (!core.mayVote() || !isOwner(from, ballot)) {
            return false;
        }
        if (ballot.isBelow(core.promised)) {
            if (core.defects.has(Defect.M06_ACCEPT_BELOW_PROMISE) && core.accepted.compareTo(ballot) <= 0) {
                return true;
            }
            core.send(from, new Message.Nack(ballot, core.promised));
            return false;
        }
        if (core.promised.isBelow(ballot)) {
            core.send(from, new Message.PrepareRequest(ballot));
            return false;
        }
        return true;
    }

    void onSync(UUID from, Message.Sync sync) {
        if (!promisedExactly(from, sync.ballot()) || core.role == Role.LEADER
                || core.role == Role.PREPARING) {
            return;
        }
        core.hearLeader(from);
        if (sync.stream() < stream || core.diskFull || !Plausible.sync(core, sync)) {
            return;
        }
        if (sync.stream() > stream || staging == null || staging.stream() != sync.stream()) {
            if (sync.stream() == adoptedStream) {
                acknowledge(from, sync.ballot()); // a repeated piece of what is adopted already
                return;
            }
            unstage();
            staging = sync;
            stream = sync.stream();
        }
        for (Entry entry : sync.entries()) {
            if (entry.index() == staging.from() + staged.size() + 1 && entry.index() <= staging.through()) {
                staged.add(entry);
            }
        }
        adoptIfComplete(from);
    }

    /** What the Sync under way waits for has come: its snapshot, or room on the disk. */
    void adoptStaged() {
        if (staging != null && core.leader != null) {
            adoptIfComplete(core.leader);
        }
    }

    private void adoptIfComplete(UUID from) {
        Message.Sync sync = staging;
        if (sync == null || core.diskFull || sync.from() + staged.size() < sync.through()) {
            return;
        }
        if (!Plausible.entries(core, staged, sync.ballot())) {
            unstage();
            return;
        }
        if (core.accepted.equals(sync.ballot()) && !core.defects.has(Defect.E09_STALE_SYNC_TRUNCATES)) {
            if (!appendBeyondOwn(sync, from)) {
                return;
            }
        } else if (!adopt(sync, from)) {
            return;
        }
        adoptedStream = sync.stream();
        unstage();
        acknowledge(from, sync.ballot());
        advanceDecided(sync.ballot(), sync.decided());
    }

    /** At accepted = b a Sync(b) never truncates: what is held is compared, what lies beyond is appended. */
    private boolean appendBeyondOwn(Message.Sync sync, UUID from) {
        if (sync.from() > core.log.last()) {
            return adoptAfterSnapshot(sync, from);
        }
        if (contradicts("I7", staged, core.log.last())) {
            return false;
        }
        if (isStop(core.log.last()) && sync.through() > core.log.last()) {
            unstage(); // I12: nothing follows it
            return false;
        }
        for (Entry entry : staged) {
            if (entry.index() > core.log.last()) {
                core.append(entry);
            }
        }
        return true;
    }

    /**
     * Whether {@code entries} differ from the own log somewhere up to {@code through}, where they must not.
     * One of the two is not what was decided or what this ballot's leader sent: this member cannot know
     * which, and so must not go on.
     */
    private boolean contradicts(String invariant, List<Entry> entries, long through) {
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            if (entry.index() <= through
                    && core.log.holds(entry.index())
                    && !core.log.get(entry.index()).isSameProposalAs(entry)) {
                core.becomeFaulty(invariant + " broken: entry " + entry.index() + " of accepted ballot "
                        + core.accepted + " is proposed at " + core.log.get(entry.index()).proposedAt()
                        + ", the leader of " + core.promised + " sent one proposed at "
                        + entry.proposedAt());
                unstage();
                return true;
            }
        }
        return false;
    }

    private boolean adopt(Message.Sync sync, UUID from) {
        SnapshotRef snapshot = sync.snapshot();
        // Below the snapshot the own log may differ.
        boolean unknownBelow = snapshot != null && snapshot.index() > core.decided;
        if (unknownBelow || sync.from() > core.log.last()) {
            return adoptAfterSnapshot(sync, from);
        }
        long keep = Math.max(sync.from(), core.decided); // I6: what is decided is never cut
        if (core.defects.has(Defect.E09_STALE_SYNC_TRUNCATES)) {
            keep = Math.max(sync.from(), core.log.base());
        }
        if (!core.defects.has(Defect.E09_STALE_SYNC_TRUNCATES)
                && contradicts("I8", staged, core.decided)) {
            return false;
        }
        if (isStop(keep) && sync.through() > keep) {
            unstage();
            return false;
        }
        writeAdopted(sync, keep);
        return true;
    }

    /** Whether this epoch's StopSign is here: nothing follows it (I12). */
    boolean isStop(long index) {
        return index > core.seal.index()
                && core.log.holds(index)
                && core.log.get(index).payload() instanceof Payload.StopSign;
    }

    /** The leader's log begins above what this voter holds: the snapshot goes into the same batch. */
    private boolean adoptAfterSnapshot(Message.Sync sync, UUID from) {
        SnapshotRef wanted = sync.snapshot();
        if (wanted == null) {
            unstage();
            ask(from);
            return false;
        }
        Snapshot snapshot = core.transfer.stagedOrBegin(wanted, from);
        if (snapshot == null) {
            return false;
        }
        if (core.defects.has(Defect.M15_SNAPSHOT_DROPS_BALLOTS)) {
            core.promised = Ballot.bottomOf(core.epoch());
        }
        if (snapshot.index() != sync.from()
                || snapshot.index() <= core.decided
                || snapshot.configuration().epoch() != core.epoch()) {
            unstage(); // not of this epoch, or of no use any more
            return false;
        }
        core.install(snapshot);
        writeAdopted(sync, snapshot.index());
        return true;
    }

    private void writeAdopted(Message.Sync sync, long keep) {
        long last = Math.max(keep, sync.through());
        core.log.truncate(keep);
        core.write(new WalRecord.Adopted(sync.ballot(), keep, last));
        for (Entry entry : staged) {
            if (entry.index() > keep) {
                core.append(entry);
            }
        }
        core.accepted = sync.ballot();
    }

    void onAccept(UUID from, Message.Accept accept) {
        if (!promisedExactly(from, accept.ballot()) || core.role == Role.LEADER
                || core.role == Role.PREPARING) {
            return;
        }
        core.hearLeader(from);
        if (core.diskFull || accept.stream() < stream) {
            return;
        }
        stream = accept.stream();
        boolean inStream = accept.stream() == adoptedStream
                && (core.accepted.equals(accept.ballot())
                        || core.defects.has(Defect.M06_ACCEPT_BELOW_PROMISE));
        boolean follows = accept.previous() <= core.log.last();
        if (!inStream || (!follows && !core.defects.has(Defect.R11_HOLE_IN_LOG))) {
            ask(from); // something was lost: only a new Sync can tell what
            return;
        }
        boolean grows = accept.previous() + accept.entries().size() > core.log.last();
        if (!Plausible.entries(core, accept.entries(), accept.ballot())
                || (grows && isStop(core.log.last()))) {
            return;
        }
        if (core.accepted.equals(accept.ballot())
                && contradicts("I7", accept.entries(), core.log.last())) {
            return;
        }
        for (Entry entry : accept.entries()) {
            appendAccepted(entry);
        }
        if (!accept.entries().isEmpty()) {
            acknowledge(from, accept.ballot());
        }
        advanceDecided(accept.ballot(), accept.decided());
    }

    private void appendAccepted(Entry entry) {
        long next = core.log.last() + 1;
        if (entry.index() == next) {
            core.append(entry);
        } else if (entry.index() > next) {
            core.append(new Entry(next, entry.proposedAt(), entry.payload())); // R11 only
        }
    }

    /** I4: Accepted(b, i) leaves only when accepted = b and the log up to i are durable. */
    private void acknowledge(UUID to, Ballot ballot) {
        Message.Accepted accepted = new Message.Accepted(ballot, adoptedStream, core.log.last());
        if (core.defects.has(Defect.M02_ACCEPTED_BEFORE_SYNC)) {
            core.send(to, accepted);
        } else {
            core.sendDurable(to, accepted);
        }
    }

    void onHeartbeat(UUID from, Message.Heartbeat heartbeat) {
        if (!core.mayVote()) {
            core.learner.onLeaderAt(from, heartbeat.ballot());
            return;
        }
        if (!promisedExactly(from, heartbeat.ballot())
                || core.role == Role.LEADER
                || core.role == Role.PREPARING) {
            return;
        }
        core.hearLeader(from);
        core.send(from, new Message.HeartbeatAck(heartbeat.ballot(), heartbeat.readSequence()));
        if (lacksSync(heartbeat)) {
            ask(from);
        }
        advanceDecided(heartbeat.ballot(), heartbeat.decided());
    }

    /** Whether something of the leader's was lost that it would not send again by itself, or not soon. */
    private boolean lacksSync(Message.Heartbeat heartbeat) {
        if (heartbeat.stream() < stream || core.diskFull) {
            return false; // it is an old one, or a Sync would not be taken
        }
        stream = heartbeat.stream();
        if (stream == 0) {
            return !core.accepted.equals(heartbeat.ballot()); // the Promise was lost
        }
        if (stream != adoptedStream) {
            return staging == null || staging.stream() != stream; // the Sync or its first piece was lost
        }
        return heartbeat.sent() > core.log.last(); // the last Accept of a burst was lost
    }

    /** Decided advances only at the leader's own ballot: only then is this log a prefix of the leader's. */
    private void advanceDecided(Ballot ballot, long decided) {
        if (core.accepted.equals(ballot) || core.defects.has(Defect.R21_DECIDED_PAST_OWN_BALLOT)) {
            core.decide(decided, ballot);
        }
    }

    /** Asks the leader for a new Sync, not more often than once a heartbeat. */
    private void ask(UUID leader) {
        if (askedNanos != Long.MIN_VALUE
                && core.nowNanos - askedNanos < core.options.heartbeatNanos()
                && !core.options.timersOff()) {
            return;
        }
        askedNanos = core.nowNanos;
        sendPromise(leader, List.of());
    }

    /**
     * The leader hands over: campaign at once, with the token that overrides stickiness. Not with a full
     * disk, which would depose a leader that serves reads for one that can adopt nothing.
     */
    void onTransfer(UUID from, Message.Transfer transfer) {
        if (core.role == Role.FOLLOWER
                && !core.diskFull
                && core.promised.equals(transfer.ballot())
                && isOwner(from, transfer.ballot())
                && core.accepted.equals(transfer.ballot())) {
            core.election.campaign(transfer.ballot());
        }
    }

    long fingerprint(long hash) {
        long h = Fingerprint.add(Fingerprint.add(hash, stream), adoptedStream);
        Message.Sync sync = staging;
        if (sync == null) {
            return Fingerprint.add(h, -1);
        }
        h = Fingerprint.add(Fingerprint.add(h, sync.ballot()), sync.stream());
        h = Fingerprint.add(Fingerprint.add(h, sync.from()), sync.snapshot());
        h = Fingerprint.add(Fingerprint.add(h, sync.through()), sync.decided());
        return Fingerprint.add(h, staged);
    }
}
