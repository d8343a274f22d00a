package dev.synod.simulation.check;

import static dev.synod.simulation.check.RegisterHistories.cas;
import static dev.synod.simulation.check.RegisterHistories.read;
import static dev.synod.simulation.check.RegisterHistories.unknown;
import static dev.synod.simulation.check.RegisterHistories.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.paxos.SeededRandom;
import dev.synod.simulation.check.RegisterModel.Input;
import dev.synod.simulation.check.RegisterModel.Kind;
import dev.synod.simulation.check.RegisterModel.Output;
import dev.synod.simulation.check.RegisterModel.State;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinearizabilityTest {
    private final Linearizability<Input, Output, State> checker =
            new Linearizability<>(RegisterModel.INSTANCE, 20_000_000);

    @Test
    void anEmptyHistoryIsAccepted() {
        assertThat(checker.check(List.of())).isInstanceOf(Verdict.Accepted.class);
    }

    @Test
    void aReadAfterAWriteSeesIt() {
        assertThat(checker.check(List.of(write(1, 7, 0, 10), read(2, 7, 20, 30))))
                .isInstanceOf(Verdict.Accepted.class);
    }

    @Test
    void aReadAfterAWriteThatMissesItIsRejected() {
        assertThat(checker.check(List.of(write(1, 7, 0, 10), read(2, 0, 20, 30))))
                .isInstanceOfSatisfying(Verdict.Rejected.class, rejected -> assertThat(rejected.why())
                        .contains("client 2"));
    }

    @Test
    void aReadThatOverlapsAWriteMaySeeEitherValue() {
        assertThat(checker.check(List.of(write(1, 7, 0, 30), read(2, 0, 10, 20))))
                .isInstanceOf(Verdict.Accepted.class);
        assertThat(checker.check(List.of(write(1, 7, 0, 30), read(2, 7, 10, 20))))
                .isInstanceOf(Verdict.Accepted.class);
    }

    @Test
    void aValueOnceReadDoesNotVanish() {
        assertThat(checker.check(List.of(write(1, 7, 0, 100), read(2, 7, 10, 20), read(3, 0, 30, 40))))
                .isInstanceOf(Verdict.Rejected.class);
    }

    @Test
    void operationsThatTouchInTimeCountAsOverlapping() {
        assertThat(checker.check(List.of(write(1, 7, 0, 10), read(2, 0, 10, 20))))
                .isInstanceOf(Verdict.Accepted.class);
    }

    @Test
    void aWriteWithoutAnAnswerMayTakeEffectLateOrNever() {
        assertThat(checker.check(List.of(unknown(1, 7, 0), read(2, 0, 10, 20), read(2, 7, 30, 40))))
                .isInstanceOf(Verdict.Accepted.class);
        assertThat(checker.check(List.of(unknown(1, 7, 0), read(2, 0, 10, 20), read(2, 0, 30, 40))))
                .isInstanceOf(Verdict.Accepted.class);
    }

    @Test
    void aWriteWithoutAnAnswerDoesNotTakeEffectBeforeItsCall() {
        assertThat(checker.check(List.of(read(2, 7, 10, 20), unknown(1, 7, 30))))
                .isInstanceOf(Verdict.Rejected.class);
    }

    @Test
    void aWriteWithoutAnAnswerDoesNotTakeEffectTwice() {
        assertThat(checker.check(List.of(
                unknown(1, 7, 0),
                read(2, 7, 10, 20),
                write(3, 8, 30, 40),
                read(2, 7, 50, 60))))
                .isInstanceOf(Verdict.Rejected.class);
    }

    @Test
    void aReadWithoutAnAnswerSaysNothing() {
        Operation<Input, Output> lost =
                new Operation<>(1, new Input(Kind.READ, 0, 0, 0), 0, Operation.NEVER, null);
        assertThat(checker.check(List.of(lost, write(1, 7, 0, 10)))).isInstanceOf(Verdict.Accepted.class);
    }

    @Test
    void twoSwapsFromTheSameValueDoNotBothSucceed() {
        assertThat(checker.check(List.of(cas(1, 0, 5, true, 5, 0, 100), cas(2, 0, 6, false, 5, 0, 100))))
                .isInstanceOf(Verdict.Accepted.class);
        assertThat(checker.check(List.of(cas(1, 0, 5, true, 5, 0, 100), cas(2, 0, 6, true, 6, 0, 100))))
                .isInstanceOf(Verdict.Rejected.class);
    }

    @Test
    void keysAreCheckedApart() {
        Operation<Input, Output> other = new Operation<>(
                1, new Input(Kind.READ, 9, 0, 0), 20, 30, new Output(true, State.NEW));
        assertThat(checker.check(List.of(write(1, 7, 0, 10), other), Input::key))
                .isInstanceOf(Verdict.Accepted.class);
        Operation<Input, Output> wrong = new Operation<>(
                1, new Input(Kind.READ, 9, 0, 0), 20, 30, new Output(true, new State(7, 0, 0)));
        assertThat(checker.check(List.of(write(1, 7, 0, 10), wrong), Input::key))
                .isInstanceOfSatisfying(Verdict.Rejected.class, rejected -> assertThat(rejected.why())
                        .startsWith("key 9"));
    }

    @Test
    void aSearchThatReachesItsBoundIsNotAPass() {
        List<Operation<Input, Output>> history = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            history.add(unknown(i, i + 1, 0));
        }
        history.add(read(99, 77, 10, 20));
        assertThat(new Linearizability<>(RegisterModel.INSTANCE, 10_000).check(history))
                .isInstanceOfSatisfying(Verdict.NotChecked.class, given -> assertThat(given.why())
                        .contains("could not be checked"));
    }

    @Test
    void aLongHistoryWithManyLostAnswersIsAcceptedWithinTheBound() {
        SeededRandom random = new SeededRandom(11);
        List<Operation<Input, Output>> history = RegisterHistories.correct(random, 2_000, 8, 2, 1_000_000);
        assertThat(checker.check(history)).isInstanceOf(Verdict.Accepted.class);
    }

    @Test
    void everyHistoryOfACorrectRegisterIsAccepted() {
        for (int seed = 0; seed < 2_000; seed++) {
            SeededRandom random = new SeededRandom(seed);
            List<Operation<Input, Output>> history =
                    RegisterHistories.correct(random, 1 + random.below(40), 1 + random.below(6),
                            random.below(30), 3);
            assertThat(checker.check(history)).as("seed %s: %s", seed, history)
                    .isInstanceOf(Verdict.Accepted.class);
        }
    }

    @Test
    void onHistoriesWithAWrongAnswerItAgreesWithTryingEveryOrder() {
        int rejected = 0;
        for (int seed = 0; seed < 3_000; seed++) {
            SeededRandom random = new SeededRandom(seed);
            List<Operation<Input, Output>> history = RegisterHistories.withWrongAnswer(
                    random,
                    RegisterHistories.correct(random, 1 + random.below(7), 1 + random.below(4), 20, 3));
            boolean possible = EveryOrder.explains(history);
            assertThat(checker.check(history) instanceof Verdict.Accepted)
                    .as("seed %s: %s", seed, history)
                    .isEqualTo(possible);
            rejected += possible ? 0 : 1;
        }
        assertThat(rejected).as("histories that no order explains").isGreaterThan(1_000);
    }
}
