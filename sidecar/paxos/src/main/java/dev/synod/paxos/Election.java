package dev.synod.paxos;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a voter becomes leader.
 *
 * <ol>
 *   <li>Silence for a random time in [E, 2E) of the election timeout, or the closed connection of the leader:
 *   {@link Role#PROBING}. Voters say whether they would promise; nothing is burnt, so a cut-off member
 *   disturbs nobody.
 *   <li>Probes granted by q1 voters: draw a ballot above every round seen, make it durable, send Prepare for
 *   the whole open log: {@link Role#PREPARING}.
 *   <li>Promises from q1 voters, its own durable: adopt the one log with the greatest (accepted ballot, last
 *   index), never a merge of several. If that log begins above what this member holds, fetch its snapshot
 *   first.
 *   <li>Adopted log and LeaderStart go into one batch: {@link Role#LEADER}.
 * </ol>
 */
final class Election {
    /** What a voter promised; its log cannot change before this candidate's Sync or a higher ballot. */
    private static final class Vote {
        final UUID from;
        /** Without its suffix, which is kept beside it with those of later ones. */
        Message.Promise promise;
        List<Entry> suffix;

        Vote(UUID from, Message.Promise promise) {
            this(from, kept(promise, promise), new ArrayList<>(promise.suffix()));
        }

        private Vote(UUID from, Message.Promise promise, List<Entry> suffix) {
            this.from = from;
            this.promise = promise;
            this.suffix = suffix;
        }

        Vote copy() {
            return new Vote(from, promise, new ArrayList<>(suffix));
        }

        /** What the first one said; where its log begins may change while it is being asked for more. */
        private static Message.Promise kept(Message.Promise first, Message.Promise newest) {
            return new Message.Promise(
                    first.ballot(),
                    first.accepted(),
                    first.last(),
                    first.decided(),
                    newest.base(),
                    newest.snapshot(),
                    first.stream(),
                    0,
                    List.of());
        }

        long fingerprint(long hash) {
            long h = Fingerprint.add(Fingerprint.add(hash, from), promise.accepted());
            h = Fingerprint.add(Fingerprint.add(h, promise.last()), promise.decided());
            h = Fingerprint.add(Fingerprint.add(h, promise.base()), promise.snapshot());
            return Fingerprint.add(Fingerprint.add(h, promise.stream()), suffix);
        }

        /** Repeated promises bring further pieces of the suffix. */
        void extend(Message.Promise newest) {
            promise = kept(promise, newest);
            List<Entry> piece = newest.suffix();
            if (!piece.isEmpty() && !suffix.isEmpty()
                    && piece.getFirst().index() < suffix.getFirst().index()) {
                suffix.clear(); // it begins above what was asked for, which would be asked for again
            }
            for (Entry entry : piece) {
                if (suffix.isEmpty() || entry.index() == suffix.getLast().index() + 1) {
                    suffix.add(entry);
                } else if (entry.index() > suffix.getLast().index()) {
                    suffix.clear();
                    suffix.add(entry);
                }
            }
        }
    }

    private final Core core;
    private long deadlineNanos;
    private long probeId;
    private List<UUID> granted = new ArrayList<>();
    private boolean waitedForSnapshot;
    private boolean behind;
    private Ballot ballot = Ballot.BOTTOM;
    private @Nullable Ballot transferredBy;
    private long ballotSequence;
    private List<Vote> votes = new ArrayList<>();
    private long resendNanos;

    Election(Core core) {
        this.core = core;
    }

    Election copy(Core copied) {
        Election copy = new Election(copied);
        copy.deadlineNanos = deadlineNanos;
        copy.probeId = probeId;
        copy.granted = new ArrayList<>(granted);
        copy.waitedForSnapshot = waitedForSnapshot;
        copy.behind = behind;
        copy.ballot = ballot;
        copy.transferredBy = transferredBy;
        copy.ballotSequence = ballotSequence;
        copy.resendNanos = resendNanos;
        for (Vote vote : votes) {
            copy.votes.add(vote.copy());
        }
        return copy;
    }

    // ---- timers -------------------------------------------------------------------------------------------

    private long timeout() {
        return core.options.electionTimeoutNanos();
    }

    /** A starting member has heard nobody: it need not wait a whole timeout to ask; alone, not at all. */
    void startUp() {
        boolean alone = core.configuration.voters().size() == 1 && core.configuration.isVoter(core.self);
        deadlineNanos = alone ? core.nowNanos : core.nowNanos + timeout() / 10 + jitter(timeout() / 2);
    }

    /** The leader was heard: wait a fresh random time in [E, 2E). */
    void postpone() {
        deadlineNanos = core.nowNanos + timeout() + jitter(timeout());
    }

    private long jitter(long spanNanos) {
        if (spanNanos <= 0) {
            return 0;
        }
        return core.defects.has(Defect.M37_EQUAL_TIMERS) ? spanNanos / 2 : core.random.below(spanNanos);
    }

    /** The leader's connection closed: probe within a heartbeat instead of after a timeout. */
    void hurry() {
        deadlineNanos = Math.min(deadlineNanos, core.nowNanos + jitter(core.options.heartbeatNanos()));
    }

    long nextDeadlineNanos() {
        return switch (core.role) {
            case FOLLOWER, PROBING -> deadlineNanos;
            case PREPARING -> Math.min(deadlineNanos, resendNanos);
            case LEADER, OBSERVER, FAULTY -> Long.MAX_VALUE;
        };
    }

    void tick() {
        if (core.options.timersOff()) {
            return;
        }
        switch (core.role) {
            case FOLLOWER, PROBING -> {
                if (core.nowNanos >= deadlineNanos) {
                    probe();
                }
            }
            case PREPARING -> {
                if (core.nowNanos >= deadlineNanos) {
                    core.stepDown();
                    probe();
                } else if (core.nowNanos >= resendNanos) {
                    resend();
                }
            }
            case LEADER, OBSERVER, FAULTY -> {}
        }
    }

    void clear() {
        granted.clear();
        votes.clear();
        ballotSequence = 0;
        transferredBy = null;
        if (!core.options.timersOff()) {
            postpone();
        }
    }

    /** An epoch was entered: who decided its StopSign campaigns at once, without probe or timer. */
    void entered(boolean decidedAsLeader) {
        clear();
        ballot = Ballot.bottomOf(core.epoch());
        waitedForSnapshot = false;
        boolean handedOver = core.learner.takesOver(core.epoch());
        if ((decidedAsLeader || handedOver) && core.role == Role.FOLLOWER) {
            campaign(null);
        }
    }

    // ---- probing ------------------------------------------------------------------------------------------

    private void probe() {
        core.forgetLeaderIfSilent();
        deadlineNanos = core.nowNanos + core.options.heartbeatNanos() * 2 + jitter(timeout());
        if (core.diskStuck() || core.diskFull || core.enteringEpoch()) {
            return;
        }
        if (core.defects.has(Defect.M36_NO_PROBE)) {
            campaign(null);
            return;
        }
        core.role = Role.PROBING;
        probeId++;
        behind = false;
        granted.clear();
        for (Member voter : core.electorate()) {
            core.send(voter.uuid(), new Message.Probe(probeId));
        }
        grantedBy(core.self);
    }

    void onProbe(UUID from, Message.Probe probe) {
        if (!core.mayVote() || !core.isElector(from)) {
            return;
        }
        boolean grant = !core.hearsLeader();
        core.send(from, new Message.ProbeReply(probe.id(), grant, core.log.base()));
    }

    void onProbeReply(UUID from, Message.ProbeReply reply) {
        if (core.role != Role.PROBING || reply.id() != probeId || !reply.granted() || !core.isElector(from)) {
            return;
        }
        behind |= reply.base() > core.log.last();
        grantedBy(from);
    }

    private void grantedBy(UUID voter) {
        if (granted.contains(voter)) {
            return;
        }
        granted.add(voter);
        if (granted.size() < core.prepareQuorum()) {
            return;
        }
        if (behind && !waitedForSnapshot) {
            // It would have to fetch a snapshot before it could lead: let a better one try first, but only
            // once.
            waitedForSnapshot = true;
            core.role = Role.FOLLOWER;
            deadlineNanos = core.nowNanos + timeout() + jitter(timeout());
            return;
        }
        campaign(null);
    }

    // ---- preparing ----------------------------------------------------------------------------------------

    /**
     * Takes a new ballot and asks for promises.
     *
     * @param handedOverBy ballot of the leader that handed over, or null
     */
    void campaign(@Nullable Ballot handedOverBy) {
        int number = core.ownNumber();
        if (!core.mayVote() || number == 0) {
            return;
        }
        core.leadership.clear();
        granted.clear();
        votes.clear();
        long rounds = core.defects.has(Defect.M10_ROUND_RESET_ON_RESTART)
                ? core.roundSeen
                : Math.max(core.roundSeen, core.promised.round());
        if (rounds >= ByteWriter.NATURAL_MAX) {
            return; // no honest round comes near; a higher one could not be sent
        }
        ballot = new Ballot(core.epoch(), rounds + 1, number);
        core.roundSeen = ballot.round();
        transferredBy = handedOverBy;
        core.role = Role.PREPARING;
        core.forgetLeader();
        core.acceptor.clear();
        core.promised = core.defects.has(Defect.M10_ROUND_RESET_ON_RESTART)
                ? ballot
                : Ballot.max(core.promised, ballot);
        core.write(new WalRecord.Promised(ballot));
        ballotSequence = core.appendedSequence;
        deadlineNanos = core.nowNanos + timeout() + jitter(timeout());
        resendNanos = core.nowNanos + core.options.heartbeatNanos();
        for (Member voter : core.electorate()) {
            sendPrepare(voter.uuid(), 0);
        }
        tryAdopt();
    }

    private void sendPrepare(UUID to, long suffixFrom) {
        Message.Prepare prepare = new Message.Prepare(
                ballot, core.accepted, core.log.last(), core.decided, suffixFrom, transferredBy);
        if (core.defects.has(Defect.R19_PREPARE_BEFORE_DURABLE)) {
            core.send(to, prepare);
        } else {
            core.sendDurable(to, prepare); // I4: own ballot before Prepare
        }
    }

    /**
     * Prepares a voter that missed it; for the leader too, whose log has grown since: the suffix is not
     * wanted then.
     */
    void prepareAgain(UUID to) {
        sendPrepare(to, core.log.last() + 1);
    }

    private void resend() {
        resendNanos = core.nowNanos + core.options.heartbeatNanos();
        for (Member voter : core.electorate()) {
            if (vote(voter.uuid()) == null) {
                sendPrepare(voter.uuid(), 0);
            } else {
                // Keeps those that promised from campaigning while a snapshot is being fetched.
                core.send(voter.uuid(), new Message.Heartbeat(ballot, 0, 0, 0, 0));
            }
        }
        tryAdopt();
    }

    void onPromise(UUID from, Message.Promise promise) {
        if (!core.isElector(from) || !promise.ballot().equals(ballot)) {
            return;
        }
        if (!Plausible.promise(core, promise)) {
            return;
        }
        core.peers.promised(from, promise);
        if (core.role == Role.LEADER) {
            core.leadership.onPromise(from, promise);
            return;
        }
        if (core.role != Role.PREPARING) {
            return;
        }
        Vote vote = vote(from);
        if (vote == null || core.defects.has(Defect.M04_VOTE_COUNTED_TWICE)) {
            votes.add(new Vote(from, promise));
        } else {
            vote.extend(promise);
        }
        tryAdopt();
    }

    private @Nullable Vote vote(UUID from) {
        for (int i = 0; i < votes.size(); i++) {
            if (votes.get(i).from.equals(from)) {
                return votes.get(i);
            }
        }
        return null;
    }

    /** A higher ballot was promised elsewhere. */
    void onNack(UUID from, Message.Nack nack) {
        core.seeBallot(from, nack.promised());
        if (!core.isElector(from) || !nack.promised().epochIs(core.epoch())
                || !ballot.isBelow(nack.promised())) {
            return;
        }
        if (core.role == Role.PREPARING && nack.refused().equals(ballot)) {
            core.stepDown();
        } else if (core.role == Role.LEADER
                && nack.refused().equals(ballot)
                && !core.defects.has(Defect.M13_NO_STEP_DOWN)) {
            // One voter promised a candidate that got no further. Stickiness never refuses the promised
            // leader's own new Prepare, so a higher ballot brings that voter back without an election by
            // timer. Not against whom it handed over to, nor with a disk on which it could adopt nothing.
            boolean leaves = core.handover.underWay() || core.diskFull;
            core.stepDown();
            if (!leaves) {
                campaign(null);
            }
        }
    }

    // ---- adopting -----------------------------------------------------------------------------------------

    void durable() {
        if (core.role == Role.PREPARING) {
            tryAdopt();
        }
    }

    private boolean ownPromiseDurable() {
        return core.durableSequence >= ballotSequence || core.defects.has(Defect.R19_PREPARE_BEFORE_DURABLE);
    }

    void tryAdopt() {
        if (core.role != Role.PREPARING
                || !ownPromiseDurable()
                || core.diskFull
                || 1 + votes.size() < core.prepareQuorum()) {
            return;
        }
        Vote best = null;
        Ballot bestAccepted = core.accepted;
        long bestLast = core.log.last();
        for (Vote vote : votes) {
            if (Peers.isBelow(bestAccepted, bestLast, vote.promise.accepted(), vote.promise.last())) {
                best = vote;
                bestAccepted = vote.promise.accepted();
                bestLast = vote.promise.last();
            }
        }
        if (core.defects.has(Defect.M07_OWN_LOG_INSTEAD_OF_BEST)) {
            best = null;
        }
        if (core.defects.has(Defect.M08_LATEST_LOG_INSTEAD_OF_BEST) && !votes.isEmpty()) {
            best = votes.getLast();
        }
        if (best == null) {
            adopt(null, core.log.last(), List.of(), core.accepted);
        } else {
            adoptFrom(best);
        }
    }

    private void adoptFrom(Vote best) {
        long from = best.promise.accepted().equals(core.accepted) ? core.log.last() : core.decided;
        if (core.defects.has(Defect.M08_LATEST_LOG_INSTEAD_OF_BEST)) {
            from = Math.min(Math.min(from, best.promise.last()),
                    best.suffix.isEmpty() ? best.promise.last() : best.suffix.getFirst().index() - 1);
            if (from < core.decided) {
                return;
            }
        }
        Snapshot staged = null;
        if (from < best.promise.base()) {
            SnapshotRef snapshot = best.promise.snapshot();
            if (snapshot == null) {
                return;
            }
            staged = core.transfer.stagedOrBegin(snapshot, best.from);
            if (staged == null) {
                return;
            }
            if (staged.index() <= core.decided || staged.configuration().epoch() != core.epoch()) {
                votes.remove(best);
                return;
            }
            from = staged.index();
        }
        List<Entry> suffix = piecesFrom(best, from + 1);
        if (from + suffix.size() < best.promise.last()) {
            sendPrepare(best.from, from + suffix.size() + 1);
            return;
        }
        boolean followsStop = !suffix.isEmpty() && staged == null && core.acceptor.isStop(from);
        if (followsStop || !Plausible.entries(core, suffix, best.promise.accepted())) {
            votes.remove(best);
            return;
        }
        adopt(staged, from, suffix, best.promise.accepted());
    }

    private static List<Entry> piecesFrom(Vote best, long first) {
        List<Entry> pieces = new ArrayList<>();
        for (Entry entry : best.suffix) {
            if (entry.index() == first + pieces.size()) {
                pieces.add(entry);
            }
        }
        return pieces;
    }

    /** One batch: the snapshot if any, the adopted log, LeaderStart, and with them the accepted ballot. */
    private void adopt(@Nullable Snapshot staged, long from, List<Entry> suffix, Ballot adoptedBallot) {
        if (staged != null) {
            core.install(staged);
        }
        core.log.truncate(from);
        long adoptedLast = from + suffix.size();
        boolean stopped = suffix.isEmpty()
                ? core.log.endsInStopSign() && core.log.last() > core.seal.index()
                : suffix.getLast().payload() instanceof Payload.StopSign;
        boolean leaderStart = !stopped || core.defects.has(Defect.E06_LEADER_START_AFTER_STOP);
        core.write(new WalRecord.Adopted(ballot, from, leaderStart ? adoptedLast + 1 : adoptedLast));
        for (Entry entry : suffix) {
            core.append(entry);
        }
        core.accepted = ballot;
        if (leaderStart) {
            core.append(new Entry(adoptedLast + 1, ballot, Payload.LeaderStart.INSTANCE));
        }
        core.role = Role.LEADER;
        core.leader = core.self;
        waitedForSnapshot = false;
        core.leadership.begin(ballot, adoptedBallot, adoptedLast, leaderStart);
        for (Vote vote : votes) {
            core.leadership.onPromise(vote.from, vote.promise);
        }
        votes.clear();
        core.leadership.tick(); // heartbeats behind the Syncs, so that nobody takes the Sync for lost
    }

    long fingerprint(long hash) {
        long h = Fingerprint.add(Fingerprint.add(hash, ballot), core.unfinished(ballotSequence));
        h = Fingerprint.add(Fingerprint.add(h, transferredBy), probeId);
        h = Fingerprint.add(h, (waitedForSnapshot ? 1 : 0) + (behind ? 2 : 0));
        for (UUID voter : granted) {
            h = Fingerprint.add(h, voter);
        }
        h = Fingerprint.add(h, granted.size());
        for (Vote vote : votes) {
            h = vote.fingerprint(h);
        }
        return Fingerprint.add(h, votes.size());
    }
}
