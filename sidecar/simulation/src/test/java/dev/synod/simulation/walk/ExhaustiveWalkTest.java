package dev.synod.simulation.walk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.paxos.Defect;
import dev.synod.paxos.Defects;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ExhaustiveWalkTest {

    private static final WalkOptions TINY = WalkOptions.of("tiny").with(1, 1, 1);

    @Test
    void aTinyWalkClosesAndFindsNothing() {
        WalkReport report = walk(TINY, 1);
        assertThat(report.closed()).isTrue();
        assertThat(report.violation()).isNull();
        assertThat(report.states()).isGreaterThan(1_000);
        assertThat(report.render()).contains("tiny", "closed");
    }

    @Test
    void theFiguresDoNotDependOnTheNumberOfThreads() {
        WalkOptions options = WalkOptions.of("threads").with(2, 0, 1);
        WalkReport one = walk(options, 1);
        WalkReport two = walk(options, 2);
        assertThat(List.of(two.states(), two.transitions(), two.depth(), two.memberStates()))
                .isEqualTo(List.of(one.states(), one.transitions(), one.depth(), one.memberStates()));
    }

    @Test
    void theReductionsLoseNothingThatTheOracleWouldSee() {
        WalkOptions pair = WalkOptions.of("two").withMembers(2, 0);
        for (WalkOptions options : List.of(
                TINY.with(1, 0, 1),
                TINY.with(1, 1, 0),
                pair.with(2, 0, 0),
                pair.with(2, 1, 0),
                pair.with(2, 0, 1),
                pair.with(2, 0, 0).withReads(1),
                pair.with(2, 0, 0).withChange(List.of(List.of(1))),
                pair.with(1, 0, 1).withNewIncarnations())) {
            Set<Long> all = views(options.plain());
            assertThat(all).hasSizeGreaterThan(5);
            assertThat(views(options)).as("%s", options).isEqualTo(all);
            assertThat(views(options.withAtomicWrites())).as("%s", options).isEqualTo(all);
        }
    }

    @Test
    void aStopSignIsWalkedThroughToTheNextEpoch() {
        int[] epochs = new int[2];
        WalkOptions options =
                WalkOptions.of("epochs").withMembers(2, 0).with(2, 0, 0).withChange(List.of(List.of(1)))
                        .withAtomicWrites();
        WalkReport report = ExhaustiveWalk.run(options, state -> {
            for (Share share : state) {
                epochs[share.member.replica.established() ? share.member.replica.epoch() : 0]++;
            }
        });
        assertThat(report.violation()).isNull();
        assertThat(epochs[1]).isPositive();
    }

    @Test
    @EnabledIfSystemProperty(named = "synod.plant-defects", matches = "true")
    void aReadWithoutConfirmationIsFoundStale() {
        WalkOptions options = WalkSuite.reads()
                .withDefect(Defects.planted(Defect.M29_UNCONFIRMED_READ), true);
        assertThat(walk(options, 1).violation()).startsWith("I14");
    }

    @ParameterizedTest
    @MethodSource("dev.synod.simulation.walk.WalkSuite#planted()")
    @EnabledIfSystemProperty(named = "synod.plant-defects", matches = "true")
    void aPlantedBugIsFoundByWhatTheGroupDecidesAndTheWayToItIsTold(Defect defect) {
        WalkReport report = walk(WalkSuite.planted(defect), 1);
        assertThat(report.violation()).isNotNull();
        assertThat(report.trace()).isNotEmpty().first().asString().endsWith("campaigns");
        assertThat(report.render()).contains("VIOLATION");
    }

    private static WalkReport walk(WalkOptions options, int threads) {
        return ExhaustiveWalk.run(options, new ParallelRunner(threads), (depth, states, transitions) -> {});
    }

    /**
     * What the oracle sees of the states in which every write is durable and nobody has campaigned but those
     * first members whom the reductions let.
     */
    private static Set<Long> views(WalkOptions options) {
        Set<Long> views = new TreeSet<>();
        WalkReport report = ExhaustiveWalk.run(options, state -> {
            long key = 0;
            for (Share share : state) {
                boolean settled = share.member.pending.length == 0;
                boolean stands = share.member.slot < options.ballotsMax()
                        || share.member.tally.campaigns() == 0;
                if (!settled || !stands) {
                    return;
                }
                key = Hash.add(key, share.member.view.key);
            }
            views.add(key);
        });
        assertThat(report.closed()).isTrue();
        return views;
    }
}
