package dev.synod.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.crd.CoordinationCluster;
import dev.synod.crd.CoordinationClusterSpec;
import dev.synod.crd.Voters;
import dev.synod.operator.act.ScriptedApi;
import dev.synod.operator.members.MemberAdmin;
import dev.synod.operator.model.OperatorSettings;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import io.javaoperatorsdk.operator.processing.retry.GenericRetryExecution;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What comes of a pass whose status the API server does not take. */
final class CoordinationClusterReconcilerTest {
    private ScriptedApi api;
    private MemberAdmin members;
    private CoordinationClusterReconciler reconciler;

    @BeforeEach
    void start() throws IOException {
        api = new ScriptedApi();
        members = new MemberAdmin();
        reconciler = new CoordinationClusterReconciler(api.client, members,
                new OperatorSettings("synod/sidecar:1", "synod-system", Map.of("app", "operator")), "test",
                InstantSource.system(), new SecureRandom());
    }

    @AfterEach
    void stop() {
        members.close();
        api.close();
    }

    @Test
    void theStatusIsOfTheObjectThatWasLookedAtAndOfNoOther() {
        assertThat(reconciler.reconcile(cluster("first"), context(0)).getResource()).hasValueSatisfying(
                sent -> assertThat(sent.getMetadata().getResourceVersion()).isEqualTo("first-17"));
    }

    @Test
    void aStatusThatCannotBeWrittenNowIsTriedAgainAndIsNoDefect() {
        assertThat(List.of(0, 403, 404, 409, 422, 429, 500, 503))
                .allSatisfy(code -> assertThat(told(code, 0)).isEmpty());
        assertThat(List.of(0, 404, 409, 429, 502, 503, 504))
                .allSatisfy(code -> assertThat(told(code, 99)).isEmpty());
    }

    @Test
    void anApiServerThatIsAwayForLongIsNoDefect() {
        assertThat(told(new KubernetesClientException("no answer", new IOException()), 99)).isEmpty();
    }

    @Test
    void aStatusThatIsRefusedAgainAndAgainIsToldInAShorterOne() {
        assertThat(List.of(403, 422, 500)).allSatisfy(code -> assertThat(told(code, 3)).hasValueSatisfying(
                sent -> assertThat(sent.getStatus().conditions())
                        .anySatisfy(each -> assertThat(each.message()).contains("a duplicate entry"))));
    }

    /** The status that is written after an answer of the API server to one. */
    private Optional<CoordinationCluster> told(int code, int attempts) {
        return told(new KubernetesClientException("a duplicate entry", code, null), attempts);
    }

    private Optional<CoordinationCluster> told(KubernetesClientException answer, int attempts) {
        ErrorStatusUpdateControl<CoordinationCluster> control =
                reconciler.updateErrorStatus(cluster("first"), context(attempts), answer);
        assertThat(control.isNoRetry()).isFalse();
        return control.getResource();
    }

    private static CoordinationCluster cluster(String uid) {
        CoordinationCluster cluster = new CoordinationCluster();
        cluster.setMetadata(new ObjectMetaBuilder().withName("orders").withNamespace("shop").withUid(uid)
                .withResourceVersion(uid + "-17").withGeneration(1L).build());
        cluster.setSpec(new CoordinationClusterSpec(new Voters(3), null, null, null, null, null, null, null,
                null));
        return cluster;
    }

    /** Of a cluster that was there when the pass began. */
    @SuppressWarnings("unchecked")
    private static Context<CoordinationCluster> context(int attempts) {
        return (Context<CoordinationCluster>) Proxy.newProxyInstance(Context.class.getClassLoader(),
                new Class<?>[] {Context.class}, (proxy, method, arguments) -> switch (method.getName()) {
                    case "isPrimaryResourceDeleted" -> false;
                    case "getRetryInfo" -> Optional.of(new GenericRetryExecution(new GenericRetry()) {
                        @Override
                        public int getAttemptCount() {
                            return attempts;
                        }
                    });
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }
}
