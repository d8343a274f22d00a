package dev.synod.e2e.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.synod.e2e.kubernetes.ClusterUnderTest;
import dev.synod.e2e.kubernetes.Scenario;
import dev.synod.e2e.kubernetes.Waiting;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Somebody asks for larger volumes. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class VolumesGrowScenario extends Scenario {
    private static final Duration SOON = Duration.ofMinutes(4);

    private ClusterUnderTest cluster;

    @BeforeAll
    void create() {
        cluster = cluster("room", 3);
        cluster.create(3, "storage: {size: 1Gi}");
        cluster.awaitReady(3);
    }

    @Test
    @Order(1)
    void volumesGrowUnderTheirPods() {
        Map<String, String> members = cluster.memberIds();
        Map<String, String> pods = cluster.podUids();
        cluster.patch("{\"spec\":{\"storage\":{\"size\":\"2Gi\"}}}");
        figure("to the new size", Waiting.until("2Gi in all claims", SOON,
                () -> cluster.capacities().values().stream().allMatch("2Gi"::equals)
                        && cluster.sizeOfNewVolumes().equals("2Gi"),
                () -> cluster.capacities() + " " + cluster.described()));
        cluster.awaitReady(3);
        assertThat(cluster.capacities()).hasSize(3);
        assertThat(cluster.podUids()).as("pods, none of them made anew").isEqualTo(pods);
        assertThat(cluster.memberIds()).isEqualTo(members);
        judge(cluster);
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
