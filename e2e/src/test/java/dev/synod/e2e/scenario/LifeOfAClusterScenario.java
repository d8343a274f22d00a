package dev.synod.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.crd.CoordinationClusterStatus.Truth;
import dev.synod.e2e.kubernetes.ClusterUnderTest;
import dev.synod.e2e.kubernetes.Scenario;
import dev.synod.e2e.kubernetes.Waiting;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** One cluster of three, and all that happens to one in its life. Each scenario leaves it ready for the next. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class LifeOfAClusterScenario extends Scenario {
    private static final Duration IDLE = Duration.ofSeconds(Integer.getInteger("synod.e2e.idleSeconds", 30));

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
}
