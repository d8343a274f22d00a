package dev.synod.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.operator.act.Obstacle;
import dev.synod.operator.status.Outcome;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Failures in the words of a condition. */
final class TroubleTest {
    @Test
    void aRefusalOfTheApiServerIsTold() {
        KubernetesClientException refused = new KubernetesClientException(new StatusBuilder().withCode(403)
                .withReason("Forbidden").withMessage("services is forbidden").build());
        assertThat(Trouble.of(refused)).hasValueSatisfying(failed -> {
            assertThat(failed.reason()).isEqualTo("Forbidden");
            assertThat(failed.message()).contains("services is forbidden");
        });
        assertThat(Trouble.isConflict(refused)).isFalse();
        assertThat(Trouble.isRefusal(refused)).isTrue();
        assertThat(Trouble.isRefusal(new KubernetesClientException("sending failed"))).isFalse();
    }

    @Test
    void anApiServerThatDoesNotAnswerIsTold() {
        assertThat(Trouble
                .of(new KubernetesClientException("sending failed", new IOException("connection reset"))))
                .map(Outcome.Failed::message).hasValueSatisfying(
                        message -> assertThat(message).contains("connection reset"));
    }

    @Test
    void whatAPersonHasToPutRightIsToldInItsOwnWords() {
        assertThat(Trouble.of(new Obstacle("NameTaken", "Service orders-peers belongs to somebody else")))
                .contains(new Outcome.Failed("NameTaken", "Service orders-peers belongs to somebody else"));
        assertThat(Trouble.of(new IllegalArgumentException("the annotation is wrong")))
                .contains(new Outcome.Failed("InvalidRequest", "the annotation is wrong"));
    }

    @Test
    void aDefectIsNotTakenForLife() {
        assertThat(Trouble.of(new NullPointerException())).isEmpty();
    }
}
