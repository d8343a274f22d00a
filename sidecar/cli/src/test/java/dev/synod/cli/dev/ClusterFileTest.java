package dev.synod.cli.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.synod.cli.CommandException;
import dev.synod.cli.ExitStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class ClusterFileTest {
    private static final String HEAD = """
            apiVersion: synod.dev/v1alpha1
            kind: CoordinationCluster
            metadata:
              name: orders
            spec:
            """;

    private static ClusterFile parsed(String spec) {
        return ClusterFile.parse("f.yaml", HEAD + spec.indent(2));
    }

    private static void assertRefused(ThrowingCallable reading, String... parts) {
        assertThatThrownBy(reading)
                .isInstanceOfSatisfying(CommandException.class,
                        e -> assertThat(e.status()).isEqualTo(ExitStatus.CONFIGURATION))
                .hasMessageContainingAll(parts);
    }

    @Test
    void theExampleFileIsRight() throws Exception {
        Path tree = Path.of(Objects.requireNonNull(System.getProperty("synod.tree")));
        ClusterFile file = ClusterFile.read(tree.resolve("deploy/examples/minimal.yaml"));
        assertThat(file.voters()).isEqualTo(3);
        assertThat(file.unused()).isEmpty();
    }

    @Test
    void whatIsNotSaidHasItsDefault() {
        ClusterFile file = ClusterFile.parse("f.yaml", HEAD);
        assertThat(file).isEqualTo(parsed("voters: {}"));
        assertThat(file.voters()).isEqualTo(3);
        assertThat(file.observers()).isZero();
        assertThat(file.electionTimeout()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void everythingThatMeansSomethingHereIsRead() {
        ClusterFile file = parsed("""
                voters: {replicas: 5}
                observers: {replicas: 2}
                tuning:
                  heartbeat: 50ms
                  electionTimeout: 400ms
                """);
        assertThat(file.name()).isEqualTo("orders");
        assertThat(file.voters()).isEqualTo(5);
        assertThat(file.observers()).isEqualTo(2);
        assertThat(file.heartbeat()).isEqualTo(Duration.ofMillis(50));
        assertThat(file.electionTimeout()).isEqualTo(Duration.ofMillis(400));
    }

    @Test
    void whatMeansNothingWithoutKubernetesIsNamed() {
        ClusterFile file = parsed("""
                storage: {size: 1Gi}
                image: synod/sidecar:1
                template: {spec: {containers: []}}
                """);
        assertThat(file.unused()).containsExactlyInAnyOrder("spec.storage.size", "spec.image",
                "spec.template");
    }

    @Test
    void anUnknownFieldIsRefusedWithItsLineAndWhatIsAllowed() {
        assertRefused(() -> parsed("voters:\n  replicas: 3\n  replica: 4"), "f.yaml:8", "spec.voters.replica",
                "replicas");
    }

    @Test
    void anEvenNumberOfVotersIsRefused() {
        assertRefused(() -> parsed("voters:\n  replicas: 4"), "f.yaml:7", "is 4", "1, 3, 5 or 7");
    }

    @Test
    void aNumberThatIsNoneIsRefused() {
        assertRefused(() -> parsed("observers: {replicas: many}"), "f.yaml:6", "many", "0 to 64");
    }

    @Test
    void aSpanWithoutItsUnitIsRefused() {
        assertRefused(() -> parsed("tuning: {heartbeat: 100}"), "f.yaml:6", "250ms");
    }

    @Test
    void anElectionTimeoutOfFewHeartbeatsIsRefused() {
        assertRefused(() -> parsed("tuning: {heartbeat: 300ms}"), "heartbeats");
    }

    @Test
    void anotherKindIsRefused() {
        assertRefused(() -> ClusterFile.parse("f.yaml", "apiVersion: v1\nkind: Pod"), "f.yaml:1",
                "synod.dev/v1alpha1");
    }

    @Test
    void whatIsNoYamlIsRefusedWithItsLine() {
        assertRefused(() -> ClusterFile.parse("f.yaml", "a: b\n  c: [d"), "f.yaml:2");
    }

    @Test
    void aFieldGivenTwiceIsRefused() {
        assertRefused(() -> parsed("voters: {replicas: 3}\nvoters: {replicas: 5}"), "twice");
    }
}
