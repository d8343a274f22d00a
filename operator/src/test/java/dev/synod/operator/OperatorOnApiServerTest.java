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
import dev.synod.crd.CoordinationClusterStatus;
import dev.synod.crd.CoordinationClusterStatus.Condition;
import dev.synod.crd.CoordinationClusterStatus.Truth;
import dev.synod.crd.Labels;
import dev.synod.crd.Voters;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
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
        createWrong("beforehand", "containers: [{name: app, image: app, ports: '80'}]");
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
    void aValueOfAWrongTypeIsToldAndHoldsUpNoOtherCluster() {
        createWrong("typed",
                "containers: [{name: app, image: app, stdin: [1]}]\nhostAliases: [{hostnames: 5}]");
        create("beside", 3);
        await().atMost(SOON).untilAsserted(() -> assertThat(
                client.apps().statefulSets().inNamespace(NAMESPACE).withName("beside").get()).isNotNull());
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(condition("typed", "Degraded").reason()).isEqualTo("InvalidSpec");
            assertThat(condition("typed", "Degraded").message())
                    .contains("spec.template.spec.containers[0].stdin is [1]; allowed is true or false",
                            "spec.template.spec.hostAliases[0].hostnames is 5; allowed is a list");
        });
        assertNothingIsMadeFor("typed");
    }

    @Test
    void aValueOfAWrongTypeFromBeforeTheStartIsToldAndHoldsUpNobody() {
        await().atMost(SOON).untilAsserted(() -> assertThat(condition("beforehand", "Degraded").message())
                .contains("spec.template.spec.containers[0].ports is \"80\"; allowed is a list"));
        assertNothingIsMadeFor("beforehand");
        raw("beforehand").edit(cluster -> {
            cluster.setAdditionalProperty("spec", Map.of());
            return cluster;
        });
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(client.apps().statefulSets().inNamespace(NAMESPACE).withName("beforehand").get())
                    .as("put right, it begins").isNotNull();
            assertThat(condition("beforehand", "Degraded").status()).isEqualTo(Truth.False);
        });
    }

    private static void assertNothingIsMadeFor(String cluster) {
        assertThat(client.configMaps().inNamespace(NAMESPACE).withName(cluster + "-bootstrap").get())
                .isNull();
        assertThat(client.services().inNamespace(NAMESPACE).withName(cluster + "-peers").get()).isNull();
        assertThat(client.secrets().inNamespace(NAMESPACE).withLabel(Labels.CLUSTER, cluster).list()
                .getItems()).isEmpty();
        assertThat(client.apps().statefulSets().inNamespace(NAMESPACE).withName(cluster).get()).isNull();
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

    @Test
    void whatStaysInTheWayIsOneEvent() {
        client.resource(new ConfigMapBuilder().withNewMetadata().withName("told-bootstrap")
                .withNamespace(NAMESPACE).endMetadata().build()).create();
        create("told", 1);
        for (int voters : List.of(3, 5, 7)) {
            String uid = raw("told").edit(cluster -> {
                cluster.setAdditionalProperty("spec", Map.of("voters", Map.of("replicas", voters)));
                return cluster;
            }).getMetadata().getUid();
            await().atMost(SOON).untilAsserted(() -> {
                Condition degraded = condition("told", "Degraded");
                assertThat(degraded.reason()).isEqualTo("NameTaken");
                assertThat(degraded.observedGeneration()).as("a pass over this very spec was made")
                        .isEqualTo(raw("told").get().getMetadata().getGeneration());
                assertThat(client.events().v1().events().inNamespace(NAMESPACE).list().getItems())
                        .filteredOn(event -> uid.equals(event.getRegarding().getUid())).singleElement()
                        .satisfies(event -> {
                            assertThat(event.getType()).isEqualTo("Warning");
                            assertThat(event.getReason()).isEqualTo("NameTaken");
                            assertThat(event.getRegarding().getKind()).isEqualTo("CoordinationCluster");
                            assertThat(event.getRegarding().getName()).isEqualTo("told");
                            assertThat(event.getNote()).contains("ConfigMap told-bootstrap");
                        });
            });
        }
    }

    @Test
    void theStatusOfAnEarlierClusterOfTheNameIsRefused() {
        create("again", 3);
        await().atMost(SOON).untilAsserted(() -> condition("again", "Progressing"));
        CoordinationCluster earlier = client.resources(CoordinationCluster.class).inNamespace(NAMESPACE)
                .withName("again").get();
        client.resource(earlier).delete();
        await().atMost(SOON).until(() -> raw("again").get() == null);
        create("again", 3);
        earlier.setMetadata(new ObjectMetaBuilder().withName("again").withNamespace(NAMESPACE)
                .withResourceVersion(earlier.getMetadata().getResourceVersion()).build());
        earlier.setSpec(null);
        PatchContext apply = new PatchContext.Builder().withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager("test").withForce(true).build();
        assertThatExceptionOfType(KubernetesClientException.class)
                .isThrownBy(() -> client.resource(earlier).subresource("status").patch(apply))
                .satisfies(refusal -> assertThat(refusal.getCode()).isEqualTo(409));
    }

    /** The end of the first and the beginning of the second come during a pass that has nothing to write. */
    @Test
    void aClusterMadeAtOnceInPlaceOfAnotherIsLookedAfter() {
        for (int times = 0; times < 5; times++) {
            String name = "heir-" + times;
            create(name, 3);
            await().atMost(SOON).untilAsserted(
                    () -> assertThat(condition(name, "Progressing").message()).contains("does not answer"));
            client.apps().statefulSets().inNamespace(NAMESPACE).withName(name)
                    .patch("{\"metadata\":{\"annotations\":{\"wakes\":\"a pass\"}}}");
            delete(name);
            create(name, 3);
            await().atMost(SOON).untilAsserted(() -> assertThat(conditions(name)).isNotEmpty());
        }
    }

    private static void delete(String name) {
        client.resources(CoordinationCluster.class).inNamespace(NAMESPACE).withName(name).delete();
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

    /** As it is stored: some of them nobody can read into the types that there are for them. */
    private static Resource<GenericKubernetesResource> raw(String name) {
        return client.genericKubernetesResources(
                CoordinationCluster.GROUP + "/" + CoordinationCluster.VERSION, "CoordinationCluster")
                .inNamespace(NAMESPACE).withName(name);
    }

    /** @param pod YAML of its template's pod */
    private static void createWrong(String name, String pod) {
        client.genericKubernetesResources(
                CoordinationCluster.GROUP + "/" + CoordinationCluster.VERSION, "CoordinationCluster")
                .inNamespace(NAMESPACE).resource(Serialization.unmarshal("""
                        apiVersion: synod.dev/v1alpha1
                        kind: CoordinationCluster
                        metadata: {name: %s}
                        spec:
                          template:
                            spec:
                        """.formatted(name) + pod.indent(6), GenericKubernetesResource.class)).create();
    }

    private static Condition condition(String name, String type) {
        return Objects.requireNonNull(conditions(name).get(type), type);
    }

    private static Map<String, Condition> conditions(String name) {
        Map<String, Condition> conditions = new TreeMap<>();
        Object status = raw(name).get().get("status");
        assertThat(status).isNotNull();
        client.getKubernetesSerialization().convertValue(status, CoordinationClusterStatus.class).conditions()
                .forEach(condition -> conditions.put(condition.type(), condition));
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
