package dev.synod.operator.act;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.synod.operator.members.MemberAdmin;
import dev.synod.operator.model.Blueprint;
import dev.synod.operator.model.BootstrapRecord;
import dev.synod.operator.model.Clusters;
import dev.synod.operator.model.Names;
import dev.synod.operator.observe.Snapshot;
import dev.synod.operator.plan.Action;
import dev.synod.operator.plan.Observed;
import dev.synod.operator.plan.PodSet;
import dev.synod.operator.plan.Slot;
import dev.synod.operator.tls.KeyMaterial;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What steps ask the API server for, and what they make of answers that are seldom. */
final class StepsTest {
    private static final UUID CLUSTER = new UUID(0, 1);

    private final Blueprint blueprint = Clusters.blueprint("voters: {}");
    private ScriptedApi api;
    private MemberAdmin members;
    private Steps steps;

    @BeforeEach
    void start() throws IOException {
        api = new ScriptedApi();
        members = new MemberAdmin();
        steps = new Steps(api.client, members, UUID::randomUUID);
    }

    @AfterEach
    void stop() {
        members.close();
        api.close();
    }

    @Test
    void anIdentityThatAnotherOperatorWroteDownFirstStays() {
        api.answers("POST", 409);
        steps.take(new Action.WriteLatch(3), situation());
        assertThat(api.requests).extracting(ScriptedApi.Request::method).containsExactly("POST");
    }

    @Test
    void anAnswerThatWasLostAfterTheWriteTookEffectEndsWithOneIdentity() {
        api.answers("POST", 500, 409);
        steps.take(new Action.WriteLatch(3), situation());
        assertThat(api.requests).allSatisfy(request -> assertThat(request.method()).isEqualTo("POST"));
        assertThat(api.requests.getFirst().body()).isEqualTo(api.requests.getLast().body());
    }

    @Test
    void aRefusalIsNotTakenForSuccess() {
        api.answers("POST", 403);
        assertThatExceptionOfType(KubernetesClientException.class)
                .isThrownBy(() -> steps.take(new Action.WriteLatch(3), situation()));
    }

    @Test
    void anApiServerThatIsBusyIsAskedAgain() {
        api.answers("DELETE", 429);
        steps.take(new Action.DeletePod(Slot.voter(1), "pod-1"), situation());
        assertThat(api.requests).hasSize(2);
    }

    @Test
    void theLatchIsSetOnlyOnWhatWasRead() {
        steps.take(new Action.SetLatch(), situation());
        ScriptedApi.Request put = api.requests.getLast();
        assertThat(put.method()).isEqualTo("PUT");
        assertThat(put.path()).endsWith("/configmaps/orders-bootstrap");
        assertThat(put.body()).contains("\"initialised\":\"true\"", "\"resourceVersion\":\"7\"");
    }

    @Test
    void aSetIsScaledOnlyAsItWasRead() {
        steps.take(new Action.Scale(PodSet.VOTERS, 5), situation());
        ScriptedApi.Request patch = api.requests.getLast();
        assertThat(patch.method()).isEqualTo("PATCH");
        assertThat(patch.body()).contains("\"replicas\":5", "\"resourceVersion\":\"8\"");
    }

    @Test
    void aDeletionNamesThePodThatWasSeen() {
        steps.take(new Action.DeletePod(Slot.voter(1), "pod-1"), situation());
        assertThat(api.requests.getLast().path()).isEqualTo("/api/v1/namespaces/shop/pods/orders-1");
        assertThat(api.requests.getLast().body()).contains("\"uid\":\"pod-1\"");
    }

    @Test
    void whatIsGoneAlreadyIsDeleted() {
        api.answers("DELETE", 404);
        steps.take(new Action.DeleteClaim(Slot.observer(2), "claim-2"), situation());
        assertThat(api.requests.getLast().path())
                .isEqualTo("/api/v1/namespaces/shop/persistentvolumeclaims/synod-orders-observers-2");
    }

    @Test
    void anotherPodOfTheSameNameIsNotDeleted() {
        api.answers("DELETE", 409);
        assertThatExceptionOfType(KubernetesClientException.class).isThrownBy(
                () -> steps.take(new Action.DeletePod(Slot.voter(1), "pod-1"), situation()))
                .satisfies(refused -> assertThat(refused.getCode()).isEqualTo(409));
    }

    @Test
    void aSetIsMadeAnewAroundItsPods() {
        steps.take(new Action.RecreateSet(PodSet.VOTERS), situation());
        assertThat(api.requests.getLast().body()).contains("\"propagationPolicy\":\"Orphan\"",
                "\"uid\":\"set-1\"");
    }

    @Test
    void aRecoveryIsNotedWithIdentitiesThatNobodyHadBefore() {
        steps.take(new Action.NoteRecovery(Slot.voter(2), new UUID(0, 9)), situation());
        assertThat(api.requests.getLast().method()).isEqualTo("PUT");
        assertThat(api.requests.getLast().body()).contains("\"recoveryVoter\":\"2\"",
                "\"recoveryFromMember\":\"" + new UUID(0, 9) + "\"", "\"clusterId\":\"" + CLUSTER + "\"",
                "recoveryClusterId", "recoveryMemberId", "\"resourceVersion\":\"7\"");
    }

    @Test
    void theLatchOfARecoveredClusterHasNoFirstVoters() {
        steps.take(new Action.SwitchLatch(new UUID(0, 8)), situation());
        assertThat(api.requests.getLast().body()).contains("\"clusterId\":\"" + new UUID(0, 8) + "\"",
                "\"initialVoters\":\"\"", "\"initialised\":\"true\"");
    }

    @Test
    void aRecoverysJobThatIsThereAlreadyStays() {
        api.answers("POST", 409);
        steps.take(new Action.RunRecovery(new Observed.Recovery(Slot.voter(2), new UUID(0, 9), new UUID(0, 8),
                new UUID(0, 7))), situation());
        assertThat(api.requests).hasSize(1);
        steps.take(new Action.DeleteRecoveryJob("job-1"), situation());
        assertThat(api.requests.getLast().path())
                .isEqualTo("/apis/batch/v1/namespaces/shop/jobs/orders-recovery");
    }

    private Situation situation() {
        Observed.Latch latch = new Observed.Latch(CLUSTER, List.of(new UUID(0, 2)), false);
        ConfigMap record = new BootstrapRecord(latch, "synod/sidecar:1").toConfigMap(blueprint);
        record.getMetadata().setResourceVersion("7");
        StatefulSet voters = blueprint.set(PodSet.VOTERS, 3, "1Gi");
        voters.getMetadata().setResourceVersion("8");
        voters.getMetadata().setUid("set-1");
        Snapshot snapshot = new Snapshot(record, voters, null, List.of(), List.of(), null,
                List.of(), Instant.EPOCH);
        Names names = blueprint.names();
        return new Situation(blueprint, snapshot, snapshot.observed(names, new TreeMap<>(), null),
                new MemberAdmin.Target(names, CLUSTER, 7402, 7401, new KeyMaterial("", ""), "",
                        new TreeMap<>()));
    }
}
