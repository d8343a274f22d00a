package dev.synod.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.e2e.kubernetes.ClusterUnderTest;
import dev.synod.e2e.kubernetes.Progress;
import dev.synod.e2e.kubernetes.Scenario;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * Whatever is asked of a cluster, right or wrong and in whatever order, it becomes what was asked for last.
 */
@Order(1)
final class WalkScenario extends Scenario {
    private static final boolean FULL = Boolean.getBoolean("synod.e2e.full");
    private static final int CHANGES = FULL ? 500 : 60;
    private static final Duration TIME = Duration.ofMinutes(FULL ? 66 : 8);

    private ClusterUnderTest cluster;

    @BeforeAll
    void create() {
        cluster = cluster("walk", 3);
        cluster.create(3, "");
        // Up to seven pods have to find room on a small node.
        cluster.patch("{\"spec\":{\"sidecar\":{\"resources\":{\"requests\":{\"cpu\":\"50m\"}}}}}");
        cluster.awaitReady(3);
    }

    @Test
    void changesAtRandomEndInWhatWasAskedForLast() throws InterruptedException {
        long seed = Long.getLong("synod.e2e.seed", new Random().nextInt(1_000_000));
        figure("seed", Long.toString(seed));
        Walk walk = new Walk(cluster, stage(), new Random(seed));
        long ends = System.nanoTime() + TIME.toNanos();
        int made = 0;
        while (made < CHANGES && System.nanoTime() < ends) {
            made++;
            Progress.say("    " + made + " " + walk.change());
            walk.requireNothingUnexpected();
            walk.rest();
        }
        assertThat(made).as("changes in %s", TIME).isEqualTo(CHANGES);
        figure("changes", Integer.toString(made));
        figure("of them refused by the API server", Integer.toString(walk.refused()));
        assertThat(walk.refused()).as("changes refused by the API server").isPositive();
        figure("to what was asked for last", walk.settle());
        walk.requireNothingUnexpected();
        cluster.awaitOperations(100);
        judge(cluster);
    }
}
