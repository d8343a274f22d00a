package dev.synod.cli.inject;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.cli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

final class InjectCommandTest {
    private static final String POD = """
            apiVersion: v1
            kind: Pod
            metadata: {name: p}
            spec:
              # keep me
              initContainers:
              - {name: first, image: "f:1"}
              containers:
              - name: app
                image: a:1
                env: [{name: DEBUG, value: "yes"}]
              - name: other
                image: b:1
            """;

    @TempDir private Path folder = Path.of("");

    private Run inject(String manifest, String... more) throws IOException {
        Path file = Files.writeString(folder.resolve("m.yaml"), manifest);
        List<Object> arguments = new ArrayList<>(List.of("inject", "-f", file, "--cluster", "orders"));
        arguments.addAll(List.of(more));
        return Run.of(arguments.toArray());
    }

    private static Map<?, ?> map(Object tree, Object... path) {
        Object at = tree;
        for (Object step : path) {
            @Nullable
            Object below = at instanceof Map<?, ?> map
                    ? map.get(step)
                    : at instanceof List<?> list && step instanceof Integer place ? list.get(place) : null;
            at = Objects.requireNonNull(below, () -> "nothing at " + step);
        }
        return (Map<?, ?>) at;
    }

    private static Object load(String text) {
        return new Load(LoadSettings.builder().build()).loadFromString(text);
    }

    @Test
    void theAgentComesFirstAndStaysAsANativeSidecar() throws IOException {
        Run run = inject(POD);
        assertThat(run.status()).as(run.err()).isZero();
        Map<?, ?> agent = map(load(run.out()), "spec", "initContainers", 0);
        assertThat(agent.get("name")).isEqualTo("synod");
        assertThat(agent.get("restartPolicy")).isEqualTo("Always");
        assertThat(agent.toString()).contains("orders-2.orders-peers:7401").contains("/healthz/started");
    }

    @Test
    void everyContainerLearnsTheEndpoint() throws IOException {
        Object pod = load(inject(POD).out());
        for (Map<?, ?> container : List.of(map(pod, "spec", "containers", 0),
                map(pod, "spec", "containers", 1),
                map(pod, "spec", "initContainers", 1))) {
            assertThat(container.toString()).contains("SYNOD_ENDPOINT").contains("127.0.0.1:7400");
        }
    }

    @Test
    void textsThatLookLikeTruthsStayQuotedAndCommentsStay() throws IOException {
        assertThat(inject(POD).out()).contains("value: \"yes\"").contains("# keep me");
    }

    @Test
    void aSecondInjectionChangesNothing() throws IOException {
        String once = inject(POD).out();
        assertThat(inject(once).out()).isEqualTo(once);
    }

    @Test
    void whatIsNoWorkloadKeepsEveryByte() throws IOException {
        String service = "# mine\nkind:   Service\nmetadata: { name:  x }\n---\n";
        assertThat(inject(service + POD).out()).startsWith(service);
    }

    @Test
    void everyKindOfWorkloadIsKnown() throws IOException {
        for (String kind : List.of("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job")) {
            Run run = inject(
                    "kind: " + kind + "\nspec:\n  template:\n    spec:\n      containers: [{name: a}]\n");
            assertThat(map(load(run.out()), "spec", "template", "spec", "initContainers", 0).get("name"))
                    .as(kind).isEqualTo("synod");
        }
        Run run = inject("""
                kind: CronJob
                spec:
                  jobTemplate:
                    spec:
                      template:
                        spec:
                          containers: [{name: a}]
                """);
        assertThat(run.out()).contains("restartPolicy: Always");
    }

    @Test
    void theAgentGoesWhereTheMembersListen() throws IOException {
        Object agent = map(load(inject(POD, "--peers-port", "7501").out()), "spec", "initContainers", 0);
        assertThat(agent.toString()).contains("orders-0.orders-peers:7501").doesNotContain("7401");
        Run run = inject(POD, "--peers-port", "70000");
        assertThat(run.status()).isEqualTo(64);
        assertThat(run.err()).contains("--peers-port is 70000", "1 to 65535");
    }

    @Test
    void aManifestWithoutAWorkloadIsRefused() throws IOException {
        Run run = inject("kind: Service\n");
        assertThat(run.status()).isEqualTo(64);
        assertThat(run.err()).contains("Deployment");
    }

    @Test
    void whatIsNoYamlIsRefusedInOneLine() throws IOException {
        Run run = inject("a: [b\n");
        assertThat(run.status()).isEqualTo(78);
        assertThat(run.err().strip().lines()).hasSize(1);
    }
}
