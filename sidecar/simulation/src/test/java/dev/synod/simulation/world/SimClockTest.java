package dev.synod.simulation.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.paxos.SeededRandom;
import org.junit.jupiter.api.Test;

final class SimClockTest {
    private static final long SECOND_NANOS = 1_000_000_000;

    @Test
    void aFastClockGainsWhatItsRateSays() {
        SimClock clock = new SimClock(100, 50_000);
        assertThat(clock.localNanos(0)).isEqualTo(100);
        assertThat(clock.localNanos(SECOND_NANOS)).isEqualTo(100 + SECOND_NANOS + SECOND_NANOS / 20);
        assertThat(clock.localNanos(3_600 * SECOND_NANOS)).isEqualTo(100 + 3_780 * SECOND_NANOS);
    }

    @Test
    void itNeverGoesBackWhateverHappensToIt() {
        SeededRandom random = new SeededRandom(3);
        SimClock clock = new SimClock(0, -50_000);
        long now = 0;
        long shown = 0;
        for (int i = 0; i < 10_000; i++) {
            now += random.below(1_000_000L);
            assertThat(clock.localNanos(now)).isGreaterThanOrEqualTo(shown);
            shown = clock.localNanos(now);
            if (random.chance(0.1)) {
                clock.run(random.between(-50_000, 50_000), now);
                assertThat(clock.localNanos(now)).isEqualTo(shown);
            } else if (random.chance(0.1)) {
                long jump = random.below(SECOND_NANOS);
                clock.jump(jump, now);
                shown += jump;
                assertThat(clock.localNanos(now)).isEqualTo(shown);
            }
        }
    }

    @Test
    void theTrueTimeOfALocalTimeIsTheFirstAtWhichItIsShown() {
        SeededRandom random = new SeededRandom(4);
        for (int i = 0; i < 2_000; i++) {
            SimClock clock = new SimClock(random.below(SECOND_NANOS), random.between(-50_000, 50_000));
            long now = random.below(SECOND_NANOS);
            long wanted = clock.localNanos(now) + random.below(SECOND_NANOS);
            long due = clock.trueNanosOf(wanted, now);
            assertThat(clock.localNanos(due)).isGreaterThanOrEqualTo(wanted);
            assertThat(due == now || clock.localNanos(due - 2) < wanted).isTrue();
        }
        SimClock clock = new SimClock(500, 0);
        assertThat(clock.trueNanosOf(100, 7)).isEqualTo(7);
        assertThat(clock.trueNanosOf(Long.MAX_VALUE, 7)).isEqualTo(Long.MAX_VALUE);
    }
}
