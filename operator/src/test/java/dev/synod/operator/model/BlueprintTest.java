package dev.synod.operator.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.crd.Annotations;
import dev.synod.crd.CoordinationCluster;
import dev.synod.operator.plan.PodSet;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BlueprintTest {
    private static StatefulSet set(String spec) {
        return Clusters.blueprint(spec).set(PodSet.VOTERS, 3, "1Gi");
    }

    private static PodSpec pod(String spec) {
        return set(spec).getSpec().getTemplate().getSpec();
    }

    private static Map<String, String> env(Container container) {
        return container.getEnv().stream().filter(variable -> variable.getValue() != null)
                .collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dedicated", "compact"})
    void theSetOfVotersIsAsReviewed(String form) throws IOException {
        // An upgrade of the operator that changes this restarts every cluster: look twice.
        Golden.holds(form, set(form.equals("compact") ? Clusters.COMPACT : "voters: {}"));
    }

    @Test
    void podsStartAllAtOnceAndAreMadeAnewByTheOperatorAlone() {
        StatefulSet set = set("voters: {}");
        assertThat(set.getSpec().getPodManagementPolicy()).isEqualTo("Parallel");
        assertThat(set.getSpec().getUpdateStrategy().getType()).isEqualTo("OnDelete");
        assertThat(set.getSpec().getServiceName()).isEqualTo("orders-peers");
        assertThat(Clusters.blueprint("voters: {}").set(PodSet.OBSERVERS, 2, "1Gi").getMetadata().getName())
                .isEqualTo("orders-observers");
    }

    @Test
    void volumesAreKeptUnlessAskedOtherwiseAndNeverGoWithAScale() {
        var kept = set("voters: {}").getSpec().getPersistentVolumeClaimRetentionPolicy();
        assertThat(kept.getWhenDeleted()).isEqualTo("Retain");
        var gone = set("storage: {retention: Delete}").getSpec().getPersistentVolumeClaimRetentionPolicy();
        assertThat(gone.getWhenDeleted()).isEqualTo("Delete");
        assertThat(gone.getWhenScaled()).isEqualTo("Retain");
    }

    @Test
    void theSidecarStartsBeforeTheApplicationAndStaysUp() {
        PodSpec pod = pod(Clusters.COMPACT);
        assertThat(pod.getInitContainers()).extracting(Container::getName).containsExactly("synod",
                "migrate");
        assertThat(pod.getInitContainers().getFirst().getRestartPolicy()).isEqualTo("Always");
        assertThat(pod.getContainers()).extracting(Container::getName).containsExactly("app");
        assertThat(pod("voters: {}").getContainers()).extracting(Container::getName).containsExactly("synod");
    }

    @Test
    void probesAskTheProcessAndNeverTheCluster() {
        Container sidecar = pod("sidecar: {ports: {probes: 9403}}").getContainers().getFirst();
        assertThat(sidecar.getStartupProbe().getHttpGet().getPath()).isEqualTo("/healthz/started");
        assertThat(sidecar.getLivenessProbe().getHttpGet().getPath()).isEqualTo("/healthz/live");
        assertThat(sidecar.getReadinessProbe().getHttpGet().getPath()).isEqualTo("/healthz/ready");
        assertThat(
                List.of(sidecar.getStartupProbe(), sidecar.getLivenessProbe(), sidecar.getReadinessProbe()))
                .extracting(Probe::getHttpGet).allMatch(get -> get.getPort().getIntVal() == 9403);
    }

    @Test
    void settingsAreThoseOfTheConfigurationPage() throws IOException {
        String page = Files.readString(Path.of(Objects.requireNonNull(System.getProperty("synod.tree")),
                "docs/configuration.md"));
        List<String> arguments = pod("tuning: {heartbeat: 50ms}").getContainers().getFirst().getArgs();
        assertThat(arguments).contains("--heartbeat=50ms", "--election-timeout=1s", "--cluster-name=orders")
                .allSatisfy(argument -> assertThat(page).contains("| `" + argument.split("=", 2)[0] + "` |"));
    }

    @Test
    void theApplicationGetsTheWayToItsSidecarUnlessItSaysOtherwise() {
        Container app = pod(Clusters.COMPACT).getContainers().getFirst();
        assertThat(env(app)).containsEntry("SYNOD_ENDPOINT", "127.0.0.1:7400")
                .containsEntry("SYNOD_NAMESPACE", "mine")
                .containsEntry("SYNOD_TOKEN_FILE", "/var/run/synod/token/token");
        assertThat(env(pod(Clusters.COMPACT).getInitContainers().get(1))).containsKey("SYNOD_ENDPOINT");
        assertThat(app.getVolumeMounts()).extracting("name").containsExactly("synod-token");
    }

    @Test
    void theVolumeAndTheKeysAreTheSidecarsAlone() {
        PodSpec pod = pod(Clusters.COMPACT);
        assertThat(pod.getInitContainers().getFirst().getVolumeMounts()).extracting("name")
                .containsExactly("synod", "synod-tls", "synod-token");
        assertThat(pod.getContainers()).allSatisfy(container -> assertThat(container.getVolumeMounts())
                .extracting("name").doesNotContain("synod", "synod-tls"));
        assertThat(pod.getVolumes()).extracting("name").containsExactly("scratch", "synod-tls",
                "synod-token");
    }

    @Test
    void aDedicatedPodRunsWhereOnlyRestrictedOnesMay() {
        PodSpec pod = pod("voters: {}");
        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        assertThat(pod.getSecurityContext().getFsGroup()).isEqualTo(65_532);
        assertThat(pod.getAutomountServiceAccountToken()).isFalse();
        for (Container sidecar : List.of(pod.getContainers().getFirst(),
                pod(Clusters.COMPACT).getInitContainers().getFirst())) {
            SecurityContext context = sidecar.getSecurityContext();
            assertThat(context.getRunAsNonRoot()).isTrue();
            assertThat(context.getAllowPrivilegeEscalation()).isFalse();
            assertThat(context.getReadOnlyRootFilesystem()).isTrue();
            assertThat(context.getCapabilities().getDrop()).containsExactly("ALL");
            assertThat(context.getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        }
    }

    @Test
    void labelsOfSynodWinOverThoseOfTheTemplate() {
        assertThat(set(Clusters.COMPACT).getSpec().getTemplate().getMetadata().getLabels())
                .containsEntry("synod.dev/cluster", "orders").containsEntry("synod.dev/set", "voter")
                .containsEntry("team", "a");
    }

    @Test
    void selectorsUseOnlyWhatNeverChanges() {
        assertThat(set("voters: {}").getSpec().getSelector().getMatchLabels())
                .containsOnlyKeys("synod.dev/cluster", "synod.dev/set");
    }

    @Test
    void onlyOneVoterAtATimeMayBeEvictedAndASingleOneAlways() {
        var budget = Clusters.blueprint("voters: {replicas: 3}").disruptionBudget(3).orElseThrow();
        assertThat(budget.getSpec().getMaxUnavailable().getIntVal()).isEqualTo(1);
        assertThat(budget.getSpec().getUnhealthyPodEvictionPolicy()).isEqualTo("IfHealthyBudget");
        assertThat(budget.getSpec().getSelector().getMatchLabels()).containsEntry("synod.dev/set", "voter");
        assertThat(Clusters.blueprint("voters: {replicas: 1}").disruptionBudget(1)).isEmpty();
        assertThat(Clusters.blueprint("voters: {replicas: 1}").disruptionBudget(3)).isPresent();
    }

    @Test
    void peersFindEachOtherBeforeTheyAreReady() {
        var service = Clusters.blueprint("voters: {}").peers();
        assertThat(service.getSpec().getPublishNotReadyAddresses()).isTrue();
        assertThat(service.getSpec().getClusterIP()).isEqualTo("None");
        assertThat(service.getSpec().getPorts()).extracting("port").containsExactly(7401, 7402, 7403);
    }

    @Test
    void theAdministrationIsOpenToTheOperatorAndTheApplicationToAll() {
        var rules = Clusters.blueprint(Clusters.COMPACT).networkPolicy().getSpec().getIngress();
        assertThat(rules.get(1).getPorts().getFirst().getPort().getIntVal()).isEqualTo(7402);
        assertThat(rules.get(1).getFrom().getFirst().getNamespaceSelector().getMatchLabels())
                .containsEntry("kubernetes.io/metadata.name", "synod-system");
        List<NetworkPolicyPort> open = rules.get(2).getPorts();
        assertThat(open).filteredOn(port -> port.getProtocol().equals("TCP"))
                .noneMatch(port -> covers(port, 7401) || covers(port, 7402))
                .anyMatch(port -> covers(port, 7403)).anyMatch(port -> covers(port, 1))
                .anyMatch(port -> covers(port, 65_535));
        assertThat(Clusters.blueprint("voters: {}").networkPolicy().getSpec().getIngress().get(2).getPorts())
                .singleElement().matches(port -> covers(port, 7403));
    }

    @Test
    void whoSaysThatItBacksThisClusterUpReachesItsAdministrationFromItsOwnNamespace() {
        var from = Clusters.blueprint("voters: {}").networkPolicy().getSpec().getIngress().get(1).getFrom();
        assertThat(from).hasSize(2);
        assertThat(from.get(1).getNamespaceSelector()).isNull();
        assertThat(from.get(1).getPodSelector().getMatchLabels())
                .containsExactly(Map.entry("synod.dev/backup", "orders"));
    }

    private static boolean covers(NetworkPolicyPort port, int number) {
        int from = port.getPort().getIntVal();
        int to = port.getEndPort() == null ? from : port.getEndPort();
        return from <= number && number <= to;
    }

    @Test
    void everythingGoesWithTheCluster() {
        Blueprint blueprint = Clusters.blueprint("voters: {}");
        assertThat(List.of(blueprint.peers(), blueprint.networkPolicy(),
                blueprint.disruptionBudget(3).orElseThrow(),
                blueprint.set(PodSet.VOTERS, 3, "1Gi"))).allSatisfy(object -> {
                    assertThat(object.getMetadata().getOwnerReferences()).singleElement()
                            .matches(owner -> owner.getUid().equals("5e1f1c1e-0000-4000-8000-000000000001")
                                    && owner.getController());
                    assertThat(object.getMetadata().getNamespace()).isEqualTo("shop");
                });
    }

    @Test
    void theHashIsTheSameForTheSameAndLeavesTheApplicationsImageOut() {
        Blueprint one = Clusters.blueprint(Clusters.COMPACT);
        assertThat(Clusters.blueprint(Clusters.COMPACT).podHash(PodSet.VOTERS))
                .isEqualTo(one.podHash(PodSet.VOTERS));
        Blueprint image = Clusters.blueprint(Clusters.COMPACT.replace("  image: app:1", "  image: app:2"));
        assertThat(image.podHash(PodSet.VOTERS)).isEqualTo(one.podHash(PodSet.VOTERS));
        assertThat(image.appImages()).isEqualTo("app=app:2").isNotEqualTo(one.appImages());
        assertThat(set(Clusters.COMPACT).getSpec().getTemplate().getMetadata().getAnnotations())
                .containsEntry(PodHash.ANNOTATION, one.podHash(PodSet.VOTERS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"image: synod/sidecar:2", "tuning: {heartbeat: 50ms}",
        "sidecar: {resources: {limits: {memory: 512Mi}}}", "scheduling: {nodeSelector: {disk: fast}}"})
    void whateverElseChangesChangesTheHash(String change) {
        assertThat(Clusters.blueprint(change).podHash(PodSet.VOTERS))
                .isNotEqualTo(Clusters.blueprint("voters: {}").podHash(PodSet.VOTERS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"voters: {replicas: 7}", "observers: {replicas: 9}", "storage: {size: 2Gi}"})
    void whatIsNoPartOfAPodRestartsNone(String change) {
        assertThat(Clusters.blueprint(change).podHash(PodSet.VOTERS))
                .isEqualTo(Clusters.blueprint("voters: {}").podHash(PodSet.VOTERS));
    }

    @Test
    void anAnnotationRestartsAllOnce() {
        CoordinationCluster asked = Clusters.cluster("voters: {}");
        asked.getMetadata().setAnnotations(Map.of(Annotations.RESTART, "2026-11-23T13:00:00Z"));
        assertThat(Blueprint.of(asked, Optional.empty(), Clusters.SETTINGS).podHash(PodSet.VOTERS))
                .isNotEqualTo(Clusters.blueprint("voters: {}").podHash(PodSet.VOTERS));
    }

    @Test
    void anUpgradeOfTheOperatorDoesNotMoveTheImage() {
        OperatorSettings newer = new OperatorSettings("synod/sidecar:9", "synod-system", Map.of());
        CoordinationCluster cluster = Clusters.cluster("voters: {}");
        assertThat(Blueprint.of(cluster, Optional.of("synod/sidecar:0.1.0"), newer).podHash(PodSet.VOTERS))
                .isEqualTo(Clusters.blueprint("voters: {}").podHash(PodSet.VOTERS));
        assertThat(Blueprint.of(Clusters.cluster("image:"
                + " mine:1"), Optional.of("synod/sidecar:0.1.0"), newer).image())
                .isEqualTo("mine:1");
    }
}
