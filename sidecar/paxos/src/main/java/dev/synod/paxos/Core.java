package dev.synod.paxos;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The state that all parts of a {@link Replica} share: what is (or is on its way to being) durable, who
 * leads, and the step under way. Its fields are changed only during a step; the invariants beside them hold
 * between steps.
 */
final class Core {
    final UUID cluster;
    final UUID self;
    final long incarnation;
    final long nonce;
    final Options options;
    final Defects defects;
    final SeededRandom random;
    final Peers peers;
    /** Highest promise that the volume held when this run began; what peers remember is compared with it. */
    final Ballot startPromised;
    /** Accepted ballot that the volume held when this run began. */
    final Ballot startAccepted;
    /** End of the log that the volume held when this run began. */
    final long startLast;

    final Log log;
    boolean activated;
    /** I1: accepted <= promised; neither decreases. */
    Ballot promised;
    /** The ballot of the whole log: equal accepted ballots mean prefix-comparable logs (I7). */
    Ballot accepted;
    /** Where the epoch before this one ended. */
    Seal seal;
    /** After entry {@code decided}; its voters govern the whole epoch. */
    Configuration configuration;
    @Nullable Snapshot snapshot;
    /** I2: base <= decided <= last. Entries up to here never change again. */
    long decided;

    /** The newest batch handed out. */
    long appendedSequence;
    /** Every batch up to here is on disk. */
    long durableSequence;
    /** Since when the oldest batch that is not durable has been under way. */
    long pendingSinceNanos;
    /**
     * The batch that holds this epoch's EPOCH record; until it is durable nothing of the epoch is answered.
     */
    long epochSequence;
    private long hintedDecided;
    boolean diskFull;

    Role role = Role.FOLLOWER;
    @Nullable UUID leader;
    private boolean leaderHeard;
    private long leaderHeardNanos;
    /** Highest round seen in this epoch, from anybody. */
    long roundSeen;

    long nowNanos;
    Effects out;
    /** What the step under way began with. */
    private Ballot promisedBefore = Ballot.BOTTOM;
    private Ballot acceptedBefore = Ballot.BOTTOM;
    private long decidedBefore;

    /** Voters that left with the newest epoch change: counted only by a planted defect (E04). */
    private List<Member> departed = List.of();

    final Election election;
    final Acceptor acceptor;
    final Leadership leadership;
    final Handover handover;
    final Reads reads;
    final Learner learner;
    final SnapshotTransfer transfer;

    Core(Recovered recovered, Options options, SeededRandom random, Defects defects, long nowNanos) {
        this.cluster = recovered.cluster();
        this.self = recovered.member();
        this.incarnation = recovered.incarnation();
        this.nonce = recovered.nonce();
        this.options = options;
        this.defects = defects;
        this.random = random;
        this.peers = new Peers(defects);
        this.log = new Log(recovered.base(), recovered.log());
        this.activated = recovered.activated();
        this.promised = recovered.promised();
        this.accepted = recovered.accepted();
        this.startPromised = promised;
        this.startAccepted = accepted;
        this.startLast = log.last();
        this.seal = recovered.seal();
        this.configuration = recovered.configuration();
        this.snapshot = recovered.snapshot();
        this.nowNanos = nowNanos;
        this.out = new Effects();
        this.election = new Election(this);
        this.acceptor = new Acceptor(this);
        this.leadership = new Leadership(this);
        this.handover = new Handover(this);
        this.reads = new Reads(this);
        this.learner = new Learner(this);
        this.transfer = new SnapshotTransfer(this, recovered.staged());
        restoreDecided(recovered);
        roundSeen = defects.has(Defect.M10_ROUND_RESET_ON_RESTART) ? 0 : promised.round();
        role = idleRole();
        checkInvariants();
        election.startUp();
    }

    /** The configuration after {@code decided} follows from the anchor and the decided entries above it. */
    private void restoreDecided(Recovered recovered) {
        // Whoever is no voter of its epoch has appended nothing in it but decided entries.
        boolean allDecided = !configuration.isVoter(self) && !configuration.voters().isEmpty();
        decided = allDecided ? log.last() : recovered.decided();
        if (decided < log.base() || decided > log.last()) {
            throw new InvariantViolation(
                    "I2", "decided " + decided + " recovered with log " + log.base() + ".." + log.last());
        }
        for (long index = Math.max(recovered.configurationIndex(), log.base()) + 1; index <= decided;
                index++) {
            Payload payload = log.get(index).payload();
            if (!(payload instanceof Payload.StopSign)) {
                configuration = configuration.after(payload);
            }
        }
        hintedDecided = decided;
    }

    private Core(Core other) {
        cluster = other.cluster;
        self = other.self;
        incarnation = other.incarnation;
        nonce = other.nonce;
        options = other.options;
        defects = other.defects;
        random = other.random.copy();
        peers = other.peers.copy();
        startPromised = other.startPromised;
        startAccepted = other.startAccepted;
        startLast = other.startLast;
        log = other.log.copy();
        activated = other.activated;
        promised = other.promised;
        accepted = other.accepted;
        seal = other.seal;
        configuration = other.configuration;
        snapshot = other.snapshot;
        decided = other.decided;
        appendedSequence = other.appendedSequence;
        durableSequence = other.durableSequence;
        pendingSinceNanos = other.pendingSinceNanos;
        epochSequence = other.epochSequence;
        hintedDecided = other.hintedDecided;
        diskFull = other.diskFull;
        role = other.role;
        leader = other.leader;
        leaderHeard = other.leaderHeard;
        leaderHeardNanos = other.leaderHeardNanos;
        roundSeen = other.roundSeen;
        nowNanos = other.nowNanos;
        out = other.out;
        departed = other.departed;
        election = other.election.copy(this);
        acceptor = other.acceptor.copy(this);
        leadership = other.leadership.copy(this);
        handover = other.handover.copy(this);
        reads = other.reads.copy(this);
        learner = other.learner.copy(this);
        transfer = other.transfer.copy(this);
    }

    Core copy() {
        return new Core(this);
    }

    // ---- the step under way -------------------------------------------------------------------------------

    void begin(long now, Effects effects) {
        nowNanos = now;
        out = effects;
        promisedBefore = promised;
        acceptedBefore = accepted;
        decidedBefore = decided;
    }

    /** Ends a step: the decided hint rides on a batch that is written anyway. */
    void end() {
        if (out.batchSequence() != 0 && decided > hintedDecided) {
            hintedDecided = decided;
            write(new WalRecord.Decided(decided));
        }
        checkInvariants();
    }

    /** Before anything of the step takes effect outside. */
    private void checkInvariants() {
        boolean regressed = promised.isBelow(promisedBefore)
                || accepted.isBelow(acceptedBefore)
                || decided < decidedBefore;
        if (regressed && !defects.takeBack()) {
            throw new InvariantViolation("I1", "promised " + promisedBefore + " became " + promised
                    + ", accepted " + acceptedBefore + " became " + accepted + ", decided " + decidedBefore
                    + " became " + decided);
        }
        if (promised.isBelow(accepted) && !defects.has(Defect.E02_EPOCH_REENTERED)) {
            throw new InvariantViolation("I1", "accepted " + accepted + " above promised " + promised);
        }
        if (decided < log.base() || decided > log.last()) {
            throw new InvariantViolation(
                    "I2", "decided " + decided + " outside the log " + log.base() + ".." + log.last());
        }
        if (role == Role.LEADER) {
            leadership.followers().checkInvariants();
        }
    }

    /** Adds a record to this step's batch, which becomes durable whole or not at all. */
    void write(WalRecord record) {
        if (out.batchSequence() == 0) {
            if (durableSequence == appendedSequence) {
                pendingSinceNanos = nowNanos;
            }
            appendedSequence++;
        }
        out.write(record, appendedSequence);
    }

    void append(Entry entry) {
        log.append(entry);
        write(new WalRecord.Appended(entry));
    }

    void durable(long sequence) {
        durableSequence = Math.max(durableSequence, sequence);
        pendingSinceNanos = nowNanos;
    }

    /**
     * Whether the disk has not finished a batch for a whole election timeout (etcd#15247): neither lead nor
     * campaign.
     */
    boolean diskStuck() {
        return durableSequence < appendedSequence
                && !options.timersOff()
                && nowNanos - pendingSinceNanos >= options.electionTimeoutNanos();
    }

    /** The member waits for its EPOCH batch. */
    boolean enteringEpoch() {
        return durableSequence < epochSequence && !defects.has(Defect.E01_ACTS_BEFORE_EPOCH_DURABLE);
    }

    // ---- sending ------------------------------------------------------------------------------------------

    /** Sends at once: for what nobody counts as this member's durable word. */
    void send(UUID to, Message message) {
        enqueue(to, message, 0);
    }

    /** Sends when everything written so far, this step included, is durable. */
    void sendDurable(UUID to, Message message) {
        enqueue(to, message, durableSequence < appendedSequence ? appendedSequence : 0);
    }

    private void enqueue(UUID to, Message message, long afterSequence) {
        if (to.equals(self)) {
            return;
        }
        Envelope envelope = new Envelope(
                cluster,
                self,
                to,
                incarnation,
                nonce,
                message.isAnswer() ? peers.nonceOf(to) : 0,
                configuration.epoch(),
                seal,
                promised,
                accepted,
                log.last(),
                message);
        boolean bulk = message instanceof Message.Chunk;
        out.send(new Effects.Outgoing(to, Codec.encode(envelope), afterSequence, bulk));
    }

    // ---- who counts ---------------------------------------------------------------------------------------

    int epoch() {
        return configuration.epoch();
    }

    /** Before its first snapshot a newcomer knows no configuration and belongs to nothing. */
    boolean blank() {
        return configuration.voters().isEmpty();
    }

    /** Whether this member answers Prepare, Sync and Accept and may campaign. */
    boolean mayVote() {
        return (configuration.isVoter(self) || isDeparted(self))
                && (activated || defects.has(Defect.S01_VOTES_BEFORE_ACTIVATION));
    }

    /** The members whose votes count in this epoch: its voters and nobody else (epoch-model gap 7). */
    List<Member> electorate() {
        if (departed.isEmpty()) {
            return configuration.voters();
        }
        List<Member> all = new ArrayList<>(configuration.voters());
        all.addAll(departed);
        return all;
    }

    boolean isElector(UUID uuid) {
        return configuration.isVoter(uuid) || isDeparted(uuid);
    }

    private boolean isDeparted(UUID uuid) {
        for (int i = 0; i < departed.size(); i++) {
            if (departed.get(i).uuid().equals(uuid)) {
                return true;
            }
        }
        return false;
    }

    int prepareQuorum() {
        return quorum(configuration.quorums().prepare());
    }

    int acceptQuorum() {
        return quorum(configuration.quorums().accept());
    }

    int readQuorum() {
        return quorum(configuration.quorums().read());
    }

    private int quorum(int size) {
        return defects.has(Defect.M05_QUORUM_OF_HALF)
                ? Math.max(1, configuration.voters().size() / 2)
                : size;
    }

    // ---- who leads ----------------------------------------------------------------------------------------

    Role idleRole() {
        return mayVote() ? Role.FOLLOWER : Role.OBSERVER;
    }

    /** A sign of life of the leader of the promised ballot. */
    void hearLeader(UUID from) {
        leader = from;
        leaderHeard = true;
        leaderHeardNanos = nowNanos;
        if (role == Role.PROBING) {
            role = Role.FOLLOWER;
        }
        election.postpone();
    }

    /** The leader's end closed the connection: it counts as silent at once. */
    void forgetLeader() {
        leader = null;
        leaderHeard = false;
    }

    /**
     * Whether a leader was heard within an election timeout: such a voter grants no probe and promises nobody
     * else.
     */
    boolean hearsLeader() {
        if (role == Role.LEADER) {
            return !options.timersOff();
        }
        return leaderHeard && nowNanos - leaderHeardNanos < options.electionTimeoutNanos();
    }

    void forgetLeaderIfSilent() {
        if (!hearsLeader()) {
            forgetLeader();
        }
    }

    /** This member's number in the epoch, or 0 when it has none there. */
    int ownNumber() {
        for (Member voter : electorate()) {
            if (voter.uuid().equals(self)) {
                return voter.number();
            }
        }
        return 0;
    }

    /** Only electors draw ballots; a round that none of them can have reached would leave none to draw. */
    void seeBallot(UUID from, Ballot ballot) {
        if (ballot.epoch() == epoch()
                && ballot.round() > roundSeen
                && ballot.round() < Plausible.NATURAL_MAX
                && isElector(from)) {
            roundSeen = ballot.round();
        }
    }

    /** Gives up a candidacy or leadership; promised and accepted stay what they are. */
    void stepDown() {
        if (role == Role.FAULTY) {
            return;
        }
        if (role == Role.LEADER) {
            forgetLeader();
        }
        leadership.clear();
        election.clear();
        reads.refuseAll();
        role = idleRole();
    }

    /** Silent for good from here on: the operator replaces the member. */
    void becomeFaulty(String why) {
        stepDown();
        role = Role.FAULTY;
        out.faulty(why);
    }

    // ---- deciding -----------------------------------------------------------------------------------------

    /**
     * Entries up to {@code index} are decided at {@code ballot}'s leader. Decided StopSign: the member enters
     * the next epoch, which ends this step's business in the old one.
     */
    void decide(long index, Ballot ballot) {
        long to = Math.min(index, log.last());
        if (to <= decided) {
            return;
        }
        for (long i = decided + 1; i <= to; i++) {
            Payload payload = log.get(i).payload();
            if (payload instanceof Payload.StopSign) {
                if (i != log.last()) {
                    throw new InvariantViolation("I12",
                            "entries after StopSign " + i + " up to " + log.last());
                }
                Ballot sealBallot =
                        defects.has(Defect.E03_SEAL_BALLOT_PROPOSED_AT) ? log.get(i).proposedAt() : ballot;
                enterEpoch(new Seal(i, sealBallot), List.of(), role == Role.LEADER);
                return;
            }
            configuration = configuration.after(payload);
            decided = i;
        }
        out.decidedUpTo(decided);
    }

    /**
     * Enters a higher epoch in one batch (design §3, epoch start).
     *
     * @param newSeal where the last epoch before it ended; decided
     * @param fetched decided entries after {@code decided} that reach at least the seal; empty when the own
     *     log does
     * @param asDecider this member decided the StopSign as its leader: it campaigns at once
     */
    void enterEpoch(Seal newSeal, List<Entry> fetched, boolean asDecider) {
        if (!asDecider) {
            stepDown(); // it neither campaigns nor hands over
        }
        handover.rememberSuccessors();
        long keep = fetched.isEmpty() ? newSeal.index() : decided;
        List<Entry> tail = log.slice(Math.max(keep, newSeal.index()) + 1, log.last(), Integer.MAX_VALUE);
        Configuration before = configuration;
        Configuration next = configurationAfterSeal(newSeal, fetched);
        write(new WalRecord.EpochEntered(next, newSeal, keep));
        log.truncate(keep);
        for (Entry entry : fetched) {
            append(entry);
        }
        configuration = next;
        for (long i = newSeal.index() + 1; i <= log.last(); i++) {
            configuration = configuration.after(log.get(i).payload());
        }
        decided = log.last();
        if (defects.has(Defect.E05_TAIL_KEPT_ON_ENTRY)) {
            for (Entry entry : tail) {
                if (entry.index() == log.last() + 1) {
                    append(entry);
                }
            }
        }
        arriveInEpoch(newSeal, before, asDecider);
    }

    /** The configuration right after the StopSign at the seal. */
    private Configuration configurationAfterSeal(Seal newSeal, List<Entry> fetched) {
        Configuration next = configuration;
        for (long i = decided + 1; i <= newSeal.index(); i++) {
            Entry entry = fetched.isEmpty() ? log.get(i) : fetched.get((int) (i - decided - 1));
            next = next.after(entry.payload());
        }
        return next;
    }

    /** Enters a higher epoch by a snapshot that lies within it, in one batch. */
    void enterEpochBySnapshot(Snapshot installed) {
        Configuration before = configuration;
        install(installed);
        write(new WalRecord.EpochEntered(installed.configuration(), installed.seal(), installed.index()));
        arriveInEpoch(installed.seal(), before, false);
    }

    /** Replaces log and state by a snapshot; the caller's batch says at which ballots. */
    void install(Snapshot installed) {
        boolean news = installed.index() > decided || blank();
        if (!news && !defects.has(Defect.R26_SYNC_ACROSS_TRIM)) {
            throw new InvariantViolation("I6",
                    "snapshot " + installed.index() + " would undo decided " + decided);
        }
        write(new WalRecord.SnapshotInstalled(installed));
        snapshot = installed;
        log.restartAfter(installed.index());
        decided = installed.index();
        configuration = installed.configuration();
        out.act(new SnapshotAction.Restore(installed));
        out.decidedUpTo(decided);
    }

    private void arriveInEpoch(Seal newSeal, Configuration before, boolean asDecider) {
        Ballot bottom = Ballot.bottomOf(configuration.epoch());
        stepDown();
        seal = newSeal;
        promised = Ballot.max(promised, bottom);
        accepted = bottom;
        roundSeen = 0;
        epochSequence = appendedSequence;
        forgetLeader();
        departed = departedFrom(before);
        role = idleRole();
        learner.entered();
        acceptor.clear();
        out.decidedUpTo(decided);
        election.entered(asDecider);
    }

    private List<Member> departedFrom(Configuration before) {
        if (!defects.has(Defect.E04_REMOVED_MEMBERS_COUNTED)) {
            return List.of();
        }
        List<Member> gone = new ArrayList<>();
        for (Member voter : before.voters()) {
            if (!configuration.isVoter(voter.uuid())) {
                gone.add(voter);
            }
        }
        return gone;
    }

    /** Whether the first entry of this epoch is decided: only then may removed members' volumes go. */
    boolean established() {
        return decided > seal.index() || epoch() == 0;
    }

    /** See {@link Replica#fingerprint()}. */
    long fingerprint() {
        long h = Fingerprint.add(Fingerprint.add(Fingerprint.add(0, self), incarnation), nonce);
        h = Fingerprint.add(h, role.ordinal());
        h = Fingerprint.add(Fingerprint.add(h, promised), accepted);
        h = Fingerprint.add(Fingerprint.add(h, seal.index()), seal.ballot());
        h = Fingerprint.add(h, Fingerprint.configuration(configuration));
        h = Fingerprint.add(Fingerprint.add(h, snapshot == null ? null : snapshot.ref()), decided);
        h = Fingerprint.add(h, (activated ? 1 : 0) + (diskFull ? 2 : 0) + (leaderHeard ? 4 : 0));
        h = Fingerprint.add(Fingerprint.add(h, unfinished(appendedSequence)), unfinished(epochSequence));
        h = Fingerprint.add(h, Math.max(roundSeen, promised.round())); // as a campaign takes it
        h = Fingerprint.add(h, leader);
        for (Member member : departed) {
            h = Fingerprint.add(h, member.number());
        }
        h = log.fingerprint(h);
        h = peers.fingerprint(h);
        h = election.fingerprint(h);
        h = acceptor.fingerprint(h);
        h = leadership.fingerprint(h);
        h = handover.fingerprint(h);
        h = reads.fingerprint(h);
        h = learner.fingerprint(h);
        return transfer.fingerprint(h);
    }

    /**
     * How many batches away from durable {@code sequence} is: what a fingerprint takes of a sequence number.
     */
    long unfinished(long sequence) {
        return Math.max(0, sequence - durableSequence);
    }
}
