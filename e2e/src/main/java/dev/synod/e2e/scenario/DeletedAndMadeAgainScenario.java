package dev.synod.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.e2e.kubernetes.ClusterUnderTest;
import dev.synod.e2e.kubernetes.Scenario;
import dev.synod.e2e.kubernetes.Waiting;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A cluster is deleted, and one of its name is made again beside its volumes. */
final class DeletedAndMadeAgainScenario extends Scenario {
    @Test
    void volumesOfAnEarlierClusterAreRefusedAndWhoAsksAdoptsThemWithAllThatIsOnThem() {
        ClusterUnderTest cluster = cluster("again", 3);
        cluster.create(3, "");
        cluster.awaitReady(3);
        cluster.awaitOperations(100);
        String id = cluster.status().clusterId();
        Map<String, String> members = cluster.memberIds();
        cluster.deleteObject();
        assertThat(cluster.claims()).as("volumes that are retained").hasSize(3);

        cluster.create(3, "");
        Waiting.until("the refusal", Duration.ofMinutes(2), () -> cluster.why("Available").contains("Adopt")
                || cluster.why("Progressing").contains("Adopt") || cluster.why("Degraded").contains("Adopt"),
                () -> cluster.described() + cluster.why("Degraded"));
        assertThat(cluster.pods()).as("pods beside volumes that are refused").isEmpty();
        cluster.deleteObject();

        cluster.create(3, "storage: {existing: Adopt}");
        figure("to ready, adopted", cluster.awaitReady(3));
        measureFromHere();
        assertThat(cluster.status().clusterId()).isEqualTo(id);
        assertThat(cluster.memberIds()).isEqualTo(members);
        judge(cluster);
    }
}
