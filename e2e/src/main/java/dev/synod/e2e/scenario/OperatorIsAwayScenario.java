package dev.synod.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.synod.e2e.kubernetes.ClusterUnderTest;
import dev.synod.e2e.kubernetes.LocalOperator;
import dev.synod.e2e.kubernetes.Scenario;
import dev.synod.e2e.kubernetes.Waiting;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The operator is killed after each of its steps, or is not there when it would be wanted. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class OperatorIsAwayScenario extends Scenario {
    /**
     * A beginning of three has nine steps: the identity, the set, three formats, their end, three
     * activations. Two may come right after another one, before that one's line is seen and the kill is done.
     */
    private static final int KILLS_MIN = 7;
    private static final int KILLS_GROWING_MIN = 5;
    private static final int LOOKS = 50;
    private static final long LOOK_NANOS = 10_000_000;

    private ClusterUnderTest cluster;

    @BeforeAll
    void prepareCluster() {
        cluster = cluster("away", 3);
    }

    @AfterEach
    void operatorIsBack() {
        stage().operator().start();
    }

    @Test
    @Order(1)
    void aClusterBeginsThoughTheOperatorIsKilledAfterEachStep() {
        cluster.create(3, "");
        int killed = killAfterEachStepUntilReady(3);
        figure("operators killed", Integer.toString(killed));
        assertThat(killed).as("kills in a beginning of three, which has nine steps")
                .isGreaterThanOrEqualTo(KILLS_MIN);
        cluster.awaitReady(3);
        assertThat(cluster.memberIds().values()).doesNotHaveDuplicates().hasSize(3);
        judge(cluster);
    }

    @Test
    @Order(2)
    void aLeaderDiesWhileNoOperatorIsThereAndNobodyMissesIt() {
        String leader = cluster.leader();
        stage().operator().kill();
        assumeThat(cluster.killProcess(leader, ClusterUnderTest.SIDECAR))
                .as("the pods run on this machine").isTrue();
        cluster.awaitOperations(300);
        stage().operator().start();
        cluster.awaitReady(3);
        judge(cluster);
    }

    @Test
    @Order(3)
    @EnabledIfSystemProperty(named = "synod.e2e.full", matches = "true")
    void threeBecomeFiveAndThreeThoughTheOperatorIsKilledAfterEachStep() {
        cluster.voters(5);
        int killed = killAfterEachStepUntilReady(5);
        cluster.awaitReady(5);
        cluster.voters(3);
        killed += killAfterEachStepUntilReady(3);
        cluster.awaitReady(3);
        figure("operators killed", Integer.toString(killed));
        // At the least: the set grows, two newcomers, a configuration each way, the set shrinks.
        assertThat(killed).as("kills while growing and shrinking").isGreaterThanOrEqualTo(KILLS_GROWING_MIN);
        judge(cluster);
    }

    private int killAfterEachStepUntilReady(int voters) {
        LocalOperator operator = stage().operator();
        long[] steps = {operator.steps()};
        int[] killed = {0};
        Waiting.until("ready with " + voters, Duration.ofMinutes(12), () -> {
            for (int look = 0; look < LOOKS; look++) {
                long now = operator.steps();
                if (now > steps[0]) {
                    operator.kill();
                    steps[0] = operator.steps(); // what it told of until it was dead
                    operator.start();
                    killed[0]++;
                }
                LockSupport.parkNanos(LOOK_NANOS);
            }
            return cluster.isReady(voters);
        }, cluster::described);
        return killed[0];
    }
}
