package dev.synod.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.synod.crd.Annotations;
import dev.synod.crd.CoordinationCluster;
import dev.synod.crd.CoordinationClusterSpec;
import dev.synod.crd.CoordinationClusterStatus;
import dev.synod.crd.Voters;
import dev.synod.operator.act.Furnishing;
import dev.synod.operator.act.ScriptedApi;
import dev.synod.operator.act.SecretKeeper;
import dev.synod.operator.act.Steps;
import dev.synod.operator.members.MemberAdmin;
import dev.synod.operator.model.Blueprint;
import dev.synod.operator.model.OperatorSettings;
import dev.synod.operator.plan.Decision;
import dev.synod.operator.plan.PodSet;
import dev.synod.operator.plan.Reason;
import dev.synod.operator.status.Outcome;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whole passes before something that answers like an API server; no member ever runs. */
final class PassTest {
    private static final OperatorSettings SETTINGS =
            new OperatorSettings("synod/sidecar:2", "synod-system", Map.of("app", "operator"));
    private static final String CLUSTER =
            "/apis/synod.dev/v1alpha1/namespaces/shop/coordinationclusters/orders";
    private static final String SETS = "/apis/apps/v1/namespaces/shop/statefulsets/";

    private ScriptedApi api;
    private MemberAdmin members;
    private Instant now = Instant.parse("2026-11-23T12:00:00Z");

    @BeforeEach
    void start() throws IOException {
        api = new ScriptedApi();
        members = new MemberAdmin();
    }

    @AfterEach
    void stop() {
        members.close();
        api.close();
    }

    @Test
    void aFirstPassWritesTheIdentityDown() {
        assertThat(decision(cluster(3))).isInstanceOf(Decision.Act.class);
        assertThat(api.requests).extracting(ScriptedApi.Request::path)
                .contains("/api/v1/namespaces/shop/configmaps");
    }

    @Test
    void noStepIsTakenOnATemplateThatWasNotWritten() {
        api.answers("PATCH", 409);
        Decision decision = decision(cluster(3));
        assertThat(decision).isInstanceOf(Decision.Await.class);
        assertThat(decision.message()).contains("something has changed meanwhile");
        assertThat(api.requests).extracting(ScriptedApi.Request::path)
                .doesNotContain("/api/v1/namespaces/shop/configmaps");
    }

    @Test
    void aSecretThatAnotherOperatorMadeFirstIsNoDefect() {
        api.answers("POST", 409);
        Decision decision = decision(cluster(3));
        assertThat(decision).isInstanceOf(Decision.Await.class);
        assertThat(decision.message()).contains("something has changed meanwhile");
    }

    @Test
    void threeVotersKeepTheirBudgetUntilTwoHaveLeft() {
        decision(cluster(3));
        CoordinationCluster smaller = cluster(1);
        api.has(SETS + "orders", blueprint(smaller).set(PodSet.VOTERS, 3, "1Gi"));
        decision(smaller);
        assertThat(budget()).isTrue();
        api.has(SETS + "orders", blueprint(smaller).set(PodSet.VOTERS, 1, "1Gi"));
        decision(smaller);
        assertThat(budget()).isFalse();
    }

    @Test
    void aClusterWhoseRecordIsLostKeepsItsImageAndIsNotBegunAgain() {
        CoordinationCluster cluster = cluster(3);
        StatefulSet set = Blueprint.of(cluster, Optional.of("synod/sidecar:1"), SETTINGS)
                .set(PodSet.VOTERS, 3, "1Gi");
        api.has(SETS + "orders", set);
        api.has("/api/v1/namespaces/shop/persistentvolumeclaims/synod-orders-0",
                new PersistentVolumeClaimBuilder().withNewMetadata()
                        .withName("synod-orders-0").withUid("claim-0").endMetadata()
                        .withNewSpec().withNewResources().addToRequests("storage",
                                new Quantity("1Gi"))
                        .endResources().endSpec().build());
        cluster.setStatus(new CoordinationClusterStatus(1L, null, "synod/sidecar:1", null, null, null, 0,
                null, List.of(), List.of()));
        assertThat(decision(cluster).reason()).isEqualTo(Reason.LatchLost);
        assertThat(api.client.apps().statefulSets().inNamespace("shop").withName("orders").get().getSpec()
                .getTemplate().getSpec().getContainers().getFirst().getImage()).isEqualTo("synod/sidecar:1");
    }

    @Test
    void aBeginningEndsAlikeWhicheverAnswerIsLost() throws IOException {
        Map<String, Set<String>> wanted = begun(api);
        int writes = api.requests.size();
        assertThat(writes).isGreaterThan(8);
        for (int lost = 0; lost < writes; lost++) {
            try (ScriptedApi other = new ScriptedApi()) {
                other.losesTheAnswerAfter(lost);
                assertThat(begun(other)).as("the answer to write %s is lost", lost).isEqualTo(wanted);
            }
        }
    }

    @Test
    void anotherTemplateEndsAlikeWhicheverAnswerIsLost() throws IOException {
        begun(api);
        assertThat(endsAlike(read("spec: {sidecar: {ports: {admin: 9402}}}"))).containsExactlyInAnyOrder(
                "Service", "NetworkPolicy", "StatefulSet");
    }

    @Test
    void renewedCertificatesEndAlikeWhicheverAnswerIsLost() throws IOException {
        begun(api);
        now = now.plus(Duration.ofDays(61));
        assertThat(endsAlike(cluster(3))).containsExactly("Secret", "Secret", "Secret");
        now = now.plus(Duration.ofDays(3_600));
        assertThat(endsAlike(cluster(3))).containsExactly("Secret", "Secret", "Secret", "Secret");
    }

    /** Kinds of what the passes change that a cluster begun needs, whichever of their answers is lost. */
    private List<String> endsAlike(CoordinationCluster cluster) throws IOException {
        Map<String, JsonNode> before = api.stored();
        Map<String, JsonNode> wanted;
        int writes;
        try (ScriptedApi server = api.copy()) {
            settle(server, cluster);
            wanted = server.stored();
            writes = server.requests.size();
        }
        List<String> changed = wanted.entrySet().stream()
                .filter(entry -> !entry.getValue().equals(before.get(entry.getKey())))
                .map(entry -> entry.getValue().path("kind").asText()).toList();
        for (int lost = 0; lost < writes; lost++) {
            try (ScriptedApi server = api.copy()) {
                server.losesTheAnswerAfter(lost);
                settle(server, cluster);
                assertThat(withoutKeys(server.stored())).as("the answer to write %s is lost", lost)
                        .isEqualTo(withoutKeys(wanted));
            }
        }
        return changed;
    }

    /** Without what is drawn. That certificates go with their keys is why a pass writes nothing more. */
    private static Map<String, JsonNode> withoutKeys(Map<String, JsonNode> stored) {
        stored.forEach((path, object) -> {
            if (path.contains("/secrets/")) {
                object.path("data").properties().forEach(field -> field.setValue(TextNode.valueOf("drawn")));
            }
        });
        return stored;
    }

    @Test
    void certificatesOfAPausedClusterAreRenewedAndNothingElseIsWritten() {
        begun(api);
        Map<String, JsonNode> before = api.stored();
        now = now.plus(Duration.ofDays(61));
        assertThat(outcome(api, held(cluster(5)))).isInstanceOf(Outcome.Paused.class);
        assertThat(written(before)).containsExactlyInAnyOrder("orders-client", "orders-member-tls",
                "orders-operator-tls");
        int writes = api.requests.size();
        outcome(api, held(cluster(5)));
        assertThat(api.requests).hasSize(writes);
    }

    @Test
    void certificatesOfAClusterWithAWrongSpecOrWishAreRenewedAndNothingElseIsWritten() {
        begun(api);
        for (CoordinationCluster wrong : List.of(cluster(4),
                annotated(cluster(5), Map.of(Annotations.PAUSED, "yes")))) {
            Map<String, JsonNode> before = api.stored();
            now = now.plus(Duration.ofDays(61));
            assertThat(outcome(api, wrong)).isInstanceOf(Outcome.Failed.class);
            assertThat(written(before)).containsExactlyInAnyOrder("orders-client", "orders-member-tls",
                    "orders-operator-tls");
        }
    }

    @Test
    void anAuthorityThatEndsIsExchangedInAPauseAndNotForAWish() {
        begun(api);
        Map<String, JsonNode> before = api.stored();
        outcome(api, annotated(held(cluster(3)), Map.of(Annotations.RENEW_CERTIFICATES, "now")));
        assertThat(written(before)).isEmpty();
        now = now.plus(Duration.ofDays(3_600));
        outcome(api, held(cluster(3)));
        assertThat(written(before)).containsExactlyInAnyOrder("orders-ca", "orders-client",
                "orders-member-tls", "orders-operator-tls");
        assertThat(api.client.secrets().inNamespace("shop").withName("orders-ca").get().getMetadata()
                .getAnnotations()).containsEntry("synod.dev/rotation-stage", "TRUSTING");
    }

    @Test
    void nothingIsMadeForAClusterThatIsPausedBeforeItBegan() {
        assertThat(outcome(api, held(cluster(3)))).isInstanceOf(Outcome.Paused.class);
        assertThat(api.requests).isEmpty();
    }

    @Test
    void certificatesThatMayBeSomebodyElsesAreLeftAlone() {
        begun(api);
        Map<String, JsonNode> before = api.stored();
        now = now.plus(Duration.ofDays(61));
        outcome(api, read("spec: {tls: {provider: Vault}}"));
        outcome(api, held(read("spec: {tls: {provider: Secret}}")));
        assertThat(written(before)).isEmpty();
    }

    private static CoordinationCluster held(CoordinationCluster cluster) {
        return annotated(cluster, Map.of(Annotations.PAUSED, "true"));
    }

    private static CoordinationCluster annotated(CoordinationCluster cluster, Map<String, String> wishes) {
        cluster.getMetadata().getAnnotations().putAll(wishes);
        return cluster;
    }

    /** Names of what has changed since. */
    private Set<String> written(Map<String, JsonNode> before) {
        Map<String, JsonNode> changed = api.stored();
        changed.entrySet().removeIf(entry -> entry.getValue().equals(before.get(entry.getKey())));
        return changed.values().stream().map(object -> object.at("/metadata/name").asText())
                .collect(Collectors.toSet());
    }

    /**
     * Fields of what is stored once there is a set and a pass writes nothing; by name alone, for keys and
     * identities are drawn.
     */
    private Map<String, Set<String>> begun(ScriptedApi server) {
        settle(server, cluster(3));
        assertThat(server.stored()).containsKey(SETS + "orders");
        Map<String, Set<String>> fields = new TreeMap<>();
        server.stored().forEach((path, object) -> {
            Set<String> names = new TreeSet<>();
            names(object, "", names);
            fields.put(path, names);
        });
        return fields;
    }

    /** Passes until one writes nothing. */
    private void settle(ScriptedApi server, CoordinationCluster cluster) {
        int before = -1;
        for (int pass = 0; server.requests.size() > before; pass++) {
            assertThat(pass).as("passes that write").isLessThan(12);
            before = server.requests.size();
            outcome(server, cluster);
        }
    }

    private static void names(JsonNode object, String above, Set<String> names) {
        names.add(above);
        object.properties().forEach(field -> names(field.getValue(), above + "/" + field.getKey(), names));
    }

    private boolean budget() {
        return api.client.policy().v1().podDisruptionBudget().inNamespace("shop").withName("orders")
                .get() != null;
    }

    private Decision decision(CoordinationCluster cluster) {
        Outcome outcome = outcome(api, cluster);
        assertThat(outcome).isInstanceOf(Outcome.Decided.class);
        return ((Outcome.Decided) outcome).decision();
    }

    private Outcome outcome(ScriptedApi server, CoordinationCluster cluster) {
        ApiReader reader = new ApiReader(server.client, InstantSource.system());
        server.has(CLUSTER, cluster); // for the second look; no pass writes it
        Outcome outcome = new Pass(new Pass.Tools(reader, new SecondLook(reader),
                new SecretKeeper(server.client, () -> now, new SecureRandom()),
                new Furnishing(server.client), new Steps(server.client, members, UUID::randomUUID), members,
                SETTINGS), cluster).run().outcome();
        server.has(CLUSTER, null);
        return outcome;
    }

    private static Blueprint blueprint(CoordinationCluster cluster) {
        return Blueprint.of(cluster, Optional.empty(), SETTINGS);
    }

    private static CoordinationCluster read(String spec) {
        return TolerantReading.serialization().unmarshal("""
                apiVersion: synod.dev/v1alpha1
                kind: CoordinationCluster
                metadata: {name: orders, namespace: shop, uid: cluster-1}
                """ + spec, CoordinationCluster.class);
    }

    private static CoordinationCluster cluster(int voters) {
        CoordinationCluster cluster = new CoordinationCluster();
        cluster.setMetadata(new ObjectMetaBuilder().withName("orders").withNamespace("shop")
                .withUid("cluster-1").withGeneration(1L).build());
        cluster.setSpec(new CoordinationClusterSpec(new Voters(voters), null, null, null, null, null, null,
                null, null));
        return cluster;
    }
}
