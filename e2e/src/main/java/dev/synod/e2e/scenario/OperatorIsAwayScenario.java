package dev.synod.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.synod.e2e.kubernetes.ClusterUnderTest;
import dev.synod.e2e.kubernetes.LocalOperator;
import dev.synod.e2e.kubernetes.Scenario;
import dev.synod.e2e.kubernetes.Waiting;
import java.time.Duration;
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
        figure("operators killed", Integer.toString(killAfterEachStepUntilReady(3)));
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
        judge(cluster);
    }

    private int killAfterEachStepUntilReady(int voters) {
        LocalOperator operator = stage().operator();
        long[] steps = {operator.steps()};
        int[] killed = {0};
        Waiting.until("ready with " + voters, Duration.ofMinutes(12), () -> {
            long now = operator.steps();
            if (now > steps[0]) {
                steps[0] = now;
                operator.kill();
                operator.start();
                killed[0]++;
            }
            return cluster.isReady(voters);
        }, cluster::described);
        return killed[0];
    }
}
