package dev.synod.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LivenessTest {
    private static final long MS = 1_000_000;
    private static final long TTL = 10_000 * MS;
    private final Liveness liveness = new Liveness(TTL, 0);

    @Test
    void countsAGuaranteeFromWhenTheAnsweredHeartbeatWasSent() {
        liveness.answered(100 * MS, SessionState.ACTIVE, 8_000 * MS, 700 * MS);

        assertThat(liveness.deadlineNanos()).isEqualTo(8_100 * MS - liveness.marginNanos());
    }

    @Test
    void isNotGuaranteedBeforeTheFirstAnswer() {
        assertThat(liveness.state()).isEqualTo(SessionState.JEOPARDY);
    }

    @Test
    void isSuspendedAfterTwoHeartbeatsWithoutAnAnswer() {
        liveness.answered(0, SessionState.ACTIVE, 8_000 * MS, 10 * MS);

        liveness.tick(2 * liveness.heartbeatNanos());
        assertThat(liveness.state()).isEqualTo(SessionState.ACTIVE);
        liveness.tick(2 * liveness.heartbeatNanos() + 1);
        assertThat(liveness.state()).isEqualTo(SessionState.SUSPENDED);
    }

    @Test
    void isInJeopardyOnceItsDeadlineHasPassedThoughNobodySaidSo() {
        liveness.answered(0, SessionState.ACTIVE, 8_000 * MS, 10 * MS);

        liveness.tick(8_000 * MS - liveness.marginNanos());

        assertThat(liveness.state()).isEqualTo(SessionState.JEOPARDY);
    }

    @Test
    void isNotExtendedByAnAnswerToWhatWasSentBeforeALongPause() {
        liveness.answered(0, SessionState.ACTIVE, 8_000 * MS, 10 * MS);

        liveness.answered(1_000 * MS, SessionState.ACTIVE, 8_000 * MS, 20_000 * MS);

        assertThat(liveness.state()).isEqualTo(SessionState.JEOPARDY);
    }

    @Test
    void isNotGuaranteedBeyondTheGraceOnceThisSideHasClosedTheStream() {
        liveness.answered(0, SessionState.ACTIVE, 8_000 * MS, 10 * MS);

        liveness.left(1_000 * MS, 2_000 * MS);

        assertThat(liveness.deadlineNanos()).isEqualTo(3_000 * MS - liveness.marginNanos());
    }

    @Test
    void neverLengthensItsDeadlineByWhatIsToldUnasked() {
        liveness.answered(0, SessionState.ACTIVE, 3_000 * MS, 10 * MS);
        long deadline = liveness.deadlineNanos();

        liveness.told(SessionState.ACTIVE, 9_000 * MS, 20 * MS);

        assertThat(liveness.deadlineNanos()).isEqualTo(deadline);
    }

    @Test
    void shortensItsDeadlineByWhatIsToldUnasked() {
        liveness.answered(0, SessionState.ACTIVE, 8_000 * MS, 10 * MS);

        liveness.told(SessionState.SUSPENDED, 2_000 * MS, 1_000 * MS);

        assertThat(liveness.deadlineNanos()).isEqualTo(3_000 * MS - liveness.marginNanos());
        assertThat(liveness.state()).isEqualTo(SessionState.SUSPENDED);
    }

    @Test
    void comesBackFromJeopardyByAnAnswer() {
        liveness.answered(0, SessionState.ACTIVE, 3_000 * MS, 10 * MS);
        liveness.tick(4_000 * MS);

        liveness.answered(4_000 * MS, SessionState.ACTIVE, 8_000 * MS, 4_001 * MS);

        assertThat(liveness.state()).isEqualTo(SessionState.ACTIVE);
    }

    @Test
    void neverComesBackFromExpired() {
        liveness.answered(0, SessionState.EXPIRED, 0, 10 * MS);

        liveness.answered(10 * MS, SessionState.ACTIVE, 8_000 * MS, 20 * MS);

        assertThat(liveness.state()).isEqualTo(SessionState.EXPIRED);
    }

    @Test
    void trustsNoAnswerToWhatWasSentBeforeTheClocksDisagreed() {
        liveness.answered(0, SessionState.ACTIVE, 8_000 * MS, 10 * MS);
        liveness.clocksDisagree(1_000 * MS);

        liveness.answered(999 * MS, SessionState.ACTIVE, 8_000 * MS, 1_001 * MS);
        assertThat(liveness.state()).isEqualTo(SessionState.JEOPARDY);
        liveness.answered(1_000 * MS, SessionState.ACTIVE, 8_000 * MS, 1_002 * MS);
        assertThat(liveness.state()).isEqualTo(SessionState.ACTIVE);
    }

    @Test
    void isSuspendedWhileItsStreamIsBroken() {
        liveness.answered(0, SessionState.ACTIVE, 8_000 * MS, 10 * MS);

        liveness.broken(20 * MS);

        assertThat(liveness.state()).isEqualTo(SessionState.SUSPENDED);
    }

    @Test
    void looksAgainNoLaterThanItsNextChange() {
        liveness.answered(0, SessionState.ACTIVE, 1_500 * MS, 10 * MS);

        assertThat(liveness.nextChangeNanos(10 * MS)).isEqualTo(liveness.deadlineNanos());
    }
}
