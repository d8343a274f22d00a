package dev.synod.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.crd.Annotations;
import dev.synod.crd.CoordinationClusterStatus.Truth;
import dev.synod.e2e.kubernetes.ClusterUnderTest;
import dev.synod.e2e.kubernetes.Scenario;
import dev.synod.e2e.kubernetes.Waiting;
import dev.synod.e2e.kubernetes.Workloads;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What a person asks of a cluster by hand, a page of the documentation each. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Order(2)
final class DayTwoScenario extends Scenario {
    private static final Duration UNMOVED = Duration.ofSeconds(12);

    private ClusterUnderTest cluster;

    @BeforeAll
    void create() {
        cluster = cluster("day", 3);
        cluster.create(3, "storage: {retention: Delete}");
        cluster.awaitReady(3);
    }

    @Test
    @Order(1)
    void anObserverComesByKubectlScaleAndGoesWithItsVolume() {
        cluster.scale(1);
        figure("to ready with an observer", cluster.awaitReady(4));
        assertThat(cluster.memberIds()).containsKey("day-observers-0");
        cluster.scale(0);
        figure("to ready without it", cluster.awaitReady(3));
        Waiting.until("the volume of the observer to go", Duration.ofMinutes(2),
                () -> cluster.claims().size() == 3, () -> cluster.claims().toString());
        judge(cluster);
    }

    @Test
    @Order(2)
    void anotherImageOfTheApplicationRestartsItsContainersAndNoPodAndNoMember() {
        Map<String, String> pods = pods();
        List<String> before = cluster.takenDown();
        cluster.resource().patch(PatchContext.of(PatchType.JSON), "[{\"op\":\"replace\",\"path\":"
                + "\"/spec/template/spec/containers/0/image\",\"value\":\"" + Workloads.IMAGE_AGAIN + "\"}]");
        figure("to ready with it", Waiting.until("the application's image in all pods", Duration.ofMinutes(3),
                () -> cluster.pods().stream().allMatch(DayTwoScenario::runsTheNewImage), cluster::described)
                .plus(cluster.awaitReady(3)));
        assertThat(pods()).isEqualTo(pods);
        assertThat(cluster.takenDown()).isEqualTo(before);
        judge(cluster);
    }

    @Test
    @Order(3)
    void whatIsAskedForDuringAPauseIsDoneAfterIt() throws InterruptedException {
        Map<String, String> pods = pods();
        int before = cluster.takenDown().size();
        cluster.annotate(Annotations.PAUSED, "true");
        cluster.annotate(Annotations.RESTART, "after the pause");
        Waiting.until("the pause to be told", Duration.ofMinutes(1),
                () -> cluster.is("ReconciliationPaused", Truth.True), cluster::described);
        Thread.sleep(UNMOVED.toMillis()); // that nothing is done takes time to see
        assertThat(pods()).isEqualTo(pods);
        cluster.annotate(Annotations.PAUSED, null);
        Waiting.until("three restarts", Duration.ofMinutes(3),
                () -> cluster.takenDown().size() >= before + 3, cluster::described);
        cluster.awaitReady(3);
        assertThat(cluster.takenDown().subList(before, cluster.takenDown().size())).hasSize(3)
                .doesNotHaveDuplicates();
        judge(cluster);
    }

    @Test
    @Order(4)
    void theLeaderIsReplacedWhenItsIdentityIsNamed() {
        String leader = cluster.leader();
        Map<String, String> members = cluster.memberIds();
        cluster.announceReplacement(leader);
        cluster.annotate(Annotations.REPLACE_MEMBER, members.get(leader));
        Duration took = Waiting.until("another member in " + leader, Duration.ofMinutes(3), () -> {
            String now = cluster.memberIds().get(leader);
            return now != null && !now.equals(members.get(leader));
        }, cluster::described);
        figure("to ready with another member", took.plus(cluster.awaitReady(3)));
        members.remove(leader);
        assertThat(cluster.memberIds()).containsAllEntriesOf(members).hasSize(3);
        judge(cluster);
    }

    @Test
    @Order(5)
    void lostSecretsAreMadeAnewAndNobodyNotices() {
        Map<String, String> pods = pods();
        List<Secret> lost = Stream.of("day-member-tls", "day-operator-tls", "day-client").map(this::secret)
                .toList();
        lost.forEach(secret -> stage().client().resource(secret).delete());
        figure("to others", Waiting.until("other Secrets", Duration.ofMinutes(2),
                () -> lost.stream().allMatch(this::isIssuedAnew), cluster::described));
        cluster.awaitReady(3);
        assertThat(pods()).isEqualTo(pods);
        judge(cluster);
    }

    @Test
    @Order(6)
    @EnabledIfSystemProperty(named = "synod.e2e.full", matches = "true")
    void theAuthorityIsExchangedUnderLoadAndNoPodIsTouched() {
        Map<String, String> pods = pods();
        String before = secret("day-client").getData().get("ca.crt");
        cluster.annotate(Annotations.RENEW_CERTIFICATES, "now");
        figure("to the new authority alone", Waiting.until("the exchange to end", Duration.ofMinutes(50),
                () -> "now".equals(annotation("day-ca", "synod.dev/renewed-certificates"))
                        && "STEADY".equals(annotation("day-ca", "synod.dev/rotation-stage")),
                () -> annotation("day-ca", "synod.dev/rotation-stage") + " " + cluster.described()));
        assertThat(secret("day-client").getData().get("ca.crt")).isNotEqualTo(before);
        cluster.awaitReady(3);
        assertThat(pods()).isEqualTo(pods);
        judge(cluster);
    }

    @Test
    @Order(7)
    void theOnlyVoterIsDrainedAndComesBackWithAllThatWasWritten() {
        ClusterUnderTest alone = cluster("alone", 1);
        alone.create(1, "");
        alone.awaitReady(1);
        measureFromHere();
        Map<String, String> member = alone.memberIds();
        assertThat(alone.evict("alone-0")).as("no budget forbids it: it could never be drained").isTrue();
        figure("to ready", alone.awaitReady(1));
        assertThat(alone.memberIds()).isEqualTo(member);
        judge(alone);
        alone.deleteObject();
        assertThat(alone.claims()).as("volumes that are retained").hasSize(1);
    }

    @Test
    @Order(8)
    void volumesGoWithAClusterThatAskedForIt() {
        cluster.deleteObject();
        figure("to no volume left", Waiting.until("its volumes to go", Duration.ofMinutes(2),
                () -> cluster.claims().isEmpty(), () -> cluster.claims().toString()));
    }

    /** UID and starts of the member, by pod. */
    private Map<String, String> pods() {
        Map<String, String> pods = new TreeMap<>();
        for (Pod pod : cluster.pods()) {
            int restarts = pod.getStatus().getInitContainerStatuses().stream()
                    .mapToInt(status -> status.getRestartCount()).sum();
            pods.put(pod.getMetadata().getName(), pod.getMetadata().getUid() + " " + restarts);
        }
        return pods;
    }

    private static boolean runsTheNewImage(Pod pod) {
        return pod.getSpec().getContainers().stream()
                .allMatch(container -> container.getImage().equals(Workloads.IMAGE_AGAIN))
                && pod.getStatus().getContainerStatuses().stream()
                        .allMatch(status -> status.getRestartCount() == 1 && status.getReady());
    }

    /** By the same authority. */
    private boolean isIssuedAnew(Secret lost) {
        Secret now = secret(lost.getMetadata().getName());
        return !now.getMetadata().getUid().equals(lost.getMetadata().getUid())
                && !Objects.equals(now.getData().get("tls.crt"), lost.getData().get("tls.crt"))
                && Objects.equals(now.getData().get("ca.crt"), lost.getData().get("ca.crt"));
    }

    private Secret secret(String name) {
        return stage().client().secrets().inNamespace(stage().namespace()).withName(name).require();
    }

    private String annotation(String secret, String annotation) {
        return String.valueOf(secret(secret).getMetadata().getAnnotations().get(annotation));
    }
}
