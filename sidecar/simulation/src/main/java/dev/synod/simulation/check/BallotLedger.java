package dev.synod.simulation.check;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Entry;
import dev.synod.paxos.Payload;
import dev.synod.simulation.port.ProgramView;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An independent count of what is chosen: an index is when q2 voters of a ballot's epoch hold the ballot's
 * log so far on disk. Along the way the logs of one ballot are held against one another (I7), and leaders
 * against what was chosen before them (I9).
 */
final class BallotLedger {
    private final ChosenLog chosen;
    private final TreeMap<Ballot, BallotRecord> records = new TreeMap<>();
    private @Nullable Ballot highestLed;

    BallotLedger(ChosenLog chosen) {
        this.chosen = chosen;
    }

    /**
     * The record of a ballot; made when it is new.
     *
     * @param base how much of the log that goes with it is chosen for certain
     */
    BallotRecord record(Ballot ballot, long base) {
        BallotRecord known = records.get(ballot);
        if (known != null) {
            return known;
        }
        ChosenLog.Epoch epoch = chosen.epoch(ballot.epoch());
        if (epoch == null) {
            throw new Violation("I12",
                    "ballot " + ballot + " is used, but no chosen StopSign opened its epoch");
        }
        if (epoch.first().voterNumbered(ballot.member()) == null) {
            throw new Violation("electorate", "ballot " + ballot + " belongs to no voter of its epoch");
        }
        BallotRecord record = new BallotRecord(ballot, epoch.first(), Math.min(base, chosen.last()));
        records.put(ballot, record);
        return record;
    }

    @Nullable
    BallotRecord known(Ballot ballot) {
        return records.get(ballot);
    }

    // ---- logs ---------------------------------------------------------------------------------------------

    /**
     * Holds entries {@code from..last} of a member whose log is the ballot's against all others of the
     * ballot.
     */
    void compare(BallotRecord record, String who, ProgramView view, long from) {
        long last = view.last();
        fillUpTo(record, Math.min(from - 1, view.base()));
        for (long index = Math.max(from, view.base() + 1); index <= last; index++) {
            Entry entry = view.entry(index);
            if (index <= record.start) {
                requireChosen(who, index, entry);
            } else if (index <= record.last()) {
                Entry other = record.entry(index);
                if (!ChosenLog.same(entry, other)) {
                    throw new Violation("I7",
                            "at ballot " + record.ballot + " " + who + " holds at " + index + " "
                                    + ChosenLog.name(entry) + ", another " + ChosenLog.name(other));
                }
            } else {
                checkFollows(record, who, entry);
                record.append(entry);
            }
        }
    }

    /**
     * A member whose base lies beyond what is known of the ballot's log holds a snapshot of what is chosen
     * there.
     */
    private void fillUpTo(BallotRecord record, long index) {
        while (record.last() < index && record.last() < chosen.last()) {
            record.append(chosen.entry(record.last() + 1));
        }
    }

    /** Holds entries {@code from..last} of a member that only knows decided ones against the chosen log. */
    void compareDecided(String who, ProgramView view, long from) {
        for (long index = Math.max(from, view.base() + 1); index <= view.last(); index++) {
            requireChosen(who, index, view.entry(index));
        }
    }

    private void requireChosen(String who, long index, Entry entry) {
        if (index > chosen.last()) {
            throw new Violation("I7",
                    who + " may hold only chosen entries, but " + ChosenLog.name(entry) + " at " + index
                            + " is not");
        }
        if (!ChosenLog.same(entry, chosen.entry(index))) {
            throw new Violation("slot",
                    who + " holds at " + index + " " + ChosenLog.name(entry) + ", chosen is "
                            + ChosenLog.name(chosen.entry(index)));
        }
    }

    /**
     * Order within one log: proposals of rising ballots, none above the log's own, nothing after a StopSign
     * (I12, I13).
     */
    private void checkFollows(BallotRecord record, String who, Entry entry) {
        if (entry.index() != record.last() + 1) {
            throw new Violation("I2",
                    who + " holds entry " + entry.index() + ", but nobody at ballot " + record.ballot
                            + " held one at " + (record.last() + 1));
        }
        if (record.ballot.isBelow(entry.proposedAt())) {
            throw new Violation("I7",
                    who + " at ballot " + record.ballot + " holds " + entry.index() + " proposed later, at "
                            + entry.proposedAt());
        }
        Entry before = beforeLast(record);
        if (before == null) {
            return;
        }
        if (entry.proposedAt().isBelow(before.proposedAt())) {
            throw new Violation("I7",
                    who + " holds " + ChosenLog.name(entry) + " at " + entry.index() + " after "
                            + ChosenLog.name(before));
        }
        if (before.payload() instanceof Payload.StopSign stop
                && entry.proposedAt().epoch() < stop.next().epoch()) {
            throw new Violation("I12", who + " holds " + ChosenLog.name(entry) + " at " + entry.index()
                    + " after a StopSign of the same epoch");
        }
    }

    private @Nullable Entry beforeLast(BallotRecord record) {
        long last = record.last();
        if (last > record.start) {
            return record.entry(last);
        }
        return last > 0 ? chosen.entry(last) : null;
    }

    // ---- votes --------------------------------------------------------------------------------------------

    /** Voter {@code member} holds the ballot's log up to {@code upTo} on disk. */
    void vote(BallotRecord record, UUID member, long upTo) {
        int slot = record.voters.voterSlot(member);
        if (slot < 0) {
            throw new Violation("electorate",
                    member + " votes at ballot " + record.ballot + " but is no voter of its epoch");
        }
        if (record.vote(slot, upTo)) {
            long quorum = record.vouchedByQuorum();
            if (quorum > record.chosen()) {
                choose(record, quorum);
            }
        }
    }

    private void choose(BallotRecord record, long upTo) {
        if (upTo > record.last()) {
            throw new Violation("I2", "entries up to " + upTo + " are vouched for at ballot " + record.ballot
                    + ", but nobody held more than " + record.last());
        }
        long from = Math.max(record.chosen(), record.start) + 1;
        for (long index = from; index <= upTo; index++) {
            Entry entry = record.entry(index);
            if (index > chosen.last()) {
                chosen.append(entry, record.ballot);
            } else if (!ChosenLog.same(entry, chosen.entry(index))) {
                throw new Violation("slot",
                        "at " + index + " " + ChosenLog.name(entry) + " is chosen at ballot "
                                + record.ballot + ", but chosen before is "
                                + ChosenLog.name(chosen.entry(index)));
            }
        }
        record.chosenUpTo(upTo);
        if (highestLed != null && record.ballot.isBelow(highestLed)) {
            for (BallotRecord later : records.tailMap(record.ballot, false).values()) {
                checkHolds(later, upTo, record.ballot);
            }
        }
    }

    // ---- leaders ------------------------------------------------------------------------------------------

    /**
     * A process leads: by the promises of q1 voters, and with a log that holds all that was chosen at lower
     * ballots (I9).
     */
    void leads(BallotRecord record, String who, UUID member, ProgramView view) {
        if (record.adoptedLast != BallotRecord.NONE) {
            return;
        }
        int own = record.voters.voterSlot(member);
        if (own >= 0 && view.durablePromised().compareTo(record.ballot) >= 0) {
            record.promised(own);
        }
        if (record.promises() < record.voters.quorums().prepare()) {
            throw new Violation("electorate",
                    who + " leads at " + record.ballot + " by the promises of " + record.promises()
                            + " voters, needed are " + record.voters.quorums().prepare());
        }
        long adopted = view.last();
        while (adopted > view.base() && view.entry(adopted).proposedAt().equals(record.ballot)) {
            adopted--;
        }
        record.adoptedLast = adopted;
        if (highestLed == null || highestLed.isBelow(record.ballot)) {
            highestLed = record.ballot;
        }
        @Nullable
        BallotRecord furthest = null;
        for (BallotRecord earlier : records.headMap(record.ballot, false).values()) {
            if (furthest == null || earlier.chosen() > furthest.chosen()) {
                furthest = earlier;
            }
        }
        if (furthest != null) {
            checkHolds(record, furthest.chosen(), furthest.ballot);
        }
    }

    private void checkHolds(BallotRecord leader, long upTo, Ballot chosenAt) {
        if (leader.adoptedLast == BallotRecord.NONE) {
            return;
        }
        if (leader.adoptedLast < upTo) {
            throw new Violation("I9",
                    "the leader of " + leader.ballot + " began with a log up to " + leader.adoptedLast
                            + ", but entries up to " + upTo + " are chosen at " + chosenAt);
        }
        for (long index = upTo; index > leader.start; index--) {
            if (!ChosenLog.same(leader.entry(index), chosen.entry(index))) {
                throw new Violation("I9", "the leader of " + leader.ballot + " began with "
                        + ChosenLog.name(leader.entry(index)) + " at " + index + ", but "
                        + ChosenLog.name(chosen.entry(index)) + " is chosen at " + chosenAt);
            }
        }
    }
}
