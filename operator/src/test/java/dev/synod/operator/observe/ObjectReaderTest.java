package dev.synod.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.synod.crd.Annotations;
import dev.synod.crd.CoordinationCluster;
import dev.synod.operator.model.Blueprint;
import dev.synod.operator.model.Names;
import dev.synod.operator.model.OperatorSettings;
import dev.synod.operator.plan.Desired;
import dev.synod.operator.plan.Observed;
import dev.synod.operator.plan.Observed.Sidecar;
import dev.synod.operator.plan.PodSet;
import dev.synod.operator.plan.Slot;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ObjectReaderTest {
    private static final ObjectReader READER = new ObjectReader(new Names("orders", "shop"));

    private static final String POD = """
            metadata: {name: orders-1, uid: u1, annotations: {synod.dev/pod-hash: abc}}
            spec: {containers: [{name: app, image: "app:2"}], initContainers: [{name: synod, image: s}]}
            status:
              initContainerStatuses: [{name: synod, state: {running: {}}}]
              containerStatuses: [{name: app, state: {waiting: {reason: ImagePullBackOff}}}]
            """;

    private static Observed.Pod pod(String yaml) {
        var pods = READER.pods(List.of(Serialization.unmarshal(yaml, Pod.class)));
        return pods.values().iterator().next();
    }

    private static CoordinationCluster cluster(Map<String, String> annotations) {
        CoordinationCluster cluster = new CoordinationCluster();
        cluster.getMetadata().setName("orders");
        cluster.getMetadata().setNamespace("shop");
        cluster.getMetadata().setUid("u");
        cluster.getMetadata().setAnnotations(annotations);
        return cluster;
    }

    private static Blueprint blueprint(CoordinationCluster cluster) {
        return Blueprint.of(cluster, Optional.empty(), new OperatorSettings("s:1", "synod-system", Map.of()));
    }

    private static Desired wishes(Map<String, String> annotations) {
        return Wishes.of(cluster(annotations), blueprint(cluster(annotations)));
    }

    @Test
    void aSidecarRunsWhateverItsApplicationDoes() {
        assertThat(pod(POD))
                .isEqualTo(new Observed.Pod("u1", "abc", "app=app:2", Sidecar.RUNNING, false, false));
        assertThat(pod(POD.replace("waiting: {reason: ImagePullBackOff}", "running:"
                + " {}")).appRunning()).isTrue();
    }

    @Test
    void whatOthersAddToAPodIsNoneOfTheApplications() {
        Pod injected = Serialization.unmarshal(POD
                .replace("containers: [", "containers: [{name: istio-proxy, image: 'proxy:1'}, ")
                .replace("waiting: {reason: ImagePullBackOff}", "running: {}"), Pod.class);
        StatefulSet set = Serialization.unmarshal("""
                spec: {template: {spec: {containers: [{name: app, image: "app:3"}]}}}
                """, StatefulSet.class);
        assertThat(READER.pods(List.of(injected), of -> set).get(Slot.voter(1)))
                .isEqualTo(new Observed.Pod("u1", "abc", "app=app:2", Sidecar.RUNNING, true, false));
    }

    @Test
    void aContainerIsNotWaitedForThatHasTheImageOfBefore() {
        String pod = """
                metadata:
                  name: orders-1
                  annotations: {synod.dev/replaced-containers: "app=c1=app:1"}
                spec: {containers: [{name: app, image: "%s"}]}
                status: {containerStatuses: [{name: app, containerID: %s, state: {running: {}}}]}
                """;
        assertThat(pod(pod.formatted("app:2", "c1")).appRunning()).isFalse();
        assertThat(pod(pod.formatted("app:2", "c2")).appRunning()).isTrue();
        assertThat(pod(pod.formatted("app:1", "c1")).appRunning()).isTrue();
    }

    @Test
    void aPodThatWasNeverStartedRunsNothing() {
        Observed.Pod fresh = pod("""
                metadata: {name: orders-observers-11, uid: u2}
                spec: {containers: [{name: synod, image: s}]}
                """);
        assertThat(fresh).isEqualTo(new Observed.Pod("u2", "", "", Sidecar.NOT_YET, true, false));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "NOT_YET | state: {waiting: {reason: ImagePullBackOff}}, restartCount: 0",
        "NOT_YET | state: {waiting: {reason: PodInitializing}}",
        "ENDED   | state: {terminated: {exitCode: 137}}, restartCount: 0",
        "ENDED   | state: {waiting: {reason: PodInitializing}}, lastState: {terminated: {exitCode: 1}}",
        "FAILING | state: {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {exitCode: 1}}",
        "FAILING | state: {waiting: {reason: ErrImagePull}}, restartCount: 1",
        "RUNNING | state: {running: {}}, restartCount: 7, lastState: {terminated: {exitCode: 1}}"})
    void aSidecarThatRanOnceInItsPodIsToldFromOneThatNeverDid(Sidecar expected, String status) {
        assertThat(pod("""
                metadata: {name: orders-1, uid: u1}
                spec: {containers: [{name: app, image: a}]}
                status: {initContainerStatuses: [{name: synod, %s}]}
                """.formatted(status)).sidecar()).isEqualTo(expected);
    }

    @Test
    void aPodOnItsWayOutIsSeenToBe() {
        assertThat(pod(POD.replace("uid: u1", "uid: u1, deletionTimestamp:"
                + " '2026-11-23T12:00:00Z'")).terminating())
                .isTrue();
    }

    @Test
    void podsAndClaimsOfOthersAreLeftOut() {
        assertThat(
                READER.pods(List.of(Serialization.unmarshal(POD.replace("orders-1", "stock-1"), Pod.class))))
                .isEmpty();
        assertThat(READER.claims(List.of(Serialization.unmarshal("""
                metadata: {name: data-orders-0, uid: c}
                spec: {resources: {requests: {storage: 1Gi}}}
                """, PersistentVolumeClaim.class)), List.of())).isEmpty();
    }

    private static Observed.Claim claimBeside(String pods) {
        var claims = READER.claims(List.of(Serialization.unmarshal(
                """
                        metadata: {name: synod-orders-observers-11, uid: c}
                        spec: {resources: {requests: {storage: 2Gi}}}
                        status:
                          conditions:
                          - type: FileSystemResizePending
                            status: "True"
                            lastTransitionTime: "2026-11-23T12:00:00Z"
                        """,
                PersistentVolumeClaim.class)), pods.isEmpty()
                        ? List.of()
                        : List.of(Serialization.unmarshal(pods, Pod.class)));
        return Objects.requireNonNull(claims.get(Slot.observer(11)));
    }

    @Test
    void aClaimTellsItsSizeAndWhatItWaitsFor() {
        assertThat(claimBeside(
                "metadata: {name: orders-observers-11, creationTimestamp: '2026-11-23T11:00:00Z'}"))
                .isEqualTo(new Observed.Claim("c", 2L << 30, true, false));
    }

    @Test
    void aPodThatStartedSinceIsNotToStartAgain() {
        assertThat(claimBeside(
                "metadata: {name: orders-observers-11, creationTimestamp: '2026-11-23T12:00:01Z'}")
                .restartToGrow()).isFalse();
        assertThat(claimBeside("").restartToGrow()).isFalse();
    }

    @Test
    void whatTheModelBuildsIsReadBack() {
        Blueprint blueprint = blueprint(cluster(Map.of()));
        assertThat(ObjectReader.replicas(blueprint.set(PodSet.VOTERS, 5, "3Gi")))
                .isEqualTo(new Observed.Replicas(5, 3L << 30));
        Desired desired = wishes(Map.of());
        assertThat(
                blueprint.set(PodSet.VOTERS, 3, "1Gi").getSpec().getTemplate().getMetadata().getAnnotations())
                .containsValue(desired.voterHash());
        assertThat(desired.volumeBytes()).isEqualTo(1L << 30);
        assertThat(desired.voterHash()).isNotEqualTo(desired.observerHash());
    }

    @Test
    void wishesComeInAnnotations() {
        UUID member = new UUID(3, 4);
        Desired desired =
                wishes(Map.of(Annotations.PAUSED, "true", Annotations.REPLACE_MEMBER, member.toString()));
        assertThat(desired.paused()).isTrue();
        assertThat(desired.replace()).isEqualTo(member);
        assertThat(desired.recoverFrom()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"synod.dev/paused,yes,true or false", "synod.dev/replace-member,orders-1,UUID",
        "synod.dev/recover-from,first,status.members"})
    void aWishThatIsNotUnderstoodIsRefusedWithWhatIsAllowed(String annotation, String value, String allowed) {
        assertThatThrownBy(() -> wishes(Map.of(annotation, value)))
                .hasMessageContainingAll(annotation, "'" + value + "'", allowed);
    }
}
