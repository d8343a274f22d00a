package dev.synod.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.synod.crd.CoordinationClusterStatus.Health;
import dev.synod.e2e.kubernetes.ClusterUnderTest;
import dev.synod.e2e.kubernetes.Scenario;
import dev.synod.e2e.kubernetes.Waiting;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The operator cannot reach members that serve. */
final class HiddenMemberScenario extends Scenario {
    /** Generous: a look every ten seconds, and members' deadlines. */
    private static final Duration TOLD_WITHIN = Duration.ofSeconds(30);

    @Test
    void membersThatTheOperatorCannotReachAreToldOfAndLeftAlone() {
        ClusterUnderTest cluster = cluster("hidden", 3);
        cluster.create(3, "");
        cluster.awaitReady(3);
        measureFromHere();
        Map<String, String> members = cluster.memberIds();
        int before = cluster.takenDown().size();
        assumeThat(hide(cluster, "-A", "hidden-0")).as("the pods run on this machine").isTrue();
        figure("one told as unreachable", Waiting.until("hidden-0 to be told as unreachable",
                TOLD_WITHIN, () -> isUnreachable(cluster, "hidden-0"), cluster::described));
        hide(cluster, "-A", "hidden-1");
        hide(cluster, "-A", "hidden-2");
        figure("all told as unknown", Waiting.until("Available to be Unknown", TOLD_WITHIN,
                () -> cluster.is("Available", dev.synod.crd.CoordinationClusterStatus.Truth.Unknown),
                cluster::described));
        cluster.awaitOperations(300);
        for (int place = 0; place < 3; place++) {
            hide(cluster, "-D", "hidden-" + place);
        }
        cluster.awaitReady(3);
        assertThat(cluster.memberIds()).isEqualTo(members);
        assertThat(cluster.takenDown()).hasSize(before);
        judge(cluster);
    }

    private static boolean hide(ClusterUnderTest cluster, String change, String pod) {
        return cluster.processes().inNetworkOf(pod, "/usr/sbin/iptables", change, "INPUT", "-p", "tcp",
                "--dport", "7402",
                "-j", "DROP");
    }

    private static boolean isUnreachable(ClusterUnderTest cluster, String pod) {
        return cluster.status().members().stream()
                .anyMatch(member -> member.name().equals(pod) && member.health() == Health.Unreachable);
    }
}
