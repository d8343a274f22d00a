package dev.synod.e2e.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.e2e.kubernetes.ClusterUnderTest;
import dev.synod.e2e.kubernetes.OperatorLives;
import dev.synod.e2e.kubernetes.Scenario;
import dev.synod.e2e.kubernetes.Stage;
import dev.synod.e2e.kubernetes.Waiting;
import dev.synod.e2e.kubernetes.Writes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The operator dies with the answer to each single write, to the API server or to a member, and is started
 * again: whoever comes next knows nothing but what is written.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Order(1)
final class OperatorDiesByWritesScenario extends Scenario {
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    /** The shortest, a replacement: a newcomer's volume, its place among the members, the configuration. */
    private static final int DEATHS_MIN = 3;

    private ClusterUnderTest cluster;
    private Path journal = Path.of("");

    @BeforeAll
    void prepareCluster() throws IOException {
        cluster = cluster("dies", 3);
        journal = stage().traces().resolve("writes-" + stage().namespace());
        Files.deleteIfExists(journal);
    }

    @AfterEach
    void operatorStays() {
        stage().operator().start();
    }

    /** Asks for something of an operator that dies by each write, until the condition holds, and judges. */
    private void dieUntil(String what, Runnable ask, Callable<Boolean> condition) {
        int before = Writes.in(journal).size();
        int deaths;
        Duration took;
        // Whoever looks after the cluster when it is asked for is mortal already.
        try (OperatorLives lives = new OperatorLives(stage().operator(), journal)) {
            ask.run();
            took = Waiting.until(what, PATIENCE, () -> {
                lives.requireGoingOn();
                return condition.call();
            }, () -> lives.deaths() + " operators died; " + cluster.described());
            deaths = lives.deaths();
        }
        stage().operator().start();
        List<Writes.Write> all = Writes.in(journal);
        List<Writes.Write> writes = all.subList(before, all.size());
        figure("operators killed", Integer.toString(deaths));
        figure("with them", took);
        assertThat(deaths).as("deaths").isGreaterThanOrEqualTo(DEATHS_MIN);
        assertThat(Writes.outlived(writes)).as("writes that no operator died by").isEmpty();
        assertThat(Writes.wrongSteps(all)).isEmpty();
    }

    @Test
    @Order(1)
    void aClusterBegins() {
        dieUntil("ready with 3", () -> cluster.create(3, ""), () -> cluster.isReady(3));
        cluster.awaitReady(3);
        assertThat(cluster.memberIds().values()).doesNotHaveDuplicates().hasSize(3);
        assertThat(Writes.in(journal)).as("one configuration from the beginning, by nobody's change")
                .noneMatch(write -> write.what().startsWith("member Reconfigure"));
        judge(cluster);
    }

    @Test
    @Order(2)
    void threeBecomeFive() {
        dieUntil("ready with 5", () -> cluster.voters(5), () -> cluster.isReady(5));
        cluster.awaitReady(5);
        judge(cluster);
    }

    @Test
    @Order(3)
    void fiveBecomeThree() {
        dieUntil("ready with 3, and no volume left over", () -> cluster.voters(3),
                () -> cluster.isReady(3) && cluster.claims().size() == 3);
        cluster.awaitReady(3);
        judge(cluster);
    }

    @Test
    @Order(4)
    void anotherImageRollsEachPodOnce() {
        int before = cluster.takenDown().size();
        dieUntil("the new image in all pods",
                () -> cluster.patch("{\"spec\":{\"image\":\"" + Stage.sidecarImageAgain() + "\"}}"),
                () -> cluster.isReady(3) && cluster.pods().stream()
                        .allMatch(pod -> cluster.imageOf(pod).equals(Stage.sidecarImageAgain())));
        cluster.awaitReady(3);
        assertThat(cluster.takenDown().subList(before, cluster.takenDown().size())).hasSize(3)
                .doesNotHaveDuplicates();
        judge(cluster);
    }

    @Test
    @Order(5)
    void aLostVolumeGetsAnotherMember() {
        String lost = cluster.leader().equals("dies-1") ? "dies-2" : "dies-1";
        String old = cluster.memberIds().get(lost);
        dieUntil("another member in " + lost, () -> cluster.deleteVolume(lost), () -> {
            String now = cluster.memberIds().get(lost);
            return now != null && !now.equals(old) && cluster.isReady(3);
        });
        cluster.awaitReady(3);
        assertThat(cluster.memberIds().values()).doesNotContain(old).hasSize(3);
        judge(cluster);
    }
}
