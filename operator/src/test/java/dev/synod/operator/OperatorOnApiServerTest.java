package dev.synod.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.synod.crd.Annotations;
import dev.synod.crd.CoordinationCluster;
import dev.synod.crd.CoordinationClusterSpec;
import dev.synod.crd.CoordinationClusterStatus.Condition;
import dev.synod.crd.CoordinationClusterStatus.Truth;
import dev.synod.crd.Labels;
import dev.synod.crd.Voters;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The whole operator before a real API server, whose address KUBECONFIG gives. Members never run: their image
 * does not exist, and there need not be a kubelet.
 */
@Tag("apiserver")
final class OperatorOnApiServerTest {
    private static final String NAMESPACE = "operator-" + UUID.randomUUID().toString().substring(0, 8);
    private static final Duration SOON = Duration.ofSeconds(60);

    private static KubernetesClient client;
    private static Running operator;

    @BeforeAll
    static void start() throws IOException {
        client = new KubernetesClientBuilder().build();
        applyDefinition(true);
        client.resource(new NamespaceBuilder().withNewMetadata().withName(NAMESPACE).endMetadata().build())
                .create();
        operator = Running.start(OperatorConfig.of(Map.of(
                OperatorConfig.IMAGE, "synod.example/none:1",
                OperatorConfig.NAMESPACE, NAMESPACE,
                OperatorConfig.WATCHED, NAMESPACE,
                OperatorConfig.LEASE, "operator",
                OperatorConfig.LISTEN, "127.0.0.1:0"), "test"), () -> {
                    throw new AssertionError("the Lease was lost");
                });
    }

    /** @param rules whether with its rules, or as one that was there before them */
    private static void applyDefinition(boolean rules) throws IOException {
        try (InputStream crd = CoordinationCluster.class
                .getResourceAsStream("/META-INF/fabric8/coordinationclusters.synod.dev-v1.yml")) {
            JsonNode definition = new ObjectMapper().valueToTree(client.getKubernetesSerialization()
                    .unmarshal(Objects.requireNonNull(crd), Map.class));
            if (!rules) {
                definition.findParents("x-kubernetes-validations")
                        .forEach(node -> ((ObjectNode) node).remove("x-kubernetes-validations"));
            }
            client.resource(definition.toString()).forceConflicts().serverSideApply();
        }
    }

    @AfterAll
    static void stop() {
        operator.stop();
        assertThat(client.leases().inNamespace(NAMESPACE).withName("operator").get().getSpec()
                .getHolderIdentity()).as("an operator that ends gives up its Lease").isNullOrEmpty();
        client.namespaces().withName(NAMESPACE).delete();
        client.close();
    }

    @Test
    void aClusterGetsItsObjectsAndAWholeStatus() {
        create("first", 3);
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(client.apps().statefulSets().inNamespace(NAMESPACE).withName("first").get())
                    .isNotNull().satisfies(set -> assertThat(set.getSpec().getReplicas()).isEqualTo(3));
            assertThat(client.secrets().inNamespace(NAMESPACE).withName("first-member-tls").get())
                    .isNotNull();
            assertThat(
                    client.policy().v1().podDisruptionBudget().inNamespace(NAMESPACE).withName("first").get())
                    .isNotNull();
            assertThat(conditions("first")).containsOnlyKeys("Ready", "Available", "Progressing", "Degraded",
                    "ReconciliationPaused");
            assertThat(condition("first", "Progressing").message()).contains("voter 0 does not answer");
            assertThat(condition("first", "Available").status()).isEqualTo(Truth.False);
        });
    }

    @Test
    void aPassThatFindsAllAsItIsWritesNothing() {
        create("still", 3);
        await().atMost(SOON).untilAsserted(() -> assertThat(condition("still", "Progressing").message())
                .contains("does not answer"));
        Map<String, String> versions = versions("still");
        double passes = operator.passes();
        await().atMost(SOON).until(() -> operator.passes() > passes + 5);
        assertThat(versions("still")).isEqualTo(versions).hasSizeGreaterThan(10);
    }

    @Test
    void whatSomebodyChangesIsPutRight() {
        create("drift", 3);
        await().atMost(SOON)
                .until(() -> client.services().inNamespace(NAMESPACE).withName("drift-peers").get() != null
                        && client.apps().statefulSets().inNamespace(NAMESPACE).withName("drift").get()
                                != null);
        client.services().inNamespace(NAMESPACE).withName("drift-peers").edit(service -> {
            service.getSpec().setPublishNotReadyAddresses(false);
            return service;
        });
        client.network().v1().networkPolicies().inNamespace(NAMESPACE).withName("drift").delete();
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(client.services().inNamespace(NAMESPACE).withName("drift-peers").get().getSpec()
                    .getPublishNotReadyAddresses()).isTrue();
            assertThat(client.network().v1().networkPolicies().inNamespace(NAMESPACE).withName("drift").get())
                    .isNotNull();
        });
    }

    @Test
    void aSingleVoterHasNoBudget() {
        create("single", 1);
        await().atMost(SOON).until(
                () -> client.apps().statefulSets().inNamespace(NAMESPACE).withName("single").get() != null);
        assertThat(client.policy().v1().podDisruptionBudget().inNamespace(NAMESPACE).withName("single").get())
                .isNull();
    }

    @Test
    void aWrongAnnotationIsToldAndNothingIsDone() {
        create("wrong", 3, Map.of(Annotations.PAUSED, "maybe"));
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(condition("wrong", "Degraded").status()).isEqualTo(Truth.True);
            assertThat(condition("wrong", "Degraded").message())
                    .contains("is 'maybe'; allowed is true or false");
        });
        assertThat(client.configMaps().inNamespace(NAMESPACE).withName("wrong-bootstrap").get()).isNull();
        assertThat(client.services().inNamespace(NAMESPACE).withName("wrong-peers").get()).isNull();
    }

    @Test
    void aPausedClusterIsLeftAloneUntilTheAnnotationGoes() {
        create("paused", 3, Map.of(Annotations.PAUSED, "true"));
        await().atMost(SOON).untilAsserted(() -> assertThat(
                condition("paused", "ReconciliationPaused").status()).isEqualTo(Truth.True));
        assertThat(client.services().inNamespace(NAMESPACE).withName("paused-peers").get()).isNull();
        client.resources(CoordinationCluster.class).inNamespace(NAMESPACE).withName("paused")
                .edit(cluster -> {
                    cluster.getMetadata().setAnnotations(Map.of());
                    return cluster;
                });
        await().atMost(SOON).until(
                () -> client.apps().statefulSets().inNamespace(NAMESPACE).withName("paused").get() != null);
    }

    @Test
    void whatGotInBeforeARuleExistedIsToldAndLeftAlone() throws IOException {
        applyDefinition(false);
        try {
            // The new definition counts a moment after it was taken.
            await().atMost(SOON).ignoreExceptions().until(() -> {
                create("old", 4);
                return true;
            });
        } finally {
            applyDefinition(true);
        }
        await().atMost(SOON).untilAsserted(() -> assertThatExceptionOfType(KubernetesClientException.class)
                .isThrownBy(() -> create("new", 4)));
        // As time goes by it can still be told: the API server lets pass what was wrong before.
        client.resources(CoordinationCluster.class).inNamespace(NAMESPACE).withName("old").edit(cluster -> {
            cluster.getMetadata().setAnnotations(Map.of(Annotations.RESTART, "now"));
            return cluster;
        });
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(condition("old", "Degraded").reason()).isEqualTo("InvalidSpec");
            assertThat(condition("old", "Degraded").message())
                    .contains("spec.voters.replicas is 4; allowed is 1, 3, 5 or 7");
        });
        assertThat(client.configMaps().inNamespace(NAMESPACE).withName("old-bootstrap").get()).isNull();
        assertThat(client.apps().statefulSets().inNamespace(NAMESPACE).withName("old").get()).isNull();
    }

    @Test
    void anObjectOfSomebodyElseIsNotTouched() {
        client.resource(
                new ConfigMapBuilder().withNewMetadata().withName("taken-bootstrap").withNamespace(NAMESPACE)
                        .endMetadata().withData(Map.of("mine", "yes")).build())
                .create();
        create("taken", 3);
        await().atMost(SOON).untilAsserted(() -> assertThat(condition("taken", "Degraded").reason())
                .isEqualTo("NameTaken"));
        assertThat(client.configMaps().inNamespace(NAMESPACE).withName("taken-bootstrap").get().getData())
                .containsExactly(Map.entry("mine", "yes"));
    }

    private static void create(String name, int voters) {
        create(name, voters, Map.of());
    }

    private static void create(String name, int voters, Map<String, String> annotations) {
        CoordinationCluster cluster = new CoordinationCluster();
        cluster.setMetadata(new ObjectMetaBuilder().withName(name).withNamespace(NAMESPACE)
                .withAnnotations(annotations).build());
        cluster.setSpec(new CoordinationClusterSpec(new Voters(voters), null, null, null, null, null, null,
                null, null));
        client.resource(cluster).create();
    }

    private static Condition condition(String name, String type) {
        return Objects.requireNonNull(conditions(name).get(type), type);
    }

    private static Map<String, Condition> conditions(String name) {
        Map<String, Condition> conditions = new TreeMap<>();
        CoordinationCluster cluster =
                client.resources(CoordinationCluster.class).inNamespace(NAMESPACE).withName(name).get();
        assertThat(cluster.getStatus()).isNotNull();
        cluster.getStatus().conditions().forEach(condition -> conditions.put(condition.type(), condition));
        return conditions;
    }

    /** Of everything that the operator writes for a cluster; of sets and budgets only what is asked for. */
    private static Map<String, String> versions(String cluster) {
        Map<String, String> versions = new TreeMap<>();
        Stream.<List<? extends HasMetadata>>of(
                client.configMaps().inNamespace(NAMESPACE).withLabel(Labels.CLUSTER, cluster).list()
                        .getItems(),
                client.secrets().inNamespace(NAMESPACE).withLabel(Labels.CLUSTER, cluster).list().getItems(),
                client.services().inNamespace(NAMESPACE).withLabel(Labels.CLUSTER, cluster).list().getItems(),
                client.network().v1().networkPolicies().inNamespace(NAMESPACE)
                        .withLabel(Labels.CLUSTER, cluster)
                        .list().getItems())
                .flatMap(List::stream).forEach(object -> versions.put(
                        object.getKind() + object.getMetadata().getName(),
                        object.getMetadata().getResourceVersion()));
        client.apps().statefulSets().inNamespace(NAMESPACE).withLabel(Labels.CLUSTER, cluster).list()
                .getItems()
                .forEach(set -> versions.put("set " + set.getMetadata().getName(),
                        String.valueOf(set.getMetadata().getGeneration())));
        client.policy().v1().podDisruptionBudget().inNamespace(NAMESPACE).withLabel(Labels.CLUSTER, cluster)
                .list()
                .getItems().forEach(budget -> versions.put("budget", String.valueOf(
                        budget.getMetadata().getGeneration())));
        versions.put("status",
                client.resources(CoordinationCluster.class).inNamespace(NAMESPACE).withName(cluster)
                        .get().getMetadata().getResourceVersion());
        return versions;
    }
}
