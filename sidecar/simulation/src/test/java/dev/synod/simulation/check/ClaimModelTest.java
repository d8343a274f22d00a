package dev.synod.simulation.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.simulation.check.ClaimModel.Hold;
import dev.synod.simulation.check.ClaimModel.Input;
import dev.synod.simulation.check.ClaimModel.Kind;
import dev.synod.simulation.check.ClaimModel.Output;
import dev.synod.simulation.check.ClaimModel.Rules;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Histories of one lock, each an operation a line: who, when called and returned, what came of it. */
final class ClaimModelTest {
    private static final Rules OWNER_AWARE = new Rules(1, false, false);
    private static final Rules REENTRANT = new Rules(1, true, false);
    private static final Rules FENCED = new Rules(1, false, true);
    private static final Rules REENTRANT_FENCED = new Rules(1, true, true);
    private static final Rules SEMAPHORE_OF_2 = new Rules(2, true, true);
    private static final List<Rules> MUTEXES = List.of(OWNER_AWARE, REENTRANT, FENCED, REENTRANT_FENCED);

    private static final Output BUSY = new Output.Busy();
    private static final Output LEFT = new Output.Left();
    private static final Output NOT_HELD = new Output.NotHeld();

    private final List<Operation<Input, Output>> history = new ArrayList<>();

    private static Output granted(long token) {
        return new Output.Granted(token);
    }

    private ClaimModelTest acquire(long session, long from, long to, @Nullable Output output) {
        return add(Kind.ACQUIRE, session, 0, from, to, output);
    }

    private ClaimModelTest release(long session, long token, long from, long to, @Nullable Output output) {
        return add(Kind.RELEASE, session, token, from, to, output);
    }

    private ClaimModelTest lose(long session, long at) {
        return add(Kind.LOSE, session, 0, at, at, LEFT);
    }

    private ClaimModelTest look(long from, long to, Hold... holds) {
        return add(Kind.LOOK, 0, 0, from, to, new Output.Seen(List.of(holds)));
    }

    private ClaimModelTest add(Kind kind, long session, long token, long from, long to,
            @Nullable Output output) {
        history.add(new Operation<>(session, new Input(kind, "lock", session, "app", token), from, to,
                output));
        return this;
    }

    private boolean isAcceptedBy(Rules rules) {
        return new Linearizability<>(new ClaimModel(rules), 100_000)
                .check(history) instanceof Verdict.Accepted;
    }

    @Test
    void oneAfterTheOtherIsFineInEveryVariant() {
        acquire(1, 0, 10, granted(5)).acquire(2, 11, 20, BUSY).release(1, 5, 21, 30, LEFT)
                .acquire(2, 31, 40, granted(6));
        assertThat(MUTEXES).allMatch(this::isAcceptedBy);
    }

    @Test
    void twoHoldersAtOnceAreRefusedInEveryVariant() {
        acquire(1, 0, 10, granted(5)).acquire(2, 11, 20, granted(6));
        assertThat(MUTEXES).noneMatch(this::isAcceptedBy);
    }

    @Test
    void onlyWhoHoldsItReleasesIt() {
        acquire(1, 0, 10, granted(5)).release(2, 0, 11, 20, LEFT);
        assertThat(MUTEXES).noneMatch(this::isAcceptedBy);
    }

    @Test
    void aReleaseThatFindsNothingMustBeRight() {
        acquire(1, 0, 10, granted(5)).release(1, 0, 11, 20, NOT_HELD);
        assertThat(MUTEXES).noneMatch(this::isAcceptedBy);
    }

    @Test
    void takingItAgainIsForTheReentrantOnes() {
        acquire(1, 0, 10, granted(5)).acquire(1, 11, 20, granted(5));
        assertThat(MUTEXES).filteredOn(this::isAcceptedBy).containsExactly(REENTRANT, REENTRANT_FENCED);
    }

    @Test
    void takingItAgainByAnotherTokenIsWrongWhereTokensCount() {
        acquire(1, 0, 10, granted(5)).acquire(1, 11, 20, granted(6));
        assertThat(MUTEXES).filteredOn(this::isAcceptedBy).containsExactly(REENTRANT);
    }

    @Test
    void tokensRise() {
        acquire(1, 0, 10, granted(5)).release(1, 5, 11, 20, LEFT).acquire(2, 21, 30, granted(5));
        assertThat(MUTEXES).filteredOn(this::isAcceptedBy).containsExactly(OWNER_AWARE, REENTRANT);
    }

    @Test
    void aLostSessionFreesTheLock() {
        acquire(1, 0, 10, granted(5)).lose(1, 15).acquire(2, 20, 30, granted(6));
        assertThat(MUTEXES).allMatch(this::isAcceptedBy);
    }

    @Test
    void aReleaseAfterTheLossFindsNothing() {
        acquire(1, 0, 10, granted(5)).lose(1, 15).release(1, 5, 20, 30, LEFT);
        assertThat(MUTEXES).noneMatch(this::isAcceptedBy);
    }

    @Test
    void aRefusalNeedsSomebodyWhoHolds() {
        acquire(1, 0, 10, granted(5)).release(1, 5, 11, 20, LEFT).acquire(2, 21, 30, BUSY);
        assertThat(MUTEXES).noneMatch(this::isAcceptedBy);
    }

    @Test
    void anAnswerThatNeverCameMayHaveBeenAGrant() {
        acquire(1, 0, Operation.NEVER, null).acquire(2, 11, 20, BUSY);
        assertThat(MUTEXES).allMatch(this::isAcceptedBy);
    }

    @Test
    void aTokenThatNobodyWasToldIsLearntLater() {
        acquire(1, 0, Operation.NEVER, null).look(11, 20, new Hold(1, "app", 5)).release(1, 4, 21, 30, LEFT);
        assertThat(MUTEXES).noneMatch(this::isAcceptedBy);
    }

    @Test
    void aSemaphoreTakesNoMoreThanItsPermits() {
        acquire(1, 0, 10, granted(5)).acquire(2, 0, 10, granted(6)).acquire(3, 11, 20, BUSY);
        assertThat(isAcceptedBy(SEMAPHORE_OF_2)).isTrue();
        acquire(4, 21, 30, granted(7));
        assertThat(isAcceptedBy(SEMAPHORE_OF_2)).isFalse();
    }

    @Test
    void aLookShowsWhoHolds() {
        acquire(1, 0, 10, granted(5)).look(11, 20, new Hold(1, "app", 5));
        assertThat(isAcceptedBy(REENTRANT_FENCED)).isTrue();
        look(21, 30);
        assertThat(isAcceptedBy(REENTRANT_FENCED)).isFalse();
    }

    @Test
    void anElectionNeverGoesBackToAnEarlierLeader() {
        acquire(1, 0, 10, granted(5)).lose(1, 15).acquire(2, 0, 20, granted(6))
                .look(21, 30, new Hold(2, "app", 6)).look(31, 40, new Hold(1, "app", 5));
        assertThat(isAcceptedBy(REENTRANT_FENCED)).isFalse();
    }
}
