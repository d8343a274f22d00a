package dev.synod.e2e.kubernetes;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;

/** A namespace of the level restricted, for one run. */
final class TestNamespace implements AutoCloseable {
    private static final String LEVEL = "pod-security.kubernetes.io/";

    private final KubernetesClient client;
    private final String name;

    TestNamespace(KubernetesClient client) {
        this.client = client;
        name = "e2e-" + HexFormat.of().toHexDigits(new Random().nextInt());
        client.namespaces().resource(new NamespaceBuilder().withNewMetadata().withName(name)
                .addToLabels(LEVEL + "enforce", "restricted")
                .addToLabels(LEVEL + "warn", "restricted")
                .addToLabels(LEVEL + "audit", "restricted")
                .endMetadata().build()).create();
    }

    String name() {
        return name;
    }

    /** Deletes it, and does not wait. */
    void leave() {
        client.namespaces().withName(name).delete();
    }

    @Override
    public void close() {
        leave();
        Waiting.until("the end of namespace " + name, Duration.ofMinutes(2),
                () -> client.namespaces().withName(name).get() == null, () -> "it ends");
    }
}
