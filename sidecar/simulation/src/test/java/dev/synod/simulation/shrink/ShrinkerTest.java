package dev.synod.simulation.shrink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.simulation.port.Counters;
import dev.synod.simulation.port.Fault;
import dev.synod.simulation.port.FaultKind;
import dev.synod.simulation.port.History;
import dev.synod.simulation.port.Knob;
import dev.synod.simulation.port.Knobs;
import dev.synod.simulation.port.RunResult;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ShrinkerTest {
    private static final long SECOND = 1_000_000_000;
    private static final long SEED = 7;

    private static Fault fault(long second, FaultKind kind, int target) {
        return new Fault(second * SECOND, kind, target, -1, SECOND, 0, 0);
    }

    private static List<Fault> manyFaults() {
        List<Fault> faults = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            faults.add(fault(i, i % 2 == 0 ? FaultKind.KILL : FaultKind.PAUSE, i % 5));
        }
        return faults;
    }

    private static RunResult result(Knobs knobs, List<Fault> faults, RunResult.@Nullable Failure failure) {
        return new RunResult(
                SEED, knobs, faults, failure, false, 100, 60 * SECOND, 1, new Counters(), new History());
    }

    private static RunResult.Failure failure(String invariant) {
        return new RunResult.Failure(invariant, "it broke", 50, 30 * SECOND);
    }

    /**
     * Breaks I4 if machine 2 is killed at 12 s and machine 3 paused at 13 s; otherwise something else, with
     * more than 40 faults.
     */
    private static RunResult twoFaultsMatter(Knobs knobs, List<Fault> faults) {
        boolean both = faults.contains(fault(12, FaultKind.KILL, 2))
                && faults.contains(fault(13, FaultKind.PAUSE, 3));
        if (both) {
            return result(knobs, faults, failure("I4"));
        }
        return result(knobs, faults, faults.size() > 40 ? failure("I9") : null);
    }

    private static final Knobs KNOBS = Knobs.draw(SEED)
            .with(Knob.SAFETY, 60 * SECOND)
            .with(Knob.CLIENTS, 9)
            .with(Knob.KEYS, 4)
            .with(Knob.LOSS, 20_000);

    private static Shrinker.Trial trial(List<Integer> runs) {
        return (knobs, faults) -> {
            runs.add(1);
            return twoFaultsMatter(knobs, faults == null ? manyFaults() : faults);
        };
    }

    @Test
    void onlyTheFaultsThatMatterAreLeft() {
        List<Integer> runs = new ArrayList<>();
        Shrinker.Shrunk shrunk =
                Shrinker.shrink(twoFaultsMatter(KNOBS, manyFaults()), trial(runs), () -> false);
        assertThat(shrunk.faults())
                .containsExactly(fault(12, FaultKind.KILL, 2), fault(13, FaultKind.PAUSE, 3));
        assertThat(shrunk.result().failure()).isEqualTo(failure("I4"));
        assertThat(shrunk.tried()).isEqualTo(runs.size()).isLessThan(200);
    }

    @Test
    void knobsThatDoNotMatterBecomeSimple() {
        Shrinker.Shrunk shrunk =
                Shrinker.shrink(twoFaultsMatter(KNOBS, manyFaults()), trial(new ArrayList<>()), () -> false);
        Knobs knobs = shrunk.result().knobs();
        assertThat(knobs.get(Knob.CLIENTS)).isEqualTo(1);
        assertThat(knobs.get(Knob.KEYS)).isEqualTo(1);
        assertThat(knobs.get(Knob.LOSS)).isZero();
        assertThat(knobs.get(Knob.SAFETY)).isEqualTo(31 * SECOND);
    }

    @Test
    void knobsThatMatterStay() {
        Shrinker.Trial fiveClients = (knobs, faults) -> result(knobs, List.of(),
                knobs.get(Knob.CLIENTS) >= 3 ? failure("I4") : null);
        Shrinker.Shrunk shrunk =
                Shrinker.shrink(result(KNOBS, List.of(), failure("I4")), fiveClients, () -> false);
        assertThat(shrunk.result().knobs().get(Knob.CLIENTS)).isEqualTo(4);
    }

    @Test
    void aRunThatDoesNotFailAgainIsLeftAlone() {
        RunResult failed = twoFaultsMatter(KNOBS, manyFaults());
        Shrinker.Shrunk shrunk =
                Shrinker.shrink(failed, (knobs, faults) -> result(knobs, List.of(), null), () -> false);
        assertThat(shrunk.faults()).isNull();
        assertThat(shrunk.result()).isSameAs(failed);
    }

    @Test
    void aWorldThatCannotBeSetUpIsNotAFailureOfTheSameKind() {
        Shrinker.Shrunk shrunk = Shrinker.shrink(
                twoFaultsMatter(KNOBS, manyFaults()),
                (knobs, faults) -> {
                    if (knobs.get(Knob.CLIENTS) < 9) {
                        throw new IllegalArgumentException("too few clients");
                    }
                    return twoFaultsMatter(knobs, faults == null ? manyFaults() : faults);
                },
                () -> false);
        assertThat(shrunk.result().knobs().get(Knob.CLIENTS)).isEqualTo(9);
        assertThat(shrunk.faults()).hasSize(2);
    }

    @Test
    void itEndsWhenTheTimeIsUp() {
        List<Integer> runs = new ArrayList<>();
        Shrinker.Shrunk shrunk =
                Shrinker.shrink(twoFaultsMatter(KNOBS, manyFaults()), trial(runs), () -> runs.size() >= 5);
        assertThat(shrunk.tried()).isEqualTo(5);
        assertThat(shrunk.result().failure()).isEqualTo(failure("I4"));
    }
}
