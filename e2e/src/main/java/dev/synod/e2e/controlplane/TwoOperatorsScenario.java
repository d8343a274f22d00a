package dev.synod.e2e.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.crd.Annotations;
import dev.synod.e2e.kubernetes.ClusterUnderTest;
import dev.synod.e2e.kubernetes.LocalOperator;
import dev.synod.e2e.kubernetes.Scenario;
import dev.synod.e2e.kubernetes.Stage;
import dev.synod.e2e.kubernetes.Waiting;
import dev.synod.e2e.kubernetes.Writes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Two operators look after one cluster: both act, or the second only when the first has lost its Lease. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class TwoOperatorsScenario extends Scenario {
    /** The one that an operator's rights name. */
    private static final String LEASE_NAME = "synod-operator";
    /** How long it lasts. */
    private static final Duration LEASE = Duration.ofSeconds(15);
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int SOFTWARE = 70;

    private ClusterUnderTest cluster;
    private Path first = Path.of("");
    private Path second = Path.of("");

    @BeforeAll
    void create() throws IOException {
        first = journal("first");
        second = journal("second");
        cluster = cluster("two", 3);
        cluster.create(3, "");
        cluster.awaitReady(3);
    }

    private Path journal(String of) throws IOException {
        Path file = stage().traces().resolve("writes-" + of + "-" + stage().namespace());
        Files.deleteIfExists(file);
        return file;
    }

    @AfterAll
    void oneIsEnough() {
        stage().operator().start();
    }

    private List<Writes.Write> allWrites() {
        List<Writes.Write> all = new ArrayList<>(Writes.in(first));
        all.addAll(Writes.in(second));
        return all;
    }

    @Test
    @Order(1)
    void bothActWithoutALeaseAndTheClusterGrowsRollsAndShrinks() {
        LocalOperator one = stage().operator();
        LocalOperator two = stage().anotherOperator("second", "");
        one.kill();
        one.start(first, 0);
        two.start(second, 0);
        try {
            Waiting.until("both operators", PATIENCE, () -> one.isUp() && two.isUp(),
                    () -> "they start");
            cluster.voters(5);
            figure("3 to 5", cluster.awaitReady(5));
            int before = cluster.takenDown().size();
            cluster.patch("{\"spec\":{\"image\":\"" + Stage.sidecarImageAgain() + "\"}}");
            figure("to roll 5", cluster.awaitReady(5, Stage.sidecarImageAgain()));
            assertThat(cluster.takenDown().subList(before, cluster.takenDown().size())).hasSize(5)
                    .doesNotHaveDuplicates();
            cluster.voters(3);
            figure("5 to 3", cluster.awaitReady(3));
        } finally {
            two.kill();
        }
        assertThat(Writes.wrongSteps(allWrites())).isEmpty();
        long byOne = Writes.in(first).stream().filter(Writes.Write::acts).count();
        long byTwo = Writes.in(second).stream().filter(Writes.Write::acts).count();
        figure("writes of the one and the other", byOne + ", " + byTwo);
        assertThat(List.of(byOne, byTwo)).as("writes of the one and the other").allMatch(count -> count > 0);
        judge(cluster);
    }

    @Test
    @Order(2)
    void whoStoodStillForLongerThanTheLeaseActsNoMore() throws InterruptedException {
        stage().operator().kill();
        LocalOperator one = stage().anotherOperator("one", LEASE_NAME);
        LocalOperator other = stage().anotherOperator("other", LEASE_NAME);
        Path byOne = first.resolveSibling(first.getFileName() + "-lease");
        Path byOther = second.resolveSibling(second.getFileName() + "-lease");
        one.start(byOne, 0);
        Waiting.until("the first to lead", PATIENCE, () -> one.said("\"one leads"), () -> one.tail(3));
        other.start(byOther, 0);
        Waiting.until("the second to stand by", PATIENCE, () -> other.said("one is the operator that leads"),
                () -> other.tail(3));
        int before = cluster.takenDown().size();
        cluster.annotate(Annotations.RESTART, "lease");
        Waiting.until("the first pod to go", PATIENCE, () -> cluster.takenDown().size() > before,
                cluster::described);
        one.freeze();
        long frozen = System.currentTimeMillis();
        try {
            figure("the other leads after", Waiting.until("the other to lead", LEASE.multipliedBy(4),
                    () -> other.said("\"other leads"), () -> other.tail(3)));
            Waiting.until("the other to act", PATIENCE,
                    () -> Writes.in(byOther).stream().anyMatch(Writes.Write::acts), () -> other.tail(3));
        } finally {
            one.expectEnd(SOFTWARE, "has lost the Lease");
            one.thaw();
        }
        figure("it ends after", Waiting.until("the first to end", LEASE.multipliedBy(3),
                () -> !one.isAlive(), () -> one.tail(5)));
        assertThat(one.endedWith()).contains(SOFTWARE);
        assertThat(Writes.in(byOne)).as("what the first did after it stood still")
                .noneMatch(write -> write.sentMillis() > frozen && write.acts());
        Waiting.until("three restarts", PATIENCE, () -> cluster.takenDown().size() >= before + 3,
                cluster::described);
        cluster.awaitReady(3);
        assertThat(cluster.takenDown().subList(before, cluster.takenDown().size())).hasSize(3)
                .doesNotHaveDuplicates();
        judge(cluster);
        other.close();
    }
}
