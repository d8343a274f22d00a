package dev.synod.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.synod.crd.CoordinationClusterStatus.Health;
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

/** The operator cannot reach members that serve, or is not there when it would be wanted. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class OperatorIsAwayScenario extends Scenario {
    /** Generous: a look every ten seconds, and members' deadlines. */
    private static final Duration TOLD_WITHIN = Duration.ofSeconds(30);

    private ClusterUnderTest cluster;

    @BeforeAll
    void create() {
        cluster = cluster("away", 3);
        cluster.create(3, "");
        cluster.awaitReady(3);
    }

    @Test
    @Order(1)
    void membersThatTheOperatorCannotReachAreToldOfAndLeftAlone() {
        Map<String, String> members = cluster.memberIds();
        int before = cluster.takenDown().size();
        try {
            assumeThat(hide("-A", "away-0")).as("the pods run on this machine").isTrue();
            figure("one told as unreachable", Waiting.until("away-0 to be told as unreachable",
                    TOLD_WITHIN, () -> isUnreachable("away-0"), cluster::described));
            assertThat(hide("-A", "away-1") && hide("-A", "away-2")).isTrue();
            figure("all told as unknown", Waiting.until("Available to be Unknown", TOLD_WITHIN,
                    () -> cluster.is("Available", Truth.Unknown), cluster::described));
            cluster.awaitOperations(150);
        } finally {
            for (int place = 0; place < 3; place++) {
                hide("-D", "away-" + place);
            }
        }
        cluster.awaitReady(3);
        assertThat(cluster.memberIds()).isEqualTo(members);
        assertThat(cluster.takenDown()).hasSize(before);
        judge(cluster);
    }

    @Test
    @Order(2)
    void aLeaderDiesWhileNoOperatorIsThereAndNobodyMissesIt() {
        String leader = cluster.leader();
        stage().operator().kill();
        try {
            assumeThat(cluster.killProcess(leader, ClusterUnderTest.SIDECAR))
                    .as("the pods run on this machine").isTrue();
            cluster.awaitOperations(150);
        } finally {
            stage().operator().start();
        }
        cluster.awaitReady(3);
        judge(cluster);
    }

    private boolean hide(String change, String pod) {
        return cluster.processes().inNetworkOf(pod, "/usr/sbin/iptables", change, "INPUT", "-p", "tcp",
                "--dport", "7402",
                "-j", "DROP");
    }

    private boolean isUnreachable(String pod) {
        return cluster.status().members().stream()
                .anyMatch(member -> member.name().equals(pod) && member.health() == Health.Unreachable);
    }
}
