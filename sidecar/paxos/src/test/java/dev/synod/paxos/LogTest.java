package dev.synod.paxos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LogTest {
    private static final Ballot BALLOT = new Ballot(0, 1, 1);

    private static Entry entry(long index) {
        return new Entry(index, BALLOT, new Payload.Command(Bytes.of(new byte[(int) (index % 7)])));
    }

    private static Log filled(long base, int count) {
        Log log = new Log(base, List.of());
        for (int i = 1; i <= count; i++) {
            log.append(entry(base + i));
        }
        return log;
    }

    private static List<Long> indexes(List<Entry> entries) {
        return entries.stream().map(Entry::index).toList();
    }

    @Test
    void anEmptyLogEndsWhereItBegins() {
        Log log = new Log(7, List.of());
        assertThat(log.base()).isEqualTo(7);
        assertThat(log.last()).isEqualTo(7);
        assertThat(log.holds(7)).isFalse();
        assertThat(log.holds(8)).isFalse();
        assertThat(log.endsInStopSign()).isFalse();
        assertThat(log.weightBytes()).isZero();
    }

    @Test
    void entriesAreFoundWhereTheyWereAppendedHoweverOftenTheRingGrowsAndTurns() {
        Log log = new Log(0, List.of());
        List<Entry> naive = new ArrayList<>();
        SeededRandom random = new SeededRandom(1);
        long base = 0;
        for (int round = 0; round < 20_000; round++) {
            int roll = random.below(10);
            if (roll < 6 || naive.isEmpty()) {
                Entry next = entry(base + naive.size() + 1);
                log.append(next);
                naive.add(next);
            } else if (roll < 8) {
                int drop = random.below(naive.size() + 1);
                base += drop;
                log.dropUpTo(base);
                naive.subList(0, drop).clear();
            } else {
                int keep = naive.size() - random.below(Math.min(4, naive.size()) + 1);
                log.truncate(base + keep);
                naive.subList(keep, naive.size()).clear();
            }
            assertThat(log.base()).isEqualTo(base);
            assertThat(log.last()).isEqualTo(base + naive.size());
            assertThat(log.weightBytes()).isEqualTo(naive.stream().mapToLong(Entry::weightBytes).sum());
            if (!naive.isEmpty()) {
                int at = random.below(naive.size());
                assertThat(log.get(base + 1 + at)).isSameAs(naive.get(at));
            }
        }
    }

    @Test
    void anEntryIsAppendedOnlyRightAfterTheLast() {
        Log log = filled(0, 3);
        assertThatThrownBy(() -> log.append(entry(3))).isInstanceOf(InvariantViolation.class);
        assertThatThrownBy(() -> log.append(entry(5))).isInstanceOf(InvariantViolation.class);
        assertThat(log.last()).isEqualTo(3);
    }

    @Test
    void whatIsNotHeldCannotBeRead() {
        Log log = filled(5, 3);
        assertThatThrownBy(() -> log.get(5)).isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("I2");
        assertThatThrownBy(() -> log.get(9)).isInstanceOf(InvariantViolation.class);
        assertThat(log.get(6).index()).isEqualTo(6);
    }

    @Test
    void truncationKeepsUpToTheIndexGivenAndNeverReachesBelowTheBase() {
        Log log = filled(5, 5);
        log.truncate(8);
        assertThat(log.last()).isEqualTo(8);
        log.truncate(8);
        log.truncate(5);
        assertThat(log.last()).isEqualTo(5);
        assertThatThrownBy(() -> log.truncate(4)).isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("I6");
        assertThatThrownBy(() -> log.truncate(6)).isInstanceOf(InvariantViolation.class);
    }

    @Test
    void theBeginningMayGoUpToTheLastEntryAndNoFurther() {
        Log log = filled(0, 5);
        log.dropUpTo(2);
        log.dropUpTo(1);
        assertThat(log.base()).isEqualTo(2);
        log.dropUpTo(5);
        assertThat(log.base()).isEqualTo(5);
        assertThat(log.last()).isEqualTo(5);
        assertThat(log.weightBytes()).isZero();
        assertThatThrownBy(() -> log.dropUpTo(6)).isInstanceOf(InvariantViolation.class);
    }

    @Test
    void afterASnapshotTheLogStartsAnewBehindIt() {
        Log log = filled(0, 40);
        log.restartAfter(100);
        assertThat(log.base()).isEqualTo(100);
        assertThat(log.last()).isEqualTo(100);
        log.append(entry(101));
        assertThat(log.get(101).index()).isEqualTo(101);
        assertThat(log.weightBytes()).isEqualTo(entry(101).weightBytes());
    }

    @Test
    void aSliceHoldsAsMuchAsFitsAndAtLeastOneEntry() {
        Log log = filled(0, 10);
        assertThat(indexes(log.slice(3, 6, Integer.MAX_VALUE))).containsExactly(3L, 4L, 5L, 6L);
        assertThat(indexes(log.slice(3, 6, 1))).containsExactly(3L);
        int two = entry(3).weightBytes() + entry(4).weightBytes();
        assertThat(indexes(log.slice(3, 6, two))).containsExactly(3L, 4L);
        assertThat(indexes(log.slice(3, 6, two - 1))).containsExactly(3L);
        assertThat(log.slice(7, 6, 100)).isEmpty();
    }

    @Test
    void weightIsCountedFromAnIndexToTheEnd() {
        Log log = filled(5, 5);
        assertThat(log.weightBytesFrom(9)).isEqualTo(entry(9).weightBytes() + entry(10).weightBytes());
        assertThat(log.weightBytesFrom(0)).isEqualTo(log.weightBytes());
        assertThat(log.weightBytesFrom(11)).isZero();
    }

    @Test
    void aLogEndsInAStopSignOnlyWhenItIsTheLastEntry() {
        Log log = filled(0, 2);
        Configuration first = Configuration.initial(List.of(ScriptedGroup.uuid("1")), List.of("m1"));
        Configuration next = first.nextEpoch(List.of(ScriptedGroup.uuid("1")));
        log.append(new Entry(3, BALLOT, new Payload.StopSign(next)));
        assertThat(log.endsInStopSign()).isTrue();
        log.append(entry(4));
        assertThat(log.endsInStopSign()).isFalse();
        log.truncate(3);
        assertThat(log.endsInStopSign()).isTrue();
        log.dropUpTo(3);
        assertThat(log.endsInStopSign()).isFalse();
    }

    @Test
    void aCopySharesNothing() {
        Log log = filled(0, 20);
        Log copy = log.copy();
        assertThat(copy.fingerprint(1)).isEqualTo(log.fingerprint(1));
        log.truncate(10);
        log.append(entry(11));
        log.dropUpTo(5);
        assertThat(copy.base()).isZero();
        assertThat(copy.last()).isEqualTo(20);
        assertThat(copy.get(15).index()).isEqualTo(15);
        assertThat(copy.fingerprint(1)).isNotEqualTo(log.fingerprint(1));
    }
}
