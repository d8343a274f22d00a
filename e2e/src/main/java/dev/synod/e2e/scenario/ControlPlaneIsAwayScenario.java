package dev.synod.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.crd.CoordinationClusterStatus.Truth;
import dev.synod.e2e.judge.Moment;
import dev.synod.e2e.kubernetes.ClusterUnderTest;
import dev.synod.e2e.kubernetes.OwnCluster;
import dev.synod.e2e.kubernetes.Scenario;
import dev.synod.e2e.kubernetes.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.parallel.Isolated;

/** Parts of Kubernetes are taken away, on a Kubernetes that nobody else uses, by no other scenario either. */
@Isolated
@EnabledIfSystemProperty(named = "synod.e2e.own", matches = "true")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ControlPlaneIsAwayScenario extends Scenario {
    private static final boolean FULL = Boolean.getBoolean("synod.e2e.full");
    private static final Duration NAMELESS = Duration.ofSeconds(FULL ? 120 : 25);
    private static final Duration AWAY = Duration.ofSeconds(FULL ? 300 : 60);
    private static final int PARTS = 3;
    /** Acknowledged in each part of the time: far less than a slow machine does, and far more than none. */
    private static final long OPERATIONS_MIN = AWAY.toSeconds() / PARTS;

    private ClusterUnderTest cluster;

    @BeforeAll
    void prepareCluster() {
        cluster = cluster("headless", 3);
    }

    @AfterEach
    void allIsBack() {
        OwnCluster.up();
        nameServers(1);
    }

    private void nameServers(int replicas) {
        stage().client().apps().deployments().inNamespace("kube-system").withName("coredns").scale(replicas);
    }

    @Test
    @Order(1)
    void namesAreNotFoundAtTheBeginningAndOneClusterBeginsOnceTheyAre() throws InterruptedException {
        nameServers(0);
        Waiting.until("the name servers to go", Duration.ofMinutes(1), () -> stage().client().pods()
                .inNamespace("kube-system").withLabel("k8s-app", "kube-dns").list().getItems().isEmpty(),
                () -> "still there");
        cluster.create(3, "");
        Thread.sleep(NAMELESS.toMillis()); // how long they are away is the scenario
        String id = cluster.status().clusterId();
        assertThat(id).as("the cluster's identity, which is written down without names").isNotNull();
        assertThat(cluster.is("Available", Truth.True)).as("available without names").isFalse();
        nameServers(1);
        figure("to ready with names", cluster.awaitReady(3));
        measureFromHere();
        assertThat(cluster.status().clusterId()).isEqualTo(id);
        judge(cluster);
    }

    @Test
    @Order(2)
    void theApiServerIsAwayAndTheLeaderDiesAndApplicationsGoOn() throws InterruptedException {
        if (cluster.resource().get() == null) { // it is the first that is run
            cluster.create(3, "");
        }
        cluster.awaitReady(3);
        measureFromHere();
        String leader = cluster.leader();
        Runnable killLeader = cluster.processes().killer(leader, ClusterUnderTest.SIDECAR);
        Moment before = Moment.now();
        OwnCluster.stop("kube-apiserver");
        killLeader.run();
        List<Moment> moments = new ArrayList<>(List.of(Moment.now()));
        for (int part = 0; part < PARTS; part++) {
            Thread.sleep(AWAY.dividedBy(PARTS).toMillis()); // how long it is away is the scenario
            moments.add(Moment.now());
        }
        OwnCluster.up();
        cluster.awaitReady(3);
        judge(cluster);
        for (int part = 0; part < PARTS; part++) {
            long acknowledged = cluster.history().acknowledged(moments.get(part), moments.get(part + 1));
            figure("acknowledged in part " + (part + 1) + " of the time away", Long.toString(acknowledged));
            assertThat(acknowledged).as("operations acknowledged in part %s of the time away", part + 1)
                    .isGreaterThan(OPERATIONS_MIN);
        }
        assertThat(cluster.history().granted(moments.getFirst(), moments.getLast()))
                .as("locks and elections granted meanwhile").containsAll(ClusterUnderTest.CLAIMS);
        assertThat(cluster.history().expiredSince(before)).as("sessions that did not survive it").isEmpty();
    }
}
