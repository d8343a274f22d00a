package dev.synod.paxos;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Learns what others decided: observers all the time, voters only to reach the end of an epoch that is
 * sealed. Fetched entries are decided, so an observer appends them at once; a voter stages them until they
 * reach the seal and then enters the epoch in one batch. A voter's log changes in no other way within its
 * epoch.
 */
final class Learner {
    private static final int TELLINGS_MAX = 64;

    private final Core core;
    /**
     * What the fetched entries follow, when those between are gone everywhere; null: they follow
     * {@code core.decided}.
     */
    private @Nullable Snapshot fetchedBase;
    /** Decided entries fetched by a member that has to enter a higher epoch. */
    private List<Entry> fetched = new ArrayList<>();
    private long fetchedAfter;
    private long fetchedNanos = Long.MIN_VALUE;
    /** Who was asked for entries last: nobody else's are taken. */
    private @Nullable UUID source;
    /**
     * Since when an observer has asked nobody and been told nothing; after an election timeout it asks
     * anybody.
     */
    private long quietSinceNanos;
    /** The highest epoch that was heard of and fetched for. */
    private int fetchedForEpoch;
    private int nextSource;
    /** The epoch whose leader, not a voter of it, asked this member to campaign; 0 for none. */
    private int takeOverEpoch;
    /**
     * A member that decided the StopSign which removed it tells the others until one says that they are
     * established.
     */
    private boolean telling;
    private int tellings;
    private long tellNanos;
    private @Nullable Envelope held;

    Learner(Core core) {
        this.core = core;
        this.quietSinceNanos = core.nowNanos;
    }

    Learner copy(Core copied) {
        Learner copy = new Learner(copied);
        copy.fetchedBase = fetchedBase;
        copy.fetched = new ArrayList<>(fetched);
        copy.fetchedAfter = fetchedAfter;
        copy.fetchedNanos = fetchedNanos;
        copy.source = source;
        copy.quietSinceNanos = quietSinceNanos;
        copy.fetchedForEpoch = fetchedForEpoch;
        copy.nextSource = nextSource;
        copy.takeOverEpoch = takeOverEpoch;
        copy.telling = telling;
        copy.tellings = tellings;
        copy.tellNanos = tellNanos;
        copy.held = held;
        return copy;
    }

    // ---- other epochs -------------------------------------------------------------------------------------

    /** The sender is in an epoch that this member has not entered. */
    void onHigherEpoch(Envelope envelope) {
        if (envelope.message() instanceof Message.Sealed sealed && sealed.campaign()) {
            takeOverEpoch = Math.max(takeOverEpoch, envelope.epoch());
        }
        if (core.enteringEpoch()) {
            return;
        }
        Seal seal = envelope.seal();
        if (envelope.epoch() == core.epoch() + 1 && holdsSealed(seal)) {
            core.enterEpoch(seal, List.of(), false);
            held = envelope;
            return;
        }
        if (envelope.epoch() > fetchedForEpoch) {
            fetchedForEpoch = envelope.epoch(); // news: an earlier question under way does not cover it
            fetchNow(envelope.from());
        } else {
            fetchFrom(envelope.from());
        }
    }

    /**
     * The deduction rule: an accepted ballot at or above the one that decided the StopSign, with a log that
     * reaches it, means that the own entry there is the decided one.
     */
    private boolean holdsSealed(Seal seal) {
        return !core.blank()
                && core.configuration.isVoter(core.self)
                && seal.ballot().epochIs(core.epoch())
                && seal.ballot().compareTo(core.accepted) <= 0
                && seal.index() > core.decided // an earlier epoch's StopSign seals nothing again
                && core.log.holds(seal.index())
                && core.log.get(seal.index()).payload() instanceof Payload.StopSign;
    }

    /** A message of an epoch just entered, handled once the EPOCH batch is durable. */
    @Nullable
    Envelope takeHeld() {
        Envelope envelope = held;
        held = null;
        return envelope;
    }

    /** The sender is in an epoch that has ended: it learns by this where and who governs now. */
    void onLowerEpoch(UUID from, Message message) {
        boolean answersNothing = message instanceof Message.Sealed
                || message instanceof Message.ReadReply
                || message instanceof Message.ProbeReply
                || message instanceof Message.Nack;
        if (!answersNothing && !core.blank()) {
            sendSealed(from, false);
        }
    }

    private void sendSealed(UUID to, boolean campaign) {
        core.sendDurable(to, new Message.Sealed(core.configuration, core.established(), campaign));
    }

    /** From a member of the same epoch: whether it is established. */
    void onSealed(UUID from, Message.Sealed sealed) {
        if (core.epoch() == 0) {
            return; // the first epoch follows no other
        }
        if (sealed.established()) {
            telling = false;
        } else if (core.established()) {
            sendSealed(from, false);
        } else if (sealed.campaign() && core.role == Role.FOLLOWER && !core.hearsLeader()) {
            core.election.campaign(null);
        }
        if (core.defects.has(Defect.E02_EPOCH_REENTERED) && core.epoch() > 0 && core.role == Role.FOLLOWER
                && core.seal.index() >= core.log.base()) {
            reenter();
        }
    }

    /** E02: what a second EPOCH inside an epoch would do. */
    private void reenter() {
        core.write(new WalRecord.EpochEntered(core.configuration, core.seal, core.seal.index()));
        core.log.truncate(core.seal.index());
        core.decided = core.seal.index();
        core.promised = Ballot.bottomOf(core.epoch());
        core.accepted = core.promised;
    }

    boolean takesOver(int epoch) {
        return takeOverEpoch == epoch;
    }

    /** An epoch was entered; whoever led the one before and is no voter now tells the new voters. */
    void entered() {
        forgetFetched();
        core.transfer.forgetComplete();
        telling = !core.handover.successors().isEmpty() && !core.configuration.isVoter(core.self);
        tellings = 0;
        tellNanos = core.nowNanos;
    }

    /** Hands over once the EPOCH batch is durable, and again until the epoch is established. */
    private void tell() {
        tellings++;
        tellNanos = core.nowNanos + core.options.heartbeatNanos() * (1L << Math.min(tellings, 5));
        UUID chosen = successor(tellings - 1);
        for (Member voter : core.configuration.voters()) {
            sendSealed(voter.uuid(), voter.uuid().equals(chosen));
        }
        telling = tellings < TELLINGS_MAX;
    }

    /** Another snapshot is being received: the store drops the one that was. */
    void forgetBaseUnless(SnapshotRef received) {
        if (fetchedBase != null && !fetchedBase.ref().equals(received)) {
            forgetFetched();
        }
    }

    private void forgetFetched() {
        fetchedBase = null;
        fetched = new ArrayList<>();
    }

    /**
     * The last index that the fetched entries reach; those that no longer follow what this member holds are
     * dropped.
     */
    private long fetchedThrough() {
        Snapshot base = fetchedBase;
        long after = base == null ? core.decided : Math.max(core.decided, base.index());
        if (after != fetchedAfter) {
            fetched = new ArrayList<>();
            fetchedAfter = after;
        }
        return after + fetched.size();
    }

    /** With every telling the next best voter is chosen: a dead choice costs a heartbeat, not an election. */
    private @Nullable UUID successor(int turn) {
        List<UUID> voters = new ArrayList<>();
        for (UUID candidate : core.handover.successors()) {
            if (core.configuration.isVoter(candidate)) {
                voters.add(candidate);
            }
        }
        return voters.isEmpty() ? null : voters.get(turn % voters.size());
    }

    // ---- asking -------------------------------------------------------------------------------------------

    /** A leader's heartbeat at a member that does not vote. */
    void onLeaderAt(UUID from, Ballot ballot) {
        if (core.configuration.isVoter(core.self)) {
            return;
        }
        core.seeBallot(from, ballot);
        core.hearLeader(from);
        fetchFrom(from); // in an idle cluster too: by this the leader knows how far the observer is
    }

    private long patienceNanos() {
        return core.options.heartbeatNanos() * 2;
    }

    private void fetchFrom(UUID peer) {
        if (fetchedNanos != Long.MIN_VALUE
                && core.nowNanos - fetchedNanos < patienceNanos()
                && !core.options.timersOff()) {
            return;
        }
        fetchNow(peer);
    }

    /** An answer came: the next question need not wait. */
    private void toldSomething() {
        fetchedNanos = Long.MIN_VALUE;
        quietSinceNanos = core.nowNanos;
    }

    private void fetchNow(UUID peer) {
        fetchedNanos = core.nowNanos;
        quietSinceNanos = core.nowNanos;
        if (!core.transfer.underWay()) {
            source = peer;
            core.send(peer, new Message.Fetch(fetchedThrough() + 1, core.blank()));
        }
    }

    long nextDeadlineNanos() {
        if (core.options.timersOff() || core.role == Role.FAULTY) {
            return Long.MAX_VALUE;
        }
        long deadline = telling && !core.enteringEpoch() ? tellNanos : Long.MAX_VALUE;
        if (isObserving()) {
            deadline = Math.min(deadline, quietSinceNanos + core.options.electionTimeoutNanos());
        }
        return deadline;
    }

    /**
     * Whether it asks by itself. Whoever knows of an epoch that it has not reached does too, although its own
     * log may not yet say that it belongs here: the leader of its epoch is gone, and who told it may have
     * forgotten.
     */
    private boolean isObserving() {
        return core.role == Role.OBSERVER
                && !core.blank()
                && (core.configuration.isObserver(core.self) || fetchedForEpoch > core.epoch());
    }

    void tick() {
        if (telling && core.nowNanos >= tellNanos && !core.enteringEpoch()) {
            tell();
        }
        boolean due = core.nowNanos - quietSinceNanos >= core.options.electionTimeoutNanos();
        if (isObserving() && due && !core.options.timersOff()) {
            List<Member> voters = core.configuration.voters();
            nextSource = (nextSource + 1) % voters.size();
            fetchNow(voters.get(nextSource).uuid()); // any member serves what is decided
        }
    }

    // ---- serving ------------------------------------------------------------------------------------------

    void onFetch(UUID from, Message.Fetch fetch) {
        if (core.blank()) {
            return;
        }
        if (fetch.blank() || fetch.from() <= core.log.base()) {
            core.transfer.offer(from);
        } else if (core.role == Role.LEADER && core.configuration.isObserver(from)) {
            core.leadership.onObserverFetch(from, fetch.from());
        } else if (fetch.from() <= core.decided) {
            sendChunk(from, fetch.from());
        }
    }

    void sendChunk(UUID to, long from) {
        List<Entry> entries = core.log.slice(from, core.decided, core.options.frameBytesMax());
        core.sendDurable(to, new Message.LogChunk(entries, core.decided));
    }

    // ---- receiving ----------------------------------------------------------------------------------------

    void onChunk(Envelope envelope, Message.LogChunk chunk) {
        // With a full disk no entry is taken; the next question, with the next message, asks for these again.
        if (core.blank() || core.diskFull || envelope.epoch() < core.epoch() || core.enteringEpoch()) {
            return;
        }
        if (!envelope.from().equals(source) || !Plausible.fetched(chunk.entries())) {
            return;
        }
        boolean sameEpoch = envelope.epoch() == core.epoch();
        if (sameEpoch && core.configuration.isVoter(core.self)) {
            return;
        }
        long before = fetchedThrough();
        for (Entry entry : chunk.entries()) {
            if (entry.index() == fetchedThrough() + 1) {
                fetched.add(entry);
            }
        }
        if (fetchedThrough() == before) {
            return; // a repeated answer must not ask again, or questions and answers would multiply
        }
        toldSomething();
        if (sameEpoch) {
            appendFetched();
        } else if (fetchedThrough() >= envelope.seal().index()) {
            enterByFetched(envelope);
        }
        if (chunk.decided() > fetchedThrough() || core.role == Role.OBSERVER) {
            fetchNow(envelope.from());
        }
    }

    private void enterByFetched(Envelope envelope) {
        Seal seal = envelope.seal();
        long back = fetchedThrough() - seal.index();
        int position = back < fetched.size() ? fetched.size() - 1 - (int) back : -1;
        boolean sealedThere = position >= 0
                && fetched.get(position).payload() instanceof Payload.StopSign stop
                && stop.next().epoch() == envelope.epoch()
                && !stopsAfter(position);
        if (!sealedThere) {
            forgetFetched(); // not what a member of that epoch would send
            return;
        }
        Snapshot base = fetchedBase;
        if (base != null && base.index() > core.decided) {
            core.install(base);
        }
        core.enterEpoch(seal, fetched, false);
    }

    private boolean stopsAfter(int position) {
        for (int i = position + 1; i < fetched.size(); i++) {
            if (fetched.get(i).payload() instanceof Payload.StopSign) {
                return true;
            }
        }
        return false;
    }

    /** An observer of this epoch takes decided entries as they come; a StopSign waits for its seal. */
    private void appendFetched() {
        for (Entry entry : fetched) {
            if (entry.payload() instanceof Payload.StopSign) {
                break;
            }
            core.append(entry);
            core.configuration = core.configuration.after(entry.payload());
            core.decided = entry.index();
        }
        forgetFetched();
        core.out.decidedUpTo(core.decided);
    }

    // ---- snapshots ----------------------------------------------------------------------------------------

    void onOffer(Envelope envelope, Message.SnapshotOffer offer) {
        boolean voterOfThisEpoch = core.configuration.isVoter(core.self) && envelope.epoch() <= core.epoch();
        long index = offer.snapshot().index();
        boolean news = (index > core.decided || core.blank()) && index < Plausible.NATURAL_MAX;
        if (!voterOfThisEpoch && news && !core.enteringEpoch() && !core.transfer.underWay()) {
            core.transfer.begin(offer.snapshot(), envelope.from());
        }
    }

    /**
     * A snapshot is complete: whoever does not vote in its epoch installs it, a voter's leader or candidacy
     * may need it.
     */
    void onStaged(Snapshot snapshot) {
        if (core.enteringEpoch() || (snapshot.index() <= core.decided && !core.blank())) {
            return;
        }
        int epoch = snapshot.configuration().epoch();
        if (epoch < core.epoch()) {
            return;
        }
        toldSomething();
        if (epoch == core.epoch() && core.configuration.isVoter(core.self)) {
            // A voter does not install it by itself. If its epoch has ended, the entries up to the seal
            // follow.
            fetchedBase = snapshot;
        } else if (epoch > core.epoch()) {
            core.enterEpochBySnapshot(snapshot);
        } else {
            core.install(snapshot);
            core.seal = snapshot.seal();
            core.role = core.idleRole();
            forgetFetched();
            core.transfer.forgetComplete();
        }
    }

    long fingerprint(long hash) {
        long h = Fingerprint.add(Fingerprint.add(hash, fetched), fetchedAfter);
        h = Fingerprint.add(h, fetchedBase == null ? null : fetchedBase.ref());
        h = Fingerprint.add(Fingerprint.add(h, takeOverEpoch), fetchedForEpoch);
        h = Fingerprint.add(h, source);
        h = Fingerprint.add(Fingerprint.add(h, nextSource), telling ? tellings : -1);
        Envelope envelope = held;
        return envelope == null ? h : Fingerprint.add(h, Arrays.hashCode(Codec.encode(envelope)));
    }
}
