package dev.synod.simulation.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.synod.simulation.check.RegisterModel.Input;
import dev.synod.simulation.check.RegisterModel.Kind;
import dev.synod.simulation.check.RegisterModel.Output;
import dev.synod.simulation.check.RegisterModel.State;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogReplayTest {
    private static final Input WRITE_7 = new Input(Kind.WRITE, 0, 7, 0);
    private static final Input WRITE_8 = new Input(Kind.WRITE, 0, 8, 0);
    private static final Input READ = new Input(Kind.READ, 0, 0, 0);

    private final LogReplay<Input, Output, State, Long> replay =
            new LogReplay<>(RegisterModel.INSTANCE, Input::key);

    private static LoggedOperation<Input, Output> answered(
            long client, long request, long index, Input input, long calledAt, long returnedAt, long value) {
        return new LoggedOperation<>(
                request,
                index,
                new Operation<>(client, input, calledAt, returnedAt,
                        new Output(true, new State(value, 0, 0))));
    }

    private static LoggedOperation<Input, Output> lost(long client, long request, Input input,
            long calledAt) {
        return new LoggedOperation<>(request, 0,
                new Operation<>(client, input, calledAt, Operation.NEVER, null));
    }

    private static LoggedCommand<Input> logged(long index, long client, long request, Input input) {
        return new LoggedCommand<>(index, client, request, input);
    }

    @Test
    void answersThatTheLogGivesPass() {
        assertThat(replay.check(
                List.of(logged(3, 1, 1, WRITE_7), logged(5, 2, 1, WRITE_8)),
                List.of(
                        answered(1, 1, 3, WRITE_7, 0, 10, 7),
                        answered(3, 1, 4, READ, 5, 20, 7),
                        answered(2, 1, 5, WRITE_8, 15, 30, 8),
                        answered(3, 2, 9, READ, 31, 40, 8))))
                .isEqualTo(4);
    }

    @Test
    void anAnswerThatTheLogDoesNotGiveIsAViolation() {
        assertThatThrownBy(() -> replay.check(
                List.of(logged(3, 1, 1, WRITE_7)), List.of(answered(1, 1, 3, WRITE_7, 0, 10, 9))))
                .isInstanceOf(Violation.class)
                .hasMessageContaining("the log says 7");
    }

    @Test
    void anAnsweredOperationThatTheLogDoesNotHoldIsAViolation() {
        assertThatThrownBy(() -> replay.check(List.of(), List.of(answered(1, 1, 3, WRITE_7, 0, 10, 7))))
                .isInstanceOf(Violation.class)
                .hasMessageContaining("is not in the log");
    }

    @Test
    void anOperationWithoutAnAnswerMayBeInTheLogOrNot() {
        assertThat(replay.check(
                List.of(logged(3, 1, 1, WRITE_7)),
                List.of(lost(1, 1, WRITE_7, 0), lost(2, 1, WRITE_8, 0), answered(3, 1, 3, READ, 5, 9, 7))))
                .isEqualTo(1);
    }

    @Test
    void anOperationWithoutAnAnswerHasNoEffectBeforeItsCall() {
        assertThatThrownBy(() -> replay.check(
                List.of(logged(3, 1, 1, WRITE_7)),
                List.of(answered(3, 1, 3, READ, 5, 9, 7), lost(1, 1, WRITE_7, 10))))
                .isInstanceOf(Violation.class)
                .hasMessageContaining("real-time");
    }

    @Test
    void aRetryInTheLogChangesNothing() {
        assertThat(replay.check(
                List.of(logged(3, 1, 1, WRITE_7), logged(4, 2, 1, WRITE_8), logged(5, 1, 1, WRITE_7)),
                List.of(
                        answered(1, 1, 3, WRITE_7, 0, 100, 7),
                        answered(2, 1, 4, WRITE_8, 0, 100, 8),
                        answered(3, 1, 5, READ, 200, 210, 8))))
                .isEqualTo(3);
    }

    @Test
    void aRetryThatTookEffectTwiceIsSeenInTheNextAnswer() {
        assertThatThrownBy(() -> replay.check(
                List.of(logged(3, 1, 1, WRITE_7), logged(4, 2, 1, WRITE_8), logged(5, 1, 1, WRITE_7)),
                List.of(answered(1, 1, 3, WRITE_7, 0, 100, 7), answered(3, 1, 5, READ, 200, 210, 7))))
                .isInstanceOf(Violation.class);
    }

    @Test
    void aReadThatBeganAfterAWriteReturnedMustReflectIt() {
        assertThatThrownBy(() -> replay.check(
                List.of(logged(3, 1, 1, WRITE_7)),
                List.of(answered(1, 1, 3, WRITE_7, 0, 10, 7), answered(2, 1, 2, READ, 20, 30, 0))))
                .isInstanceOf(Violation.class)
                .hasMessageContaining("stale-read");
    }

    @Test
    void aLaterReadMustNotGoBackBehindAnEarlierOne() {
        assertThatThrownBy(() -> replay.check(
                List.of(logged(3, 1, 1, WRITE_7)),
                List.of(
                        lost(1, 1, WRITE_7, 0),
                        answered(2, 1, 3, READ, 10, 20, 7),
                        answered(4, 1, 2, READ, 30, 40, 0))))
                .isInstanceOf(Violation.class)
                .hasMessageContaining("stale-read");
    }

    @Test
    void theLogMustNotTurnTwoWritesAround() {
        assertThatThrownBy(() -> replay.check(
                List.of(logged(3, 2, 1, WRITE_8), logged(4, 1, 1, WRITE_7)),
                List.of(answered(1, 1, 4, WRITE_7, 0, 10, 7), answered(2, 1, 3, WRITE_8, 20, 30, 8))))
                .isInstanceOf(Violation.class)
                .hasMessageContaining("real-time");
    }

    @Test
    void anAnswerThatNamesAnotherPlaceInTheLogIsAViolation() {
        assertThatThrownBy(() -> replay.check(
                List.of(logged(3, 1, 1, WRITE_7)), List.of(answered(1, 1, 4, WRITE_7, 0, 10, 7))))
                .isInstanceOf(Violation.class)
                .hasMessageContaining("the log holds it at 3");
    }

    @Test
    void aCommandOfARequestThatItsClientHasLeftBehindChangesNothing() {
        assertThat(replay.check(
                List.of(logged(3, 1, 2, WRITE_8), logged(4, 1, 1, WRITE_7)),
                List.of(
                        lost(1, 1, WRITE_7, 0),
                        answered(1, 2, 3, WRITE_8, 50, 100, 8),
                        answered(3, 1, 4, READ, 200, 210, 8))))
                .isEqualTo(2);
    }

    @Test
    void theLogTellsWhichLostOperationsHappenedAndByWhen() {
        assertThat(replay.informed(
                List.of(logged(3, 1, 1, WRITE_7)),
                List.of(
                        lost(1, 1, WRITE_7, 0),
                        lost(2, 1, WRITE_8, 0),
                        answered(3, 1, 2, READ, 10, 20, 0),
                        answered(3, 2, 3, READ, 30, 40, 7),
                        answered(3, 3, 3, READ, 50, 60, 7))))
                .contains(new Operation<>(1, WRITE_7, 0, 40, null))
                .hasSize(4);
    }

    @Test
    void theInformedHistoryStandsInAnOrderThatExplainsIt() {
        Operation<Input, Output> early = answered(3, 1, 3, READ, 10, 20, 7).operation();
        Operation<Input, Output> late = answered(3, 2, 3, READ, 30, 40, 7).operation();
        assertThat(replay.informed(
                List.of(logged(3, 1, 1, WRITE_7)),
                List.of(
                        answered(3, 2, 3, READ, 30, 40, 7),
                        answered(3, 1, 3, READ, 10, 20, 7),
                        answered(1, 1, 3, WRITE_7, 0, 50, 7))))
                .containsSubsequence(answered(1, 1, 3, WRITE_7, 0, 50, 7).operation(), early, late);
    }
}
