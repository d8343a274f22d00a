package dev.synod.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.crd.Annotations;
import dev.synod.crd.CoordinationCluster;
import dev.synod.crd.CoordinationClusterStatus;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which changes of a cluster's object the operator looks at. */
final class WakingChangeTest {
    private final CoordinationCluster before = cluster();
    private final CoordinationCluster now = cluster();

    @Test
    void aStatusOfItsOwnDoesNotWakeIt() {
        now.getMetadata().setResourceVersion("2");
        now.setStatus(new CoordinationClusterStatus(1L, "id", null, "3/3", null, 0, 0, null, null, null));
        assertThat(wakes()).isFalse();
    }

    @Test
    void anAnnotationOfSomebodyElseDoesNotWakeIt() {
        now.getMetadata().setAnnotations(Map.of("kubectl.kubernetes.io/last-applied-configuration", "{}"));
        assertThat(wakes()).isFalse();
    }

    @Test
    void anotherSpecWakesIt() {
        now.getMetadata().setGeneration(2L);
        assertThat(wakes()).isTrue();
    }

    @Test
    void theBeginningOfItsEndWakesIt() {
        now.getMetadata().setDeletionTimestamp("2026-01-01T00:00:00Z");
        assertThat(wakes()).isTrue();
    }

    @Test
    void anotherObjectOfTheSameNameWakesIt() {
        now.getMetadata().setUid("another");
        assertThat(wakes()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {Annotations.PAUSED, Annotations.RESTART, Annotations.REPLACE_MEMBER,
        Annotations.RECOVER_FROM, Annotations.RENEW_CERTIFICATES})
    void aWishWakesIt(String annotation) {
        now.getMetadata().setAnnotations(Map.of(annotation, "x"));
        assertThat(wakes()).isTrue();
    }

    private boolean wakes() {
        return new WakingChange().accept(now, before);
    }

    private static CoordinationCluster cluster() {
        CoordinationCluster cluster = new CoordinationCluster();
        cluster.setMetadata(new ObjectMetaBuilder().withName("orders").withNamespace("shop").withUid("one")
                .withGeneration(1L).withResourceVersion("1").build());
        return cluster;
    }
}
