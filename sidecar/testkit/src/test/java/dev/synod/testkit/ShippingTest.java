package dev.synod.testkit;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.client.Coordination;
import dev.synod.client.LockHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The example of {@code docs/testkit.md}, as it stands there. */
// begin
@SynodTest(members = 3)
final class ShippingTest {
    @Test
    void aWorkerWhoseSidecarIsCutOffLosesItsOrderToTheNext(TestCluster cluster) throws Exception {
        TestMember lonely = cluster.follower();
        try (Coordination a = lonely.client().ttl(Duration.ofSeconds(1)).connect();
                Coordination b = cluster.leader().connect()) {
            LockHandle held = a.lock("orders/42").acquire();
            CompletableFuture<LockHandle> waiting = b.lock("orders/42").acquireAsync();

            lonely.partition();

            LockHandle next = waiting.get(30, SECONDS);
            assertThat(held.isHeld()).isFalse();
            assertThat(next.fencingToken().value()).isGreaterThan(held.fencingToken().value());
            cluster.heal();
        }
    }
    // end

    @Test
    void theDocumentShowsThis() throws Exception {
        Path tree = Path.of(Objects.requireNonNull(System.getProperty("synod.tree")));
        String source = Files.readString(tree.resolve("sidecar/testkit/src/test/java/dev/synod/testkit/"
                + "ShippingTest.java"));
        String example = source.substring(source.indexOf("// begin\n") + 9, source.indexOf("    // end"));
        assertThat(Files.readString(tree.resolve("docs/testkit.md"))).contains(example);
    }
}
