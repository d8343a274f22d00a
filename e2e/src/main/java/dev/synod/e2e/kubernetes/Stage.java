package dev.synod.e2e.kubernetes;

import dev.synod.crd.CoordinationCluster;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What the scenarios of a class share: a Kubernetes cluster, a namespace of their own, an operator of their
 * own that looks after nothing else, and where to leave traces.
 */
public final class Stage implements AutoCloseable {
    private static final ExtensionContext.Namespace KEY = ExtensionContext.Namespace.create(Stage.class);

    private final KubernetesClient client = new KubernetesClientBuilder().build();
    private final TestNamespace namespace;
    private final LocalOperator operator;
    private final Path traces;

    private Stage() {
        traces = Path.of(System.getProperty("synod.e2e.traces", "target/e2e")).toAbsolutePath();
        try {
            Files.createDirectories(traces);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        applyDefinition();
        namespace = new TestNamespace(client);
        operator = new LocalOperator(OperatorAccount.create(client, namespace.name()), namespace.name(),
                sidecarImage(),
                traces.resolve("operator-" + namespace.name() + ".log"));
        operator.start();
        Runtime.getRuntime().addShutdownHook(new Thread(namespace::leave, "namespace-end"));
        Progress.say(
                "namespace " + namespace.name() + " at " + client.getMasterUrl() + "; traces in " + traces);
    }

    private void applyDefinition() {
        try (InputStream definition = CoordinationCluster.class.getResourceAsStream(
                "/META-INF/fabric8/coordinationclusters.synod.dev-v1.yml")) {
            client.resource(
                    new String(Objects.requireNonNull(definition).readAllBytes(), StandardCharsets.UTF_8))
                    .fieldManager("synod-e2e").forceConflicts().serverSideApply();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The one of a class, made when it is asked for first and closed after its last scenario. */
    static Stage of(ExtensionContext context) {
        return context.getStore(KEY).computeIfAbsent("stage", key -> new Stage(), Stage.class);
    }

    /** Image of the sidecar under test. */
    public static String sidecarImage() {
        return System.getProperty("synod.e2e.sidecar", "synod/sidecar:0.1.0-SNAPSHOT");
    }

    /** The same under another name, for rolling. */
    public static String sidecarImageAgain() {
        return "synod/sidecar:again";
    }

    /** To the API server. */
    public KubernetesClient client() {
        return client;
    }

    /** Where all objects of these scenarios live. */
    public String namespace() {
        return namespace.name();
    }

    /** Of these scenarios. */
    public LocalOperator operator() {
        return operator;
    }

    Path traces() {
        return traces;
    }

    @Override
    public void close() {
        try {
            // The operator goes last: it sees the clusters out.
            namespace.close();
        } finally {
            operator.close();
        }
    }
}
