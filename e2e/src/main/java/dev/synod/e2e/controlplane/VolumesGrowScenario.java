package dev.synod.e2e.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.synod.e2e.kubernetes.ClusterUnderTest;
import dev.synod.e2e.kubernetes.Scenario;
import dev.synod.e2e.kubernetes.Waiting;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Somebody asks for larger volumes. Those of the first cluster belong to its set of pods, which is deleted
 * and made anew around them: they would go with it.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class VolumesGrowScenario extends Scenario {
    private static final Duration SOON = Duration.ofMinutes(4);

    private ClusterUnderTest cluster;

    @BeforeAll
    void create() {
        cluster = cluster("room", 3);
        cluster.create(3, "storage: {size: 1Gi, retention: Delete}");
        cluster.awaitReady(3);
    }

    @Test
    @Order(1)
    void volumesGrowUnderTheirPodsAndOutliveTheSetThatTheyBelongTo() {
        Map<String, String> members = cluster.memberIds();
        Map<String, String> pods = cluster.podUids();
        List<String> volumes = claims().map(claim -> claim.getMetadata().getUid()).toList();
        String before = setOfPods();
        Waiting.until("the claims to belong to their set", SOON, () -> belongTo(before), this::owners);
        cluster.patch("{\"spec\":{\"storage\":{\"size\":\"2Gi\"}}}");
        figure("to the new size", Waiting.until("2Gi in all claims", SOON,
                () -> cluster.capacities().values().stream().allMatch("2Gi"::equals)
                        && cluster.sizeOfNewVolumes().equals("2Gi"),
                () -> cluster.capacities() + " " + cluster.described()));
        // Whom the old set took with it would never belong to the new one.
        Waiting.until("the claims to belong to the new set", SOON,
                () -> !setOfPods().equals(before) && belongTo(setOfPods()), this::owners);
        cluster.awaitReady(3);
        assertThat(cluster.capacities()).hasSize(3);
        assertThat(claims().map(claim -> claim.getMetadata().getUid())).containsExactlyElementsOf(volumes);
        assertThat(claims().map(claim -> claim.getMetadata().getDeletionTimestamp())).containsOnlyNulls();
        assertThat(cluster.podUids()).as("pods, none of them made anew").isEqualTo(pods);
        assertThat(cluster.memberIds()).isEqualTo(members);
        judge(cluster);
    }

    /** UID of the set of voters; empty while it is made anew. */
    private String setOfPods() {
        StatefulSet set = stage().client().apps().statefulSets().inNamespace(stage().namespace())
                .withName("room").get();
        return set == null ? "" : set.getMetadata().getUid();
    }

    private Stream<PersistentVolumeClaim> claims() {
        return stage().client().persistentVolumeClaims().inNamespace(stage().namespace())
                .withLabel("synod.dev/cluster", "room").list().getItems().stream();
    }

    private boolean belongTo(String owner) {
        return claims().allMatch(claim -> claim.getMetadata().getOwnerReferences().stream()
                .anyMatch(reference -> reference.getUid().equals(owner)));
    }

    private String owners() {
        return claims().map(claim -> claim.getMetadata().getName() + " "
                + claim.getMetadata().getOwnerReferences()).toList() + " of " + setOfPods();
    }

    @Test
    @Order(2)
    void aSmallerSizeIsRefusedAndNothingChanges() {
        Map<String, String> sizes = cluster.capacities();
        assertThatThrownBy(() -> cluster.patch("{\"spec\":{\"storage\":{\"size\":\"1Gi\"}}}"))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("spec.storage.size must not become smaller");
        cluster.awaitOperations(50);
        assertThat(cluster.capacities()).isEqualTo(sizes);
        cluster.awaitReady(3);
        judge(cluster);
    }

    @Test
    @Order(3)
    void aNewMemberGetsAVolumeOfTheNewSize() {
        String before = claimOf("room-2");
        cluster.deleteVolume("room-2");
        // The old claim stays for as long as its pod.
        Waiting.until("another volume in room-2", SOON, () -> !claimOf("room-2").equals(before),
                cluster::described);
        cluster.awaitReady(3);
        assertThat(claimOf("room-2")).isNotEqualTo(before);
        assertThat(cluster.capacities()).containsEntry("synod-room-2", "2Gi");
        judge(cluster);
    }

    /** UID of the claim of a pod. */
    private String claimOf(String pod) {
        return stage().client().persistentVolumeClaims().inNamespace(stage().namespace())
                .withName("synod-" + pod).require().getMetadata().getUid();
    }

    @Test
    @Order(4)
    void volumesThatGrowOnlyWhenTheyAreMountedGetOneStartEachAndOneAfterTheOther() {
        ClusterUnderTest other = cluster("start", 3);
        other.create(3, "storage: {size: 1Gi, storageClassName: standin-at-start}");
        other.awaitReady(3);
        measureFromHere();
        Map<String, String> members = other.memberIds();
        other.patch("{\"spec\":{\"storage\":{\"size\":\"2Gi\"}}}");
        figure("to the new size, by starts", Waiting.until("2Gi in all claims", SOON,
                () -> other.capacities().values().stream().allMatch("2Gi"::equals),
                () -> other.capacities() + " " + other.described()));
        other.awaitReady(3);
        assertThat(other.takenDown()).hasSize(3).doesNotHaveDuplicates();
        assertThat(other.memberIds()).isEqualTo(members);
        judge(other);
    }
}
