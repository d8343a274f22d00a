package dev.synod.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.synod.crd.CoordinationClusterStatus.Truth;
import dev.synod.e2e.judge.Moment;
import dev.synod.e2e.kubernetes.ClusterUnderTest;
import dev.synod.e2e.kubernetes.Metrics;
import dev.synod.e2e.kubernetes.Scenario;
import dev.synod.e2e.kubernetes.Sidecars;
import dev.synod.e2e.kubernetes.Stage;
import dev.synod.e2e.kubernetes.Waiting;
import java.io.IOException;
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
@Order(3)
final class LifeOfAClusterScenario extends Scenario {
    private static final Duration IDLE = Duration.ofSeconds(60);
    /** Of a cluster that asks for none. */
    private static final double ELECTION_TIMEOUT_MILLIS = 1_000;

    private ClusterUnderTest cluster;
    private Duration toReady = Duration.ZERO;
    private Duration toAvailable = Duration.ZERO;
    /** Longest gap when the leader's process was killed; 0 while that was not measured. */
    private double failOverMillis;

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
        Waiting.until("the status to name the leader", Duration.ofMinutes(1),
                () -> cluster.leader().equals(cluster.status().leader()), cluster::described);
        assertThat(cluster.memberIds().values()).doesNotHaveDuplicates().hasSize(3);
        judge(cluster);
    }

    @Test
    @Order(2)
    void nothingIsWrittenWhileNothingChanges() throws Exception {
        Map<String, String> before = cluster.versions();
        Metrics then = stage().operator().metrics();
        Thread.sleep(IDLE.toMillis()); // that nothing comes takes time to see
        Metrics now = stage().operator().metrics();
        long passes = now.sum(LifeOfAClusterScenario::countsPasses)
                - then.sum(LifeOfAClusterScenario::countsPasses);
        long writes = now.sum(LifeOfAClusterScenario::countsWrites)
                - then.sum(LifeOfAClusterScenario::countsWrites);
        figure("passes at idle", Long.toString(passes));
        figure("API writes at idle", Long.toString(writes));
        assertThat(cluster.versions()).isEqualTo(before);
        assertThat(passes).as("passes over the only cluster there is").isGreaterThan(1);
        assertThat(writes).as("requests to the API server that are no GET").isZero();
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
        assumeThat(cluster.killProcess(leader, ClusterUnderTest.SIDECAR))
                .as("the pods run on this machine").isTrue();
        cluster.awaitOperations(50);
        figure("to ready", cluster.awaitReady(3));
        failOverMillis = judge(cluster).longestGapMillis();
    }

    @Test
    @Order(6)
    void anApplicationIsKilledAndItsLocksGoOn() {
        assumeThat(cluster.killProcess("life-0", ClusterUnderTest.APP))
                .as("the pods run on this machine").isTrue();
        Moment killed = Moment.now();
        Waiting.until("grants of both locks and the election", Duration.ofMinutes(2),
                () -> cluster.history().grantedSince(killed).containsAll(ClusterUnderTest.CLAIMS),
                () -> cluster.history().grantedSince(killed).toString());
        cluster.awaitReady(3);
        judge(cluster);
    }

    @Test
    @Order(7)
    void anotherImageRollsOnePodAfterTheOtherAndTheLeaderLast() throws IOException {
        long rounds = cluster.rounds();
        int before = cluster.takenDown().size();
        cluster.patch("{\"spec\":{\"image\":\"" + Stage.sidecarImageAgain() + "\"}}");
        // Who leads then is the one that is left: the operator waits for the second, then moves the lead.
        Duration toSecond = Waiting.until("the second pod to go", Duration.ofMinutes(4),
                () -> cluster.takenDown().size() >= before + 2, cluster::described);
        String leader = cluster.leader();
        figure("to roll", toSecond.plus(cluster.awaitReady(3, Stage.sidecarImageAgain())));
        List<String> rolled = cluster.takenDown().subList(before, cluster.takenDown().size());
        assertThat(rolled).hasSize(3).doesNotHaveDuplicates().last().isEqualTo(leader);
        long elections = cluster.rounds() - rounds;
        figure("elections of the members", Long.toString(elections));
        double gap = judge(cluster).longestGapMillis();
        if (failOverMillis > 0) {
            figure("gap, to that of a fail-over", String.format("%.1f", gap / failOverMillis));
        }
        // Whoever learns at once that the leader is gone takes less than the time that is allowed for it.
        assertThat(gap).as("the roll's longest gap in ms, beside that of a fail-over, %s", failOverMillis)
                .isLessThanOrEqualTo(Math.max(failOverMillis, ELECTION_TIMEOUT_MILLIS));
        // The hand-over's. Another one follows a leader's silence for that time, which a busy machine may
        // make but the gap has told of by now, or the end of a pod that leads, which may not be.
        assertThat(elections).as("elections of the members").isEqualTo(1);
    }

    @Test
    @Order(8)
    void anImageThatIsNotThereTakesOnePodAndIsTakenBackByWhoReverts() {
        int before = cluster.takenDown().size();
        cluster.patch("{\"spec\":{\"image\":\"synod/sidecar:not-there\"}}");
        Waiting.until("a pod of that image", Duration.ofMinutes(2), () -> cluster.pods().stream()
                .anyMatch(pod -> cluster.imageOf(pod).endsWith(":not-there")), cluster::described);
        cluster.awaitOperations(150);
        assertThat(cluster.is("Available", Truth.True)).isTrue();
        assertThat(cluster.takenDown().size()).isEqualTo(before + 1);
        cluster.patch("{\"spec\":{\"image\":\"" + Stage.sidecarImageAgain() + "\"}}");
        figure("to ready after the revert", cluster.awaitReady(3, Stage.sidecarImageAgain()));
        judge(cluster);
    }

    @Test
    @Order(9)
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
    @Order(10)
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
    @Order(11)
    void eachPodIsDrainedInTurnAndTheBudgetAllowsOneAtATime() {
        for (int place = 0; place < 3; place++) {
            String pod = "life-" + place;
            // The budget's word on what it allows comes later than readiness.
            Waiting.until("the budget to allow the eviction of " + pod, Duration.ofMinutes(1),
                    () -> cluster.evict(pod), cluster::described);
            assertThat(cluster.evict("life-" + (place + 1) % 3)).as("a second eviction at once").isFalse();
            figure("to ready after " + pod, cluster.awaitReady(3));
        }
        judge(cluster);
        Sidecars.Seen seen = cluster.sidecars();
        figure("member began before the application, and ended after it",
                seen.begun() + " pods, " + seen.ended() + " pods");
        assertThat(seen.begun()).as("pods whose beginning was seen").isGreaterThan(3);
        assertThat(seen.ended()).as("pods whose end was seen").isPositive();
    }

    private static boolean countsPasses(String metric) {
        return metric.startsWith("operator_sdk_reconciliations_success_total");
    }

    private static boolean countsWrites(String metric) {
        return metric.startsWith("synod_operator_api_requests_total") && !metric.contains("\"get\"");
    }
}
