package dev.synod.simulation.check;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Configuration;
import dev.synod.paxos.Payload;
import dev.synod.paxos.Role;
import dev.synod.simulation.port.Oracle;
import dev.synod.simulation.port.ProgramView;
import dev.synod.simulation.port.WorldFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Watches the consensus of one run: after every step it looks at what changed in the member that stepped, and
 * at nothing else, so that it costs the same however long the run is.
 *
 * <p>Checked here are I1, I2 and I8 to I13 of {@code docs/protocol.md}, I18, that one value is chosen at an
 * index for ever (slot), that nothing is decided without a quorum that this oracle counted by itself
 * (quorum), that all agree on the chain of configurations (chain) and on the seals (seal), and that nobody
 * goes FAULTY without a cause. Frames are {@link FrameOracle}'s business.
 */
public final class ConsensusOracle implements Oracle {
    private static final int QUEUES_EVERY_STEPS = 8;

    private final ChosenLog chosen = new ChosenLog();
    private final BallotLedger ledger = new BallotLedger(chosen);
    private final StateDigests digests = new StateDigests();
    private final List<MemberTrack> tracks = new ArrayList<>();
    private final Timeline decidedAnywhere = new Timeline();
    private @Nullable WorldFacts facts;
    private long runs;

    /** An oracle for one run. */
    public ConsensusOracle() {}

    /** What is chosen so far. */
    public ChosenLog chosen() {
        return chosen;
    }

    /** When the highest index that any member knew decided was what. */
    public Timeline decidedAnywhere() {
        return decidedAnywhere;
    }

    /** Whether members that applied just up to {@code index} had another state than this digest's. */
    public boolean differsFromMembers(long index, long digest) {
        return digests.isKnown(index) && digests.at(index) != digest;
    }

    BallotLedger ledger() {
        return ledger;
    }

    private MemberTrack track(int machine) {
        while (tracks.size() <= machine) {
            tracks.add(new MemberTrack(tracks.size()));
        }
        return tracks.get(machine);
    }

    private WorldFacts facts() {
        WorldFacts world = facts;
        if (world == null) {
            throw new IllegalStateException("the run has not begun");
        }
        return world;
    }

    @Override
    public void begin(WorldFacts world) {
        facts = world;
    }

    /** Whether the process is a member of this cluster at all; others are nobody's business. */
    boolean belongs(ProgramView view) {
        return view.member() != null && facts().cluster().equals(view.cluster());
    }

    // ---- starts and ends ----------------------------------------------------------------------------------

    @Override
    public void onStart(int machine, ProgramView view) {
        checkIdentity(track(machine), view);
        afterStep(machine, view);
    }

    /** I17: a volume that nothing happened to holds the member that it held. */
    private void checkIdentity(MemberTrack track, ProgramView view) {
        if (track.durableMember != null && !facts().damaged(track.machine)
                && !Objects.equals(view.member(), track.durableMember)) {
            throw new Violation("I17", "machine " + track.machine + " started as member " + view.member()
                    + " with a volume that is " + view.volume() + ", but its volume is that of member "
                    + track.durableMember + " and nothing happened to it");
        }
    }

    /** A process shows itself for the first time: after its start, or already during it by a frame. */
    private void meet(MemberTrack track, ProgramView view) {
        track.restart(++runs, view);
        if (facts().damaged(track.machine) || !Objects.equals(view.member(), track.durableMember)) {
            track.forgetDurable();
        } else if (view.role() != Role.FAULTY) {
            checkRecovered(track, view);
        }
    }

    /** I17: what was durable when the last process ended is there when the next one starts. */
    private static void checkRecovered(MemberTrack track, ProgramView view) {
        boolean remembers = view.promised().compareTo(track.durablePromised) >= 0
                && (track.durableAccepted.isBelow(view.accepted())
                        || (track.durableAccepted.equals(view.accepted())
                                && view.last() >= track.durableLast));
        if (!remembers) {
            throw new Violation("I17", track.who + " recovered promised " + view.promised() + ", accepted "
                    + view.accepted() + " up to " + view.last() + ", but durable were "
                    + track.durablePromised + ", "
                    + track.durableAccepted + " up to " + track.durableLast);
        }
    }

    @Override
    public void onCrash(int machine, ProgramView view, boolean powerLost) {
        MemberTrack track = track(machine);
        if (belongs(view) && track.isOf(view) && view.role() != Role.FAULTY) {
            noteDurable(track, view);
        }
    }

    @Override
    public void onDurable(int machine, ProgramView view) {
        afterStep(machine, view);
    }

    @Override
    public void afterStep(int machine, ProgramView view) {
        if (belongs(view)) {
            look(present(machine, view), view);
        }
    }

    /** The track of a process that belongs to the cluster. */
    MemberTrack present(int machine, ProgramView view) {
        MemberTrack track = track(machine);
        if (!track.isOf(view)) {
            meet(track, view);
        }
        return track;
    }

    // ---- what changed -------------------------------------------------------------------------------------

    private void look(MemberTrack track, ProgramView view) {
        Role role = view.role();
        if (role == Role.FAULTY) {
            checkFaultHasCause(track, view);
            track.role = role;
            return;
        }
        if (++track.steps % QUEUES_EVERY_STEPS == 0) {
            checkQueues(track, view);
        }
        Ballot promised = view.promised();
        Ballot accepted = view.accepted();
        if (isUnchanged(track, view, role, promised, accepted)) {
            return;
        }
        begin(view);
        if (promised != track.promised || accepted != track.accepted) {
            checkBallots(track, promised, accepted);
        }
        checkIndexes(track, view);
        // First: a step that completes a quorum by itself may go on to the next epoch.
        noteDurable(track, view);
        lookAtLog(track, view, accepted);
        lookAtDecided(track, view);
        if (view.epoch() != track.epoch || view.configuration() != track.configuration) {
            lookAtConfiguration(track, view);
        }
        lookAtRole(track, view, role);
        if (view.applied() != track.applied) {
            digests.note(track.who, view.applied(), view.stateDigest());
        }
        track.role = role;
        track.promised = promised;
        track.accepted = accepted;
        track.base = view.base();
        track.last = view.last();
        track.reaches(accepted, view.last());
        track.decided = view.decided();
        track.applied = view.applied();
    }

    /** Most steps change nothing that is looked at. */
    private static boolean isUnchanged(
            MemberTrack track, ProgramView view, Role role, Ballot promised, Ballot accepted) {
        return role == track.role
                && promised == track.promised
                && accepted == track.accepted
                && view.last() == track.last
                && view.decided() == track.decided
                && view.applied() == track.applied
                && view.durableLast() == track.durableLast
                && view.durableAccepted() == track.durableAccepted
                && view.durablePromised() == track.durablePromised
                && view.base() == track.base
                && view.configuration() == track.configuration
                && track.epoch >= 0;
    }

    private void begin(ProgramView view) {
        if (chosen.epoch(0) == null && view.epoch() == 0) {
            Configuration initial = view.configuration();
            if (!initial.voters().isEmpty()) {
                chosen.begin(initial);
            }
        }
    }

    private void checkFaultHasCause(MemberTrack track, ProgramView view) {
        if (track.role != Role.FAULTY && !facts().damaged(track.machine)
                && !facts().superseded(track.machine)) {
            throw new Violation("false-fault",
                    track.who + " went FAULTY although nothing happened to its volume or identity: "
                            + view.fault());
        }
    }

    private static void checkBallots(MemberTrack track, Ballot promised, Ballot accepted) {
        if (promised.isBelow(track.promised) || accepted.isBelow(track.accepted)) {
            throw new Violation("I1", track.who + " went back from promised " + track.promised + ", accepted "
                    + track.accepted + " to " + promised + ", " + accepted);
        }
        if (promised.isBelow(accepted)) {
            throw new Violation("I1", track.who + " accepted " + accepted + " above promised " + promised);
        }
    }

    private static void checkIndexes(MemberTrack track, ProgramView view) {
        boolean ordered = view.base() <= view.decided()
                && view.decided() <= view.last()
                && view.applied() <= view.decided()
                && view.decided() >= track.decided
                && view.applied() >= track.applied
                && view.base() >= track.base;
        if (!ordered) {
            throw new Violation("I2",
                    track.who + " has base " + view.base() + ", applied " + view.applied() + ", decided "
                            + view.decided() + ", last " + view.last() + " after " + track.base + ", "
                            + track.applied + ", "
                            + track.decided + ", " + track.last);
        }
    }

    private void lookAtLog(MemberTrack track, ProgramView view, Ballot accepted) {
        boolean same = accepted.equals(track.accepted) && track.epoch >= 0;
        long last = view.last();
        if (same && last == track.last) {
            return;
        }
        if (same && last < track.last) {
            throw new Violation("I6", track.who + " cut its log from " + track.last + " to " + last
                    + " without a change of its accepted ballot " + accepted);
        }
        long from = same ? track.last + 1 : view.base() + 1;
        if (accepted.isBottom()) {
            track.record = null;
            ledger.compareDecided(track.who, view, from);
            return;
        }
        BallotRecord record = same ? track.record : null;
        if (record == null) {
            record = ledger.record(accepted, view.base());
            track.record = record;
            checkHoldsAdopted(track, record, last);
        }
        ledger.compare(record, track.who, view, from);
    }

    /** A log carries a ballot only together with all that its leader adopted (ZOOKEEPER-3911). */
    private static void checkHoldsAdopted(MemberTrack track, BallotRecord record, long last) {
        if (last < record.adoptedLast) {
            throw new Violation("I9", track.who + " accepted " + record.ballot + " with a log up to " + last
                    + ", but its leader began with " + record.adoptedLast);
        }
    }

    /**
     * Counts what became durable since the last look. A process whose identity another one took over is cut
     * off and counts no more: its volume is a fork of the member's.
     */
    void noteDurable(MemberTrack track, ProgramView view) {
        Ballot accepted = view.durableAccepted();
        long last = view.durableLast();
        track.durablePromised = view.durablePromised();
        track.durableMember = view.member();
        if (last == track.durableLast && accepted.equals(track.durableAccepted)) {
            return;
        }
        track.durableAccepted = accepted;
        track.durableLast = last;
        UUID member = view.member();
        if (!accepted.isBottom() && member != null && !facts().superseded(track.machine)) {
            BallotRecord record = track.record;
            if (record == null || !record.ballot.equals(accepted)) {
                record = ledger.record(accepted, view.base());
            }
            if (record.last() < last && accepted.equals(view.accepted())) {
                ledger.compare(record, track.who, view, view.base() + 1); // a process not looked at before
            }
            ledger.vote(record, member, last);
        }
    }

    private void lookAtDecided(MemberTrack track, ProgramView view) {
        long decided = view.decided();
        if (decided == track.decided) {
            return;
        }
        if (decided > chosen.last()) {
            throw new Violation("quorum",
                    track.who + " knows " + decided + " decided, but a quorum vouched only for what is up to "
                            + chosen.last());
        }
        boolean changes = false;
        for (long index = Math.max(track.decided, view.base()) + 1; index <= decided; index++) {
            if (!ChosenLog.same(view.entry(index), chosen.entry(index))) {
                throw new Violation("slot",
                        track.who + " decided at " + index + " " + ChosenLog.name(view.entry(index))
                                + ", chosen is " + ChosenLog.name(chosen.entry(index)));
            }
            Payload payload = chosen.entry(index).payload();
            changes |= !(payload instanceof Payload.Command) && !(payload instanceof Payload.LeaderStart);
        }
        if (changes) {
            lookAtConfiguration(track, view);
        }
        decidedAnywhere.atLeast(facts().nowNanos(), decided);
    }

    private void lookAtConfiguration(MemberTrack track, ProgramView view) {
        Configuration configuration = view.configuration();
        int epoch = view.epoch();
        if (epoch < track.epoch) {
            throw new Violation("I1", track.who + " went back from epoch " + track.epoch + " to " + epoch);
        }
        track.configuration = configuration;
        if (configuration.voters().isEmpty()) {
            return; // a newcomer before its first snapshot
        }
        ChosenLog.Epoch opened = chosen.epoch(epoch);
        if (opened == null || view.seal().index() != opened.sealIndex()) {
            throw new Violation("I12",
                    track.who + " is in epoch " + epoch + " after " + view.seal() + ", but chosen is "
                            + (opened == null ? "no such epoch" : "its StopSign at " + opened.sealIndex()));
        }
        if (epoch != track.epoch) {
            checkSeal(track, view);
            track.epoch = epoch;
        }
        Configuration right = chosen.configurationAt(view.decided());
        if (configuration != right && !configuration.equals(right)) {
            throw new Violation("chain",
                    track.who + " has at " + view.decided() + " " + configuration + ", the log says "
                            + right);
        }
    }

    /**
     * The seal names a ballot at which the StopSign is chosen, so that whoever holds its log may deduce that.
     */
    private void checkSeal(MemberTrack track, ProgramView view) {
        if (view.epoch() == 0) {
            return;
        }
        BallotRecord record = ledger.known(view.seal().ballot());
        if (record == null || record.chosen() < view.seal().index()) {
            throw new Violation("seal", track.who + " entered epoch " + view.epoch() + " with " + view.seal()
                    + ", but the StopSign is not chosen at that ballot");
        }
    }

    private void lookAtRole(MemberTrack track, ProgramView view, Role role) {
        if (role != Role.LEADER) {
            return;
        }
        BallotRecord record = track.record;
        if (record == null || !record.ballot.equals(view.promised())) {
            throw new Violation("own-promise",
                    track.who + " leads with promised " + view.promised() + " and accepted "
                            + view.accepted());
        }
        own(track, record);
        UUID member = track.member;
        if (record.ownerRun == track.run && member != null) {
            ledger.leads(record, track.who, member, view);
        }
    }

    /**
     * I3: a ballot belongs to one run of the process of its owner. Whoever is superseded is cut off; what
     * ballots it tries is nobody's business, but its heir may try them too.
     */
    void own(MemberTrack track, BallotRecord record) {
        if (record.ownerRun == track.run || facts().superseded(track.machine)) {
            return;
        }
        if (record.ownerRun != BallotRecord.NONE && !facts().superseded(record.ownerMachine)) {
            throw new Violation("I3",
                    track.who + " uses ballot " + record.ballot + " in run " + track.run + ", run "
                            + record.ownerRun + " did before");
        }
        UUID member = track.member;
        int slot = member == null ? -1 : record.voters.voterSlot(member);
        if (slot < 0 || record.voters.voters().get(slot).number() != record.ballot.member()) {
            throw new Violation("I3", track.who + " uses ballot " + record.ballot + ", which is not its own");
        }
        record.ownerRun = track.run;
        record.ownerMachine = track.machine;
    }

    private static void checkQueues(MemberTrack track, ProgramView view) {
        int queues = view.queues();
        for (int queue = 0; queue < queues; queue++) {
            if (view.queueSize(queue) > view.queueSizeMax(queue)) {
                throw new Violation("I18", track.who + " has " + view.queueSize(queue) + " in its queue of "
                        + view.queueName(queue) + ", allowed are " + view.queueSizeMax(queue));
            }
        }
    }
}
