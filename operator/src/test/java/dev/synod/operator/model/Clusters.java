package dev.synod.operator.model;

import dev.synod.crd.CoordinationCluster;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import java.util.Optional;

/** Clusters to build from. */
public final class Clusters {
    static final OperatorSettings SETTINGS = new OperatorSettings("synod/sidecar:0.1.0", "synod-system",
            Map.of("app.kubernetes.io/name", "synod-operator"));

    static final String COMPACT = """
            template:
              metadata:
                labels: {team: a, synod.dev/cluster: stolen}
                annotations: {note: b}
              spec:
                serviceAccountName: orders
                initContainers:
                - {name: migrate, image: "app:1"}
                containers:
                - name: app
                  image: app:1
                  env:
                  - {name: SYNOD_NAMESPACE, value: mine}
                volumes:
                - {name: scratch, emptyDir: {}}
            """;

    private Clusters() {}

    static CoordinationCluster cluster(String spec) {
        return Serialization.unmarshal("""
                apiVersion: synod.dev/v1alpha1
                kind: CoordinationCluster
                metadata:
                  name: orders
                  namespace: shop
                  uid: 5e1f1c1e-0000-4000-8000-000000000001
                spec:
                """ + spec.indent(2), CoordinationCluster.class);
    }

    /** Of a cluster called orders in the namespace shop. */
    public static Blueprint blueprint(String spec) {
        return Blueprint.of(cluster(spec), Optional.empty(), SETTINGS);
    }
}
