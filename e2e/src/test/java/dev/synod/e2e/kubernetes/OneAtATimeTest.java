package dev.synod.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Events as the API server sends them, right ones and planted faults. Times are in seconds. */
final class OneAtATimeTest {
    private final Set<String> answering = new HashSet<>();
    private final OneAtATime rule = new OneAtATime("a", 3, answering::contains);

    @BeforeEach
    void allServe() {
        for (int place = 0; place < 3; place++) {
            there("a-" + place, "old", true, 0);
        }
    }

    private void there(String pod, String life, boolean serves, long second) {
        rule.there(pod, pod + life, serves, second * 1_000_000_000);
    }

    private void gone(String pod, String life, long second) {
        rule.gone(pod, pod + life, second * 1_000_000_000);
    }

    @Test
    void aRollThatWaitsForEachIsRight() {
        for (int place = 2; place >= 0; place--) {
            gone("a-" + place, "old", 10);
            gone("a-" + place, "old", 11);
            there("a-" + place, "new", false, 12);
            there("a-" + place, "new", true, 13);
        }
        assertThat(rule.found()).isEmpty();
        assertThat(rule.takenDown()).containsExactly("a-2", "a-1", "a-0");
    }

    @Test
    void whoAnswersServesThoughKubernetesHasNotToldYet() {
        gone("a-2", "old", 10);
        there("a-2", "new", false, 11);
        answering.add("a-2");
        gone("a-1", "old", 12);
        assertThat(rule.found()).isEmpty();
        assertThat(rule.takenDown()).containsExactly("a-2", "a-1");
    }

    @Test
    void theOperatorTakesTwo() {
        gone("a-2", "old", 10);
        there("a-2", "new", false, 11);
        gone("a-1", "old", 12);
        assertThat(rule.found()).singleElement().asString().startsWith("a-1 ").contains("a-2");
    }

    @Test
    void theOperatorTakesOneBesideTheOneThatTheScenarioTook() {
        rule.announce("a-0old");
        gone("a-0", "old", 10);
        gone("a-1", "old", 20);
        assertThat(rule.found()).singleElement().asString().startsWith("a-1 ").contains("a-0");
    }

    @Test
    void theOperatorTakesOneBesideAMemberThatEnded() {
        there("a-0", "old", false, 10);
        gone("a-1", "old", 20);
        assertThat(rule.found()).singleElement().asString().startsWith("a-1 ").contains("a-0");
    }

    @Test
    void theOperatorDidNotSeeWhatTheScenarioJustTook() {
        rule.announce("a-0old");
        gone("a-0", "old", 10);
        gone("a-1", "old", 11);
        assertThat(rule.found()).isEmpty();
    }

    @Test
    void aLateEventOfThePodThatRunsTakesNoAnnouncementBack() {
        rule.announce("a-0old");
        there("a-0", "old", true, 9);
        gone("a-0", "old", 10);
        assertThat(rule.takenDown()).isEmpty();
    }

    @Test
    void anEventBeforeTheAnnouncementIsForgiven() {
        rule.announce("a-0old");
        gone("a-0", "old", 10);
        gone("a-1", "old", 20);
        rule.announce("a-1old");
        assertThat(rule.found()).isEmpty();
    }

    @Test
    void whatIsAnnouncedIsOnePodAndNotTheNextOfItsName() {
        rule.announce("a-0old");
        gone("a-0", "old", 10);
        there("a-0", "new", true, 11);
        gone("a-1", "old", 20);
        gone("a-0", "new", 21);
        assertThat(rule.found()).singleElement().asString().startsWith("a-0 ");
    }

    @Test
    void podsThatDoNotServeAreMadeAnewBesideEachOther() {
        rule.announce("a-0old");
        gone("a-0", "old", 10);
        there("a-0", "bad", false, 11);
        there("a-1", "old", false, 12);
        gone("a-1", "old", 30);
        gone("a-0", "bad", 31);
        assertThat(rule.found()).isEmpty();
    }

    @Test
    void aRecoveryMayTakeWhatServesUntilNobodyIsAway() {
        gone("a-0", "old", 10);
        there("a-0", "new", false, 11);
        rule.recovers();
        gone("a-1", "old", 20);
        there("a-1", "new", true, 21);
        there("a-0", "new", true, 22);
        assertThat(rule.found()).isEmpty();
        gone("a-0", "new", 30);
        gone("a-1", "new", 31);
        assertThat(rule.found()).hasSize(1);
    }

    @Test
    void aPlaceThatIsNoVotersAnyMoreIsNotMissed() {
        gone("a-2", "old", 10);
        rule.voters(1);
        gone("a-0", "old", 20);
        assertThat(rule.found()).isEmpty();
    }

    @Test
    void aDeletionWithoutAnEventIsSeenByThePodThatFollows() {
        there("a-2", "new", false, 10);
        gone("a-1", "old", 11);
        assertThat(rule.takenDown()).containsExactly("a-2", "a-1");
        assertThat(rule.found()).hasSize(1);
    }
}
