package dev.synod.simulation.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.synod.paxos.Defects;
import dev.synod.paxos.InvariantViolation;
import dev.synod.simulation.check.Violation;
import dev.synod.simulation.port.Counters;
import dev.synod.simulation.port.Counters.Group;
import dev.synod.simulation.port.Fault;
import dev.synod.simulation.port.FaultFamily;
import dev.synod.simulation.port.FaultKind;
import dev.synod.simulation.port.History;
import dev.synod.simulation.port.Knobs;
import dev.synod.simulation.port.Oracle;
import dev.synod.simulation.port.ProgramView;
import dev.synod.simulation.port.RunResult;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class SimulationRunTest {
    private static RunResult run(long seed, @Nullable Knobs knobs, @Nullable List<Fault> faults,
            Oracle... oracles) {
        return SimulationRun.run(seed, knobs, faults, Defects.NONE, null, new EchoSubject(oracles));
    }

    private static Knobs shortened(long seed) {
        return Knobs.draw(seed).with("safety=15s");
    }

    @Test
    void theSameSeedDoesTheSameThingEventByEvent() {
        for (long seed = 0; seed < 30; seed++) {
            RunResult first = run(seed, null, null);
            RunResult second = run(seed, null, null);
            assertThat(second.traceHash()).isEqualTo(first.traceHash());
            assertThat(second.steps()).isEqualTo(first.steps());
            assertThat(second.faults()).isEqualTo(first.faults());
            assertThat(run(seed + 1_000, null, null).traceHash()).isNotEqualTo(first.traceHash());
        }
    }

    @Test
    void aTraceChangesNothing() {
        for (long seed = 0; seed < 10; seed++) {
            RunResult quiet = run(seed, shortened(seed), null);
            StringBuilder text = new StringBuilder();
            RunResult traced = SimulationRun.run(
                    seed, shortened(seed), null, Defects.NONE, text::append, new EchoSubject());
            assertThat(text).isNotEmpty();
            assertThat(traced.traceHash()).isEqualTo(quiet.traceHash());
        }
    }

    @Test
    void theFaultsOfARunRepeatItWithoutDrawing() {
        for (long seed = 0; seed < 60; seed++) {
            RunResult drawn = run(seed, shortened(seed), null);
            List<Fault> read = new ArrayList<>();
            for (Fault fault : drawn.faults()) {
                read.add(Fault.parse(fault.toString()));
            }
            RunResult repeated = run(seed, shortened(seed), read);
            assertThat(repeated.traceHash()).as("seed %d", seed).isEqualTo(drawn.traceHash());
            assertThat(repeated.faults()).isEqualTo(drawn.faults());
        }
    }

    @Test
    void anyPartOfTheFaultsMakesARunThatRepeatsItself() {
        for (long seed = 0; seed < 30; seed++) {
            List<Fault> part = new ArrayList<>(run(seed, shortened(seed), null).faults());
            for (int i = part.size() - 1; i >= 0; i -= 2) {
                part.remove(i);
            }
            RunResult one = run(seed, shortened(seed), part);
            assertThat(part).containsAll(one.faults());
            assertThat(run(seed, shortened(seed), one.faults()).traceHash()).isEqualTo(one.traceHash());
        }
    }

    @Test
    void everyFaultThereIsStrikesInThreeHundredSeeds() {
        Counters all = new Counters();
        long operations = 0;
        for (long seed = 0; seed < 300; seed++) {
            RunResult result = run(seed, null, null);
            assertThat(result.failure()).as("seed %d", seed).isNull();
            all.addAll(result.counters());
            operations += result.history().operations().size();
        }
        assertThat(all.get(Group.FAULT)).hasSize(FaultKind.values().length);
        for (FaultFamily family : FaultFamily.values()) {
            if (family != FaultFamily.NOISE) {
                assertThat(all.get(Group.FAMILY, family.name())).as("%s", family).isGreaterThan(10);
            }
        }
        assertThat(all.get(Group.CONSEQUENCE)).containsKeys(
                "frame lost",
                "frame duplicated",
                "frame reordered",
                "frame damaged",
                "frame long delayed",
                "frame cut off by partition",
                "frame cut off for its identity",
                "frame lost with its connection",
                "disk work long delayed",
                "killed between effects",
                "power lost at a disk operation",
                "process halted",
                "rolled back",
                "outside the core: OFF",
                "outside the core: DEAF",
                "outside the core: MUTE",
                "outside the core: CUT_OFF");
        assertThat(all.get(Group.OPERATOR)).containsKeys("latched",
                "refuses to bootstrap beside active volumes");
        assertThat(all.get(Group.FAILPOINT, "skipped-beat")).isPositive();
        assertThat(operations).isGreaterThan(100_000);
    }

    @Test
    void withoutFaultsEveryClientIsAnswered() {
        RunResult result = Recording.run(1, Recording.quiet(""), List.of());
        assertThat(result.failure()).isNull();
        assertThat(result.faults()).isEmpty();
        assertThat(result.history().operations()).hasSizeGreaterThan(100).allSatisfy(operation -> {
            assertThat(operation.outcome()).isEqualTo(History.Outcome.DONE);
            assertThat(operation.completedNanos()).isGreaterThan(operation.invokedNanos());
            assertThat(operation.reply()).containsExactly(1);
        });
    }

    @Test
    void whatAnOracleObjectsToEndsTheRunWithItsName() {
        RunResult result = Recording.run(1, Recording.quiet(""), List.of(), new Oracle() {
            private int steps;

            @Override
            public void afterStep(int machine, ProgramView view) {
                if (++steps == 100) {
                    throw new Violation("I99", "ninety-nine");
                }
            }
        });
        RunResult.Failure failure = result.failure();
        assertThat(failure).isNotNull();
        assertThat(failure.invariant()).isEqualTo("I99");
        assertThat(failure.message()).contains("ninety-nine");
        assertThat(failure.step()).isEqualTo(result.steps()).isPositive();
    }

    @Test
    void whatAProgramFindsBrokenInItselfEndsTheRunWithItsName() {
        RunResult result = Recording.run(1, Recording.quiet(""), List.of(), new Oracle() {
            @Override
            public void onFrameSent(
                    int from, java.util.@Nullable UUID sender, java.util.UUID to, byte[] frame) {
                throw new InvariantViolation("I6", "cut too far");
            }
        });
        assertThat(result.failure()).isNotNull();
        assertThat(result.failure().invariant()).isEqualTo("I6");
    }

    @Test
    void aWorldThatFailsItselfSaysInWhichSeed() {
        Oracle broken = new Oracle() {
            @Override
            public void atEnd(History history) {
                throw new IllegalArgumentException("no such thing");
            }
        };
        assertThatThrownBy(() -> Recording.run(77, Recording.quiet(""), List.of(), broken))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("seed 77")
                .hasRootCauseMessage("no such thing");
    }
}
