package dev.synod.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.synod.crd.CoordinationClusterStatus.Truth;
import dev.synod.e2e.kubernetes.ClusterUnderTest;
import dev.synod.e2e.kubernetes.Scenario;
import dev.synod.e2e.kubernetes.Stage;
import dev.synod.e2e.kubernetes.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * One cluster of three, and all that happens to one in its life. Each scenario leaves it ready for the
 * next.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class LifeOfAClusterScenario extends Scenario {
    private static final Duration IDLE = Duration.ofSeconds(Boolean.getBoolean("synod.e2e.full") ? 60 : 20);

    private ClusterUnderTest cluster;
    private Duration toReady = Duration.ZERO;
    private Duration toAvailable = Duration.ZERO;

    @BeforeAll
    void create() {
        cluster = cluster("life", 3);
        cluster.create(3, "");
        Waiting.until("Available to be told", Duration.ofMinutes(2),
                () -> !cluster.status().conditions().isEmpty(), cluster::described);
        assertThat(cluster.is("Available", Truth.True)).as("available before anything runs").isFalse();
        toAvailable = Waiting.until("Available to be True", Duration.ofMinutes(3),
                () -> cluster.is("Available", Truth.True), cluster::described);
        toReady = toAvailable.plus(cluster.awaitReady(3));
    }

    @Test
    @Order(1)
    void threeVotersBeginAsOneClusterAndTheStatusNamesTheLeader() {
        figure("to available", toAvailable);
        figure("to ready", toReady);
        assertThat(cluster.leader()).startsWith("life-");
        assertThat(cluster.memberIds().values()).doesNotHaveDuplicates().hasSize(3);
        judge(cluster);
    }

    @Test
    @Order(2)
    void nothingIsWrittenWhileNothingChanges() throws InterruptedException {
        Map<String, String> before = cluster.versions();
        Thread.sleep(IDLE.toMillis()); // that nothing comes takes time to see
        assertThat(cluster.versions()).isEqualTo(before);
        judge(cluster);
    }

    @Test
    @Order(3)
    void oneTwoAndAllPodsAreDeletedAndTheSameClusterGoesOn() {
        String id = cluster.status().clusterId();
        Map<String, String> members = cluster.memberIds();
        for (int count = 1; count <= 3; count++) {
            for (int place = 0; place < count; place++) {
                cluster.deletePod("life-" + place, false);
            }
            figure("to ready after " + count + " deleted", cluster.awaitReady(3));
            assertThat(cluster.status().clusterId()).isEqualTo(id);
            assertThat(cluster.memberIds()).isEqualTo(members);
        }
        judge(cluster);
    }

    @Test
    @Order(4)
    void theLeadersPodIsDeleted() {
        String leader = cluster.leader();
        cluster.deletePod(leader, false);
        figure("to ready", cluster.awaitReady(3));
        judge(cluster);
    }

    @Test
    @Order(5)
    void theLeadersProcessIsKilled() {
        String leader = cluster.leader();
        assumeThat(cluster.processes().kill(leader, ClusterUnderTest.SIDECAR))
                .as("the pods run on this machine").isTrue();
        cluster.awaitOperations(100);
        figure("to ready", cluster.awaitReady(3));
        judge(cluster);
    }

    @Test
    @Order(6)
    void anApplicationIsKilledAndItsLocksGoOn() {
        assumeThat(cluster.processes().kill("life-0", ClusterUnderTest.APP))
                .as("the pods run on this machine").isTrue();
        cluster.awaitOperations(100);
        cluster.awaitReady(3);
        judge(cluster);
    }

    @Test
    @Order(7)
    void anotherImageRollsOnePodAfterTheOtherAndTheLeaderLast() {
        String leader = cluster.leader();
        int before = cluster.takenDown().size();
        cluster.patch("{\"spec\":{\"image\":\"" + Stage.sidecarImageAgain() + "\"}}");
        figure("to roll", cluster.awaitReady(3, Stage.sidecarImageAgain()));
        List<String> rolled = cluster.takenDown().subList(before, cluster.takenDown().size());
        assertThat(rolled).hasSize(3).doesNotHaveDuplicates().last().isEqualTo(leader);
        judge(cluster);
    }

    @Test
    @Order(8)
    void aRestartThatIsAskedForRestartsEachPodOnce() {
        int before = cluster.takenDown().size();
        cluster.patch("{\"metadata\":{\"annotations\":{\"synod.dev/restart\":\"once\"}}}");
        Waiting.until("three restarts", Duration.ofMinutes(3),
                () -> cluster.takenDown().size() >= before + 3, cluster::described);
        cluster.awaitReady(3);
        assertThat(cluster.takenDown().subList(before, cluster.takenDown().size())).hasSize(3)
                .doesNotHaveDuplicates();
        judge(cluster);
    }

    @Test
    @Order(9)
    void anImageThatIsNotThereTakesOnePodAndIsTakenBackByWhoReverts() {
        cluster.patch("{\"spec\":{\"image\":\"synod/sidecar:not-there\"}}");
        int before = cluster.takenDown().size();
        Waiting.until("a pod of that image", Duration.ofMinutes(2), () -> cluster.pods().stream()
                .anyMatch(pod -> cluster.imageOf(pod).endsWith(":not-there")), cluster::described);
        cluster.awaitOperations(300);
        assertThat(cluster.is("Available", Truth.True)).isTrue();
        assertThat(cluster.takenDown().size()).isEqualTo(before + 1);
        cluster.patch("{\"spec\":{\"image\":\"" + Stage.sidecarImageAgain() + "\"}}");
        figure("to ready after the revert", cluster.awaitReady(3, Stage.sidecarImageAgain()));
        judge(cluster);
    }

    @Test
    @Order(10)
    void aLostVolumeMakesANewMemberThatLearnsBeforeItVotes() {
        String lost = cluster.leader().equals("life-1") ? "life-2" : "life-1";
        String old = cluster.memberIds().get(lost);
        cluster.deleteVolume(lost);
        Duration took = Waiting.until("another member in " + lost, Duration.ofMinutes(3), () -> {
            String now = cluster.memberIds().get(lost);
            return now != null && !now.equals(old);
        }, cluster::described);
        figure("to ready with another member", took.plus(cluster.awaitReady(3)));
        assertThat(cluster.memberIds().values()).doesNotContain(old).hasSize(3);
        judge(cluster);
    }

    @Test
    @Order(11)
    void threeBecomeFiveAndThreeAndFiveAgainWithNewMembersEachTime() {
        cluster.voters(5);
        figure("3 to 5", cluster.awaitReady(5));
        Map<String, String> first = cluster.memberIds();
        cluster.voters(3);
        figure("5 to 3", cluster.awaitReady(3));
        Waiting.until("the volumes of who left to go", Duration.ofMinutes(2),
                () -> cluster.claims().size() == 3, () -> cluster.claims().toString());
        cluster.voters(5);
        figure("3 to 5 again", cluster.awaitReady(5));
        assertThat(cluster.memberIds().get("life-3")).isNotEqualTo(first.get("life-3"));
        assertThat(cluster.memberIds().get("life-4")).isNotEqualTo(first.get("life-4"));
        cluster.voters(3);
        figure("5 to 3 again", cluster.awaitReady(3));
        judge(cluster);
    }

    @Test
    @Order(12)
    void eachPodIsDrainedInTurnAndTheBudgetAllowsOneAtATime() {
        for (int place = 0; place < 3; place++) {
            String pod = "life-" + place;
            assertThat(cluster.evict(pod)).as("eviction of %s", pod).isTrue();
            assertThat(cluster.evict("life-" + (place + 1) % 3)).as("a second eviction at once").isFalse();
            figure("to ready after " + pod, cluster.awaitReady(3));
        }
        judge(cluster);
    }
}
