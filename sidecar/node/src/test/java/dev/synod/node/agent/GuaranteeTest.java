package dev.synod.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.coordination.v1.SessionState;
import org.junit.jupiter.api.Test;

class GuaranteeTest {
    private static final SessionState ACTIVE = SessionState.SESSION_STATE_ACTIVE;
    private static final SessionState SUSPENDED = SessionState.SESSION_STATE_SUSPENDED;
    private static final SessionState JEOPARDY = SessionState.SESSION_STATE_JEOPARDY;

    private final Guarantee guarantee = new Guarantee(0);

    GuaranteeTest() {
        guarantee.every(10);
    }

    @Test
    void nothing_is_guaranteed_before_the_first_answer() {
        assertThat(guarantee.state(0)).isEqualTo(JEOPARDY);
        assertThat(guarantee.leftNanos(0)).isZero();
    }

    @Test
    void a_guarantee_counts_from_when_its_heartbeat_was_sent_and_not_from_the_answer() {
        guarantee.sent(1, 100);
        guarantee.answered(1, ACTIVE, 50);

        assertThat(guarantee.leftNanos(120)).isEqualTo(30);
        assertThat(guarantee.state(120)).isEqualTo(ACTIVE);
    }

    @Test
    void an_answer_that_comes_late_extends_nothing_beyond_its_heartbeat() {
        guarantee.sent(1, 100);
        guarantee.sent(2, 110);
        guarantee.answered(2, ACTIVE, 50);
        guarantee.answered(1, ACTIVE, 50);

        assertThat(guarantee.leftNanos(110)).isEqualTo(50);
    }

    @Test
    void an_answer_to_a_heartbeat_that_was_never_sent_counts_for_nothing() {
        guarantee.answered(7, ACTIVE, 1_000);

        assertThat(guarantee.leftNanos(1)).isZero();
    }

    @Test
    void who_is_not_answered_is_suspended_first_and_in_jeopardy_when_the_guarantee_is_over() {
        guarantee.sent(1, 100);
        guarantee.answered(1, ACTIVE, 50);

        assertThat(guarantee.state(130)).isEqualTo(ACTIVE);
        assertThat(guarantee.state(131)).isEqualTo(SUSPENDED);
        assertThat(guarantee.state(149)).isEqualTo(SUSPENDED);
        assertThat(guarantee.state(150)).isEqualTo(JEOPARDY);
    }

    @Test
    void what_is_told_unasked_shortens_and_never_extends() {
        guarantee.sent(1, 100);
        guarantee.answered(1, ACTIVE, 50);

        guarantee.told(SUSPENDED, 1_000, 110);
        assertThat(guarantee.leftNanos(110)).isEqualTo(40);
        assertThat(guarantee.state(110)).isEqualTo(SUSPENDED);

        guarantee.told(SUSPENDED, 5, 110);
        assertThat(guarantee.leftNanos(110)).isEqualTo(5);
    }

    @Test
    void jeopardy_ends_the_guarantee_and_an_answer_brings_it_back() {
        guarantee.sent(1, 100);
        guarantee.answered(1, ACTIVE, 50);
        guarantee.told(JEOPARDY, 0, 110);
        assertThat(guarantee.state(111)).isEqualTo(JEOPARDY);

        guarantee.sent(2, 120);
        guarantee.answered(2, ACTIVE, 50);

        assertThat(guarantee.state(125)).isEqualTo(ACTIVE);
        assertThat(guarantee.leftNanos(125)).isEqualTo(45);
    }

    @Test
    void heartbeats_without_answers_are_not_kept_for_ever() {
        for (int i = 1; i <= 1_000; i++) {
            guarantee.sent(i, i);
        }

        guarantee.answered(1, ACTIVE, 5_000);
        assertThat(guarantee.leftNanos(1)).isZero();
        guarantee.answered(1_000, ACTIVE, 50);
        assertThat(guarantee.leftNanos(1_000)).isEqualTo(50);
    }
}
