package dev.synod.charts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A real API server takes all of it without a warning, in a namespace that enforces the level restricted of
 * Pod Security. The namespace is made and deleted here, the definition is applied, for without it no example
 * is known; all else are dry runs.
 */
@WithHelm
@EnabledIfSystemProperty(named = "synod.kubeconfig", matches = ".+",
        disabledReason = "charts/check --kubeconfig FILE runs it")
final class ApiServerTest {
    /** Another one each time: where no controllers run, a namespace never goes. */
    private static final String NAMESPACE =
            "synod-chart-check-" + UUID.randomUUID().toString().substring(0, 8);

    @BeforeAll
    static void makeTheNamespace() {
        applied("apply", "--server-side", "--force-conflicts", "-f",
                Chart.tree().resolve("crds/coordinationclusters.synod.dev-v1.yml").toString());
        applied("wait", "--for=condition=Established", "crd/coordinationclusters.synod.dev", "--timeout=30s");
        Program made = kubectl("""
                apiVersion: v1
                kind: Namespace
                metadata:
                  name: %s
                  labels:
                    pod-security.kubernetes.io/enforce: restricted
                    pod-security.kubernetes.io/warn: restricted
                """.formatted(NAMESPACE), "apply", "-f", "-");
        assertThat(made.status()).as(made.err()).isZero();
    }

    @AfterAll
    static void deleteTheNamespace() {
        kubectl("", "delete", "namespace", NAMESPACE, "--wait=false");
    }

    private static Program kubectl(String input, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Objects.requireNonNull(System.getProperty("synod.kubectl")),
                "--kubeconfig=" + System.getProperty("synod.kubeconfig"), "--warnings-as-errors"));
        command.addAll(List.of(arguments));
        return Program.run(input, command);
    }

    private static void applied(String... arguments) {
        Program kubectl = kubectl("", arguments);
        assertThat(kubectl.status()).as(kubectl.out() + kubectl.err()).isZero();
    }

    /** Nothing is stored; unknown fields are errors. */
    private static void taken(String manifest) {
        Program kubectl = kubectl(manifest, "apply", "--namespace", NAMESPACE, "--dry-run=server",
                "--server-side", "--force-conflicts", "--validate=strict", "-f", "-");
        assertThat(kubectl.status()).as(kubectl.out() + kubectl.err()).isZero();
        assertThat(kubectl.err()).isEmpty();
    }

    @Test
    void theChartIsTaken() {
        taken(rendered());
    }

    @Test
    void theChartIsTakenWithAllThatCanBeSet() {
        taken(rendered("--set", "watch.namespaces={" + NAMESPACE + "}", "--set", "podLabels.team=a",
                "--set", "podAnnotations.team=a", "--set", "service.annotations.team=a",
                "--set", "serviceAccount.annotations.team=a", "--set", "nodeSelector.disk=ssd",
                "--set-json", "networkPolicy.from=[{\"namespaceSelector\":{}}]",
                "--set-json", "tolerations=[{\"key\":\"infra\",\"operator\":\"Exists\"}]",
                "--set", "imagePullSecrets={pull}", "--set", "replicas=3"));
    }

    /** Helm shows them only where there is a cluster. */
    @Test
    void theNotesNameWhatThereIs() {
        Program helm = Chart.helm("install", "coordination", Chart.folder().toString(), "--dry-run=client",
                "--kubeconfig", System.getProperty("synod.kubeconfig"), "--namespace", "infra",
                "--set", "crds.create=false",
                "--set", "watch.namespaces={shop}");
        assertThat(helm.status()).as(helm.err()).isZero();
        assertThat(helm.out()).contains(
                "kubectl -n infra rollout status deployment/coordination-synod-operator",
                "kubectl -n shop wait --for=condition=Ready coordinationcluster/orders");
    }

    private static String rendered(String... options) {
        List<String> arguments = new ArrayList<>(List.of("template", "synod", Chart.folder().toString(),
                "--namespace", NAMESPACE));
        arguments.addAll(List.of(options));
        Program helm = Chart.helm(arguments.toArray(String[]::new));
        assertThat(helm.status()).as(helm.err()).isZero();
        return helm.out();
    }

    static List<Path> examples() {
        return ExamplesTest.files();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everyExampleIsTaken(Path example) throws IOException {
        taken(Files.readString(example));
    }

    /** A pod inside a CoordinationCluster is checked when it is made; here it is made at once. */
    @ParameterizedTest
    @MethodSource("examples")
    void everyPodOfAnExampleMayRunWhereTheRestrictedLevelIsEnforced(Path example) {
        for (String pod : ExamplesTest.podsOf(example)) {
            taken(pod);
        }
    }
}
