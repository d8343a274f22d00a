package dev.synod.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.crd.Annotations;
import dev.synod.crd.CoordinationCluster;
import dev.synod.crd.CoordinationClusterSpec;
import dev.synod.crd.Voters;
import dev.synod.operator.act.ScriptedApi;
import dev.synod.operator.act.Situation;
import dev.synod.operator.members.MemberAdmin;
import dev.synod.operator.model.Blueprint;
import dev.synod.operator.model.Names;
import dev.synod.operator.model.OperatorSettings;
import dev.synod.operator.observe.Snapshot;
import dev.synod.operator.plan.Action;
import dev.synod.operator.plan.Observed;
import dev.synod.operator.plan.PodSet;
import dev.synod.operator.plan.Slot;
import dev.synod.operator.tls.KeyMaterial;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What may have changed between the look that a step was decided on and the step. */
final class SecondLookTest {
    private static final OperatorSettings SETTINGS =
            new OperatorSettings("synod/sidecar:1", "synod-system", Map.of("app", "operator"));
    private static final Action DELETE_POD = new Action.DeletePod(Slot.voter(2), "pod-2");
    private static final Action DELETE_CLAIM = new Action.DeleteClaim(Slot.voter(3), "claim-3");
    private static final String CLUSTER =
            "/apis/synod.dev/v1alpha1/namespaces/shop/coordinationclusters/orders";

    private final CoordinationCluster cluster = cluster(3, Map.of());
    private ScriptedApi api;

    @BeforeEach
    void start() throws IOException {
        api = new ScriptedApi();
        api.has(CLUSTER, cluster);
        for (int i = 0; i < 3; i++) {
            api.has(path(i), pod(i).build());
        }
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void nothingIsHeldUpWhileAllIsAsItWas() {
        assertThat(changed(DELETE_POD)).isEmpty();
        assertThat(changed(DELETE_CLAIM)).isEmpty();
        assertThat(changed(new Action.Scale(PodSet.VOTERS, 1))).isEmpty();
    }

    @Test
    void noPodIsDeletedAfterAnotherVotersWasEvicted() {
        api.has(path(1), pod(1).editMetadata().withDeletionTimestamp("2026-11-23T12:00:00Z").endMetadata()
                .build());
        assertThat(changed(DELETE_POD)).contains("voter 1");
        api.has(path(1), null);
        assertThat(changed(DELETE_POD)).contains("voter 1");
        assertThat(changed(DELETE_CLAIM)).contains("voter 1");
    }

    @Test
    void noPodIsDeletedAfterAnotherVotersIsAnotherOneOrStopped() {
        api.has(path(1), pod(1).editMetadata().withUid("another").endMetadata().build());
        assertThat(changed(DELETE_POD)).contains("voter 1");
        api.has(path(1), pod(1).withStatus(null).build());
        assertThat(changed(DELETE_POD)).contains("voter 1");
    }

    @Test
    void aPodIsNotDeletedWhoseSidecarRunsAgain() {
        Pod[] seen = pods();
        seen[2] = pod(2).withStatus(null).build();
        assertThat(changed(DELETE_POD, seen)).contains("voter 2");
        api.has(path(2), seen[2]);
        assertThat(changed(DELETE_POD, seen)).isEmpty();
    }

    @Test
    void noClaimIsDeletedThatANewPodMayUse() {
        api.has(path(3), pod(3).build());
        assertThat(changed(DELETE_CLAIM)).contains("voter 3");
    }

    @Test
    void whoLearnsVotesOrLeadsIsNotHeldUp() {
        api.has(path(1), null);
        api.has(CLUSTER, cluster(5, Map.of()));
        assertThat(changed(new Action.FormatNewcomer(Slot.voter(1)))).isEmpty();
        assertThat(changed(new Action.AddObserver(Slot.voter(1), new UUID(0, 9)))).isEmpty();
        assertThat(changed(new Action.TransferLeadership(new UUID(0, 9)))).isEmpty();
    }

    @Test
    void aSetThatAnotherOperatorHasMadeIsNotMadeAgain() {
        Action make = new Action.CreateSet(PodSet.VOTERS, 3);
        assertThat(changed(make)).isEmpty();
        api.has("/apis/apps/v1/namespaces/shop/statefulsets/orders",
                Blueprint.of(cluster, Optional.empty(), SETTINGS).set(PodSet.VOTERS, 5, "1Gi"));
        assertThat(changed(make)).contains("somebody else");
    }

    @Test
    void nothingIsDoneForAWishThatWasTakenBack() {
        List<Action> drastic = List.of(DELETE_POD, DELETE_CLAIM, new Action.Scale(PodSet.VOTERS, 1),
                new Action.Scale(PodSet.VOTERS, 5), new Action.WriteLatch(3),
                new Action.CreateSet(PodSet.VOTERS, 3), new Action.RecreateSet(PodSet.VOTERS),
                new Action.Reconfigure(4, List.of(new UUID(0, 9))),
                new Action.RemoveObserver(new UUID(0, 9)),
                new Action.NoteRecovery(Slot.voter(2), new UUID(0, 9)),
                new Action.RunRecovery(new Observed.Recovery(Slot.voter(2), new UUID(0, 9), new UUID(0, 8),
                        new UUID(0, 7))));
        List<CoordinationCluster> others = List.of(cluster(5, Map.of()),
                cluster(3, Map.of(Annotations.PAUSED, "true")), another());
        others.forEach(other -> {
            api.has(CLUSTER, other);
            assertThat(drastic).allSatisfy(action -> assertThat(changed(action)).contains("something else"));
        });
        api.has(CLUSTER, null);
        assertThat(drastic).allSatisfy(action -> assertThat(changed(action)).contains("gone"));
    }

    private String changed(Action action) {
        return changed(action, pods());
    }

    /** With the pods as they were when the members were asked. */
    private String changed(Action action, Pod... pods) {
        Blueprint blueprint = Blueprint.of(cluster, Optional.empty(), SETTINGS);
        Snapshot snapshot = new Snapshot(null, blueprint.set(PodSet.VOTERS, 3, "1Gi"), null, List.of(pods),
                List.of(), null, List.of(), Instant.EPOCH);
        Names names = blueprint.names();
        ApiReader reader = new ApiReader(api.client, InstantSource.system());
        return new SecondLook(reader).changed(action, cluster, new Situation(blueprint, snapshot,
                snapshot.observed(names, new TreeMap<>(), null),
                new MemberAdmin.Target(names, null, 7402, 7401, new KeyMaterial("", ""), "",
                        new TreeMap<>())));
    }

    private static Pod[] pods() {
        return IntStream.range(0, 3).mapToObj(i -> pod(i).build()).toArray(Pod[]::new);
    }

    private static String path(int ordinal) {
        return "/api/v1/namespaces/shop/pods/orders-" + ordinal;
    }

    private static PodBuilder pod(int ordinal) {
        return new PodBuilder().withNewMetadata().withName("orders-" + ordinal).withUid("pod-" + ordinal)
                .endMetadata().withNewSpec().endSpec()
                .withNewStatus().withContainerStatuses(new ContainerStatusBuilder().withName("synod")
                        .withNewState().withNewRunning().endRunning().endState().build())
                .endStatus();
    }

    private static CoordinationCluster cluster(int voters, Map<String, String> annotations) {
        CoordinationCluster cluster = new CoordinationCluster();
        cluster.setMetadata(new ObjectMetaBuilder().withName("orders").withNamespace("shop")
                .withUid("cluster-1").withGeneration((long) voters).withAnnotations(annotations).build());
        cluster.setSpec(new CoordinationClusterSpec(new Voters(voters), null, null, null, null, null, null,
                null, null));
        return cluster;
    }

    private static CoordinationCluster another() {
        CoordinationCluster another = cluster(3, Map.of());
        another.getMetadata().setUid("cluster-2");
        return another;
    }
}
