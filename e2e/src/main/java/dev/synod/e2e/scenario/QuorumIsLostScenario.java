package dev.synod.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.crd.Annotations;
import dev.synod.crd.CoordinationClusterStatus.Truth;
import dev.synod.e2e.kubernetes.ClusterUnderTest;
import dev.synod.e2e.kubernetes.Scenario;
import dev.synod.e2e.kubernetes.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Two volumes of three are gone for good. */
@Order(4)
final class QuorumIsLostScenario extends Scenario {
    private static final Duration UNTOUCHED =
            Duration.ofSeconds(Boolean.getBoolean("synod.e2e.full") ? 600 : 60);

    @Test
    void nothingIsTouchedUntilAPersonNamesTheMemberToRecoverFrom() throws InterruptedException {
        ClusterUnderTest cluster = cluster("lost", 3);
        cluster.create(3, "");
        cluster.awaitReady(3);
        // Who leads has all that was acknowledged, and does not lose the lead by the loss of one other.
        String survivor = cluster.leader();
        String id = cluster.memberIds().get(survivor);
        List<String> gone = Stream.of("lost-0", "lost-1", "lost-2")
                .filter(pod -> !pod.equals(survivor)).toList();
        gone.forEach(cluster::deleteVolume);
        figure("told", Waiting.until("the loss to be told", Duration.ofMinutes(3),
                () -> cluster.is("Available", Truth.False)
                        && cluster.why("Available").startsWith("QuorumLost"),
                () -> cluster.described() + cluster.why("Available")));
        int before = cluster.takenDown().size();
        Thread.sleep(UNTOUCHED.toMillis()); // that nothing is done takes time to see
        assertThat(cluster.takenDown()).as("pods that the operator took down").hasSize(before);
        assertThat(cluster.memberIds()).containsEntry(survivor, id);
        assertThat(cluster.is("Available", Truth.False)).isTrue();

        gone.forEach(cluster::announceRecovery);
        cluster.annotate(Annotations.RECOVER_FROM, id);
        figure("to ready, recovered", cluster.awaitReady(3));
        measureFromHere();
        judge(cluster);
    }
}
