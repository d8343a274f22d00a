package dev.synod.paxos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What each record does to what a member holds. */
final class DurableStateTest {
    private static final Configuration FIRST = Configuration.initial(
            List.of(new UUID(0, 1), new UUID(0, 2), new UUID(0, 3)), List.of("a", "b", "c"));
    private static final Configuration SECOND = FIRST.nextEpoch(List.of(new UUID(0, 1), new UUID(0, 2)));
    private static final Ballot LOW = new Ballot(0, 1, 1);
    private static final Ballot HIGH = new Ballot(0, 2, 2);

    private final DurableState state = new DurableState(FIRST, false);

    private void apply(WalRecord... records) {
        for (WalRecord record : records) {
            state.apply(record);
        }
    }

    private static Entry entry(long index, Ballot ballot) {
        return new Entry(index, ballot, new Payload.Command(Bytes.of(new byte[] {(byte) index})));
    }

    private void append(long from, long to, Ballot ballot) {
        for (long index = from; index <= to; index++) {
            apply(new WalRecord.Appended(entry(index, ballot)));
        }
    }

    private List<Long> indexes() {
        return state.log().stream().map(Entry::index).toList();
    }

    private static Snapshot snapshot(long index, Configuration configuration) {
        return new Snapshot(new SnapshotRef(index, 9, Bytes.of(new byte[32])), configuration, Seal.NONE);
    }

    @Test
    void aFreshVolumeHoldsNothing() {
        assertThat(state.activated()).isFalse();
        assertThat(state.promised()).isEqualTo(Ballot.BOTTOM);
        assertThat(state.accepted()).isEqualTo(Ballot.BOTTOM);
        assertThat(state.seal()).isEqualTo(Seal.NONE);
        assertThat(state.configuration()).isEqualTo(FIRST);
        assertThat(state.configurationIndex()).isZero();
        assertThat(state.snapshot()).isNull();
        assertThat(state.base()).isZero();
        assertThat(state.last()).isZero();
        assertThat(state.decided()).isZero();
    }

    @Test
    void activationStays() {
        apply(new WalRecord.Activated());
        append(1, 1, LOW);
        assertThat(state.activated()).isTrue();
    }

    @Test
    void aPromiseOnlyRisesAndLeavesTheAcceptedBallotAlone() {
        apply(new WalRecord.Promised(HIGH), new WalRecord.Promised(LOW));
        assertThat(state.promised()).isEqualTo(HIGH);
        assertThat(state.accepted()).isEqualTo(Ballot.BOTTOM);
    }

    @Test
    void entriesAreAppendedOneAfterTheOther() {
        append(1, 3, LOW);
        assertThat(state.log()).containsExactly(entry(1, LOW), entry(2, LOW), entry(3, LOW));
        assertThat(state.last()).isEqualTo(3);
    }

    @Test
    void anEntryThatLeavesAHoleOrRepeatsIsNoMembersRecord() {
        append(1, 3, LOW);
        breaks(new WalRecord.Appended(entry(5, LOW)), "I2");
        breaks(new WalRecord.Appended(entry(3, LOW)), "I2");
        assertThat(state.last()).isEqualTo(3);
    }

    @Test
    void anAdoptedLogIsCutBackAndTakesTheLeadersBallot() {
        apply(new WalRecord.Promised(HIGH));
        append(1, 5, LOW);
        apply(new WalRecord.Adopted(HIGH, 3, 4), new WalRecord.Appended(entry(4, HIGH)));
        assertThat(state.log()).containsExactly(entry(1, LOW), entry(2, LOW), entry(3, LOW), entry(4, HIGH));
        assertThat(state.accepted()).isEqualTo(HIGH);
        assertThat(state.promised()).isEqualTo(HIGH);
    }

    @Test
    void whoAdoptsAtABallotHasPromisedIt() {
        apply(new WalRecord.Adopted(HIGH, 0, 0));
        assertThat(state.promised()).isEqualTo(HIGH);
        apply(new WalRecord.Promised(new Ballot(0, 5, 1)), new WalRecord.Adopted(new Ballot(0, 4, 1), 0, 0));
        assertThat(state.promised()).isEqualTo(new Ballot(0, 5, 1));
    }

    @Test
    void aLogIsNeverCutOutsideItsOwnBounds() {
        append(1, 5, LOW);
        apply(new WalRecord.SnapshotTaken(snapshot(4, FIRST), 2));
        breaks(new WalRecord.Adopted(HIGH, 1, 5), "I6");
        breaks(new WalRecord.Adopted(HIGH, 6, 6), "I6");
        apply(new WalRecord.Adopted(HIGH, 2, 2));
        assertThat(state.last()).isEqualTo(2);
    }

    @Test
    void decidedOnlyRises() {
        append(1, 5, LOW);
        apply(new WalRecord.Decided(4), new WalRecord.Decided(2));
        assertThat(state.decided()).isEqualTo(4);
    }

    @Test
    void anOwnSnapshotLetsEntriesUpToItsBaseGo() {
        append(1, 5, LOW);
        Snapshot taken = snapshot(4, FIRST);
        apply(new WalRecord.SnapshotTaken(taken, 2));
        assertThat(indexes()).containsExactly(3L, 4L, 5L);
        assertThat(state.base()).isEqualTo(2);
        assertThat(state.last()).isEqualTo(5);
        assertThat(state.decided()).isEqualTo(4);
        assertThat(state.snapshot()).isEqualTo(taken);
        assertThat(state.configurationIndex()).isEqualTo(4);
        apply(new WalRecord.SnapshotTaken(snapshot(5, FIRST), 1));
        assertThat(state.base()).isEqualTo(2);
        breaks(new WalRecord.SnapshotTaken(snapshot(9, FIRST), 9), "I2");
    }

    @Test
    void aReceivedSnapshotReplacesTheLogAndForgetsNoBallot() {
        apply(new WalRecord.Promised(HIGH));
        append(1, 5, LOW);
        apply(new WalRecord.Adopted(LOW, 5, 5));
        Snapshot received = snapshot(20, FIRST.after(new Payload.AddObserver(new UUID(0, 9), "o")));
        apply(new WalRecord.SnapshotInstalled(received), new WalRecord.Appended(entry(21, LOW)));
        assertThat(indexes()).containsExactly(21L);
        assertThat(state.base()).isEqualTo(20);
        assertThat(state.decided()).isEqualTo(20);
        assertThat(state.configuration()).isEqualTo(received.configuration());
        assertThat(state.promised()).isEqualTo(HIGH);
        assertThat(state.accepted()).isEqualTo(LOW);
    }

    @Test
    void enteringAnEpochDropsTheTailAndBothBallotsBecomeItsBottom() {
        Seal seal = new Seal(4, LOW);
        apply(new WalRecord.Promised(HIGH));
        append(1, 6, LOW);
        apply(new WalRecord.EpochEntered(SECOND, seal, 4));
        assertThat(indexes()).containsExactly(1L, 2L, 3L, 4L);
        assertThat(state.promised()).isEqualTo(Ballot.bottomOf(1));
        assertThat(state.accepted()).isEqualTo(Ballot.bottomOf(1));
        assertThat(state.seal()).isEqualTo(seal);
        assertThat(state.configuration()).isEqualTo(SECOND);
        assertThat(state.configurationIndex()).isEqualTo(4);
        assertThat(state.decided()).isEqualTo(4);
    }

    @Test
    void aPromiseAlreadyGivenInTheEpochEnteredIsKept() {
        Ballot promised = new Ballot(1, 3, 2);
        append(1, 4, LOW);
        apply(new WalRecord.Promised(promised), new WalRecord.EpochEntered(SECOND, new Seal(4, LOW), 4));
        assertThat(state.promised()).isEqualTo(promised);
        assertThat(state.accepted()).isEqualTo(Ballot.bottomOf(1));
    }

    @Test
    void aSnapshotOlderThanTheEpochDoesNotBringTheOldConfigurationBack() {
        append(1, 6, LOW);
        apply(
                new WalRecord.EpochEntered(SECOND, new Seal(4, LOW), 4),
                new WalRecord.SnapshotTaken(snapshot(3, FIRST), 1));
        assertThat(state.configuration()).isEqualTo(SECOND);
        assertThat(state.configurationIndex()).isEqualTo(4);
    }

    @Test
    void aStateThatOpensASegmentGoesOnWhereItSays() {
        Snapshot snapshot = snapshot(8, SECOND);
        DurableState opened = new DurableState(
                true, HIGH, LOW, new Seal(4, LOW), SECOND, 8, snapshot, 7, 8);
        opened.apply(new WalRecord.Appended(entry(8, LOW)));
        opened.apply(new WalRecord.Appended(entry(9, LOW)));
        assertThat(opened.base()).isEqualTo(7);
        assertThat(opened.last()).isEqualTo(9);
        assertThat(opened.snapshot()).isEqualTo(snapshot);
    }

    /** Against a log kept the simplest way: every index in its own slot of one long list. */
    @Test
    void anySequenceOfAppendsCutsAndSnapshotsLeavesTheLogThatASimpleListWouldHold() {
        SeededRandom random = new SeededRandom(14);
        for (int run = 0; run < 30; run++) {
            long floor = random.below(60);
            DurableState whole = new DurableState(FIRST, true);
            DurableState floored = new DurableState(true, Ballot.BOTTOM, Ballot.BOTTOM, Seal.NONE, FIRST, 0,
                    null, 0, 0, 0, List.of(), floor);
            List<Entry> all = new ArrayList<>();
            long base = 0;
            for (int round = 1; round <= 300; round++) {
                WalRecord record = draw(random, new Ballot(0, round, 1), all, base);
                whole.apply(record);
                floored.apply(record);
                base = follow(record, all, base);
                String when = "run " + run + ", round " + round;
                assertThat(whole.base()).as(when).isEqualTo(base).isEqualTo(floored.base());
                assertThat(whole.last()).as(when).isEqualTo(all.size()).isEqualTo(floored.last());
                assertThat(whole.log()).as(when).isEqualTo(above(base, all));
                assertThat(floored.log()).as(when).isEqualTo(above(Math.max(base, floor), all));
            }
        }
    }

    private static WalRecord draw(SeededRandom random, Ballot ballot, List<Entry> all, long base) {
        long last = all.size();
        return switch (random.below(40)) {
            case 0, 1, 2, 3 -> {
                long to = random.between(base, last);
                yield new WalRecord.Adopted(ballot, to, to);
            }
            case 4, 5 -> {
                long to = random.between(0, last);
                yield new WalRecord.SnapshotTaken(snapshot(to, FIRST), to);
            }
            case 6 -> new WalRecord.SnapshotInstalled(snapshot(last + random.below(5), FIRST));
            default -> new WalRecord.Appended(entry(last + 1, ballot));
        };
    }

    /** Does to {@code all} what the record says, and gives the base that results. */
    private static long follow(WalRecord record, List<Entry> all, long base) {
        switch (record) {
            case WalRecord.Appended appended -> all.add(appended.entry());
            case WalRecord.Adopted adopted -> all.subList((int) adopted.from(), all.size()).clear();
            case WalRecord.SnapshotTaken taken -> {
                return Math.max(base, taken.base());
            }
            case WalRecord.SnapshotInstalled installed -> {
                while (all.size() < installed.snapshot().index()) {
                    all.add(entry(all.size() + 1, Ballot.BOTTOM));
                }
                return installed.snapshot().index();
            }
            default -> throw new IllegalStateException("not drawn: " + record);
        }
        return base;
    }

    private static List<Entry> above(long index, List<Entry> all) {
        return all.subList((int) Math.min(index, all.size()), all.size());
    }

    @Test
    void aStateWhoseEntriesDoNotFitItsBoundsIsRefused() {
        assertThatThrownBy(() -> new DurableState(true, HIGH, LOW, Seal.NONE, FIRST, 0, null, 3, 5, 3,
                List.of(entry(4, LOW)), 0)).isInstanceOf(InvariantViolation.class);
        assertThatThrownBy(() -> new DurableState(true, HIGH, LOW, Seal.NONE, FIRST, 0, null, 3, 2, 2,
                List.of(), 0)).isInstanceOf(InvariantViolation.class);
    }

    private void breaks(WalRecord record, String invariant) {
        assertThatThrownBy(() -> state.apply(record))
                .isInstanceOf(InvariantViolation.class)
                .hasMessageStartingWith(invariant);
    }
}
