package dev.synod.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

import dev.synod.crd.CoordinationCluster;
import io.fabric8.kubernetes.api.model.DefaultKubernetesResourceList;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Clusters with values that the types which there are for them do not hold. */
final class TolerantReadingTest {
    private final KubernetesSerialization serialization = TolerantReading.serialization();

    @Test
    void allThatCannotBeReadIsToldAndTheRestIsRead() {
        CoordinationCluster cluster = read("""
                spec:
                  voters: {replicas: 5}
                  sidecar: {ports: {admin: 9402}}
                  scheduling: {tolerations: [{key: a, tolerationSeconds: soon}]}
                  template:
                    spec:
                      containers: [{name: app, image: app, ports: '80'}, {name: b, tty: [1]}]
                """);
        assertThat(TolerantReading.problems(cluster)).containsExactlyInAnyOrder(
                "spec.scheduling.tolerations[0].tolerationSeconds is \"soon\"; allowed is a number",
                "spec.template.spec.containers[0].ports is \"80\"; allowed is a list",
                "spec.template.spec.containers[1].tty is [1]; allowed is true or false");
        assertThat(cluster.getSpec().voters().replicas()).isEqualTo(5);
        assertThat(cluster.getSpec().sidecar().ports().admin()).isEqualTo(9402);
    }

    @Test
    void aWordThatAnotherDefinitionAllowedIsToldWithThoseOfThisOne() {
        assertThat(TolerantReading.problems(read("spec: {storage: {retention: Archive}}"))).containsExactly(
                "spec.storage.retention is \"Archive\"; allowed is one of [Retain, Delete]");
    }

    @Test
    void ofAStatusOfAnotherOperatorStaysWhatCanBeRead() {
        CoordinationCluster cluster = read("""
                spec: {}
                status:
                  leader: orders-1
                  members: [{name: orders-0, role: Witness, health: Healthy}]
                """);
        assertThat(TolerantReading.problems(cluster)).isEmpty();
        assertThat(Objects.requireNonNull(cluster.getStatus()).leader()).isEqualTo("orders-1");
    }

    @Test
    void whatIsWrongIsToldOfACopyToo() {
        CoordinationCluster cluster = read("spec: {storage: {retention: Archive}}");
        assertThat(TolerantReading.problems(serialization.clone(cluster)))
                .isEqualTo(TolerantReading.problems(cluster)).hasSize(1);
    }

    @Test
    void aHundredWrongValuesAreSeventeenProblems() {
        String wrong = "{name: a, tty: [1]}, ".repeat(100);
        assertThat(TolerantReading.problems(read("spec: {template: {spec: {containers: [" + wrong + "]}}}")))
                .hasSize(17);
    }

    @Test
    void aPartIsReadUnlessItOrAllAroundItWasLeftOut() {
        assertThat(TolerantReading.isRead(read("spec: {storage: {retention: 7}}"), "spec.tls")).isTrue();
        for (String spec : List.of("{tls: {provider: Vault}}", "{tls: [1]}", "[1]", "{template: {spec:"
                + " {containers: [" + "{name: a, tty: [1]}, ".repeat(100) + "]}}}")) {
            assertThat(TolerantReading.isRead(read("spec: " + spec), "spec.tls")).as(spec).isFalse();
        }
    }

    @Test
    void whatIsAllRightHasNoProblem() {
        assertThat(TolerantReading.problems(read("spec: {voters: {replicas: 3}}"))).isEmpty();
    }

    @Test
    void whatIsNoClusterAtAllIsNotTakenForOne() {
        assertThatException().isThrownBy(() -> serialization.unmarshal("[]", CoordinationCluster.class));
    }

    @Test
    void aListIsReadWhateverIsInIt() {
        DefaultKubernetesResourceList<CoordinationCluster> list = serialization.unmarshal("""
                {"kind": "CoordinationClusterList", "apiVersion": "synod.dev/v1alpha1", "items": [
                 {"metadata": {"name": "a"}, "spec": {"storage": {"retention": 7}}},
                 {"metadata": {"name": "b"}, "spec": {}}]}""", Clusters.class);
        assertThat(list.getItems()).hasSize(2);
    }

    /** As the API server sends them. */
    private static final class Clusters extends DefaultKubernetesResourceList<CoordinationCluster> {
        private static final long serialVersionUID = 1L;
    }

    private CoordinationCluster read(String rest) {
        return serialization.unmarshal("""
                apiVersion: synod.dev/v1alpha1
                kind: CoordinationCluster
                metadata: {name: orders, namespace: shop}
                """ + rest, CoordinationCluster.class);
    }
}
