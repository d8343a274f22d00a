package dev.synod.operator.reconcile;

import dev.synod.crd.CoordinationCluster;
import dev.synod.crd.Labels;
import dev.synod.operator.model.BootstrapRecord;
import dev.synod.operator.model.Names;
import dev.synod.operator.model.RecoveryPod;
import dev.synod.operator.observe.Snapshot;
import dev.synod.operator.plan.PodSet;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what steps depend on from the API server itself, and never from a cache: without a version asked for,
 * it answers with what was last written, and so knows of every deletion that an earlier pass, or another
 * operator, has asked for (opensearch-k8s-operator#1471).
 */
final class ApiReader {
    private final KubernetesClient client;
    private final InstantSource clock;

    ApiReader(KubernetesClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    Snapshot read(Names names) {
        String namespace = names.namespace();
        Instant at = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        ConfigMap bootstrap = client.configMaps().inNamespace(namespace).withName(names.bootstrap()).get();
        return new Snapshot(bootstrap, set(names, PodSet.VOTERS), set(names, PodSet.OBSERVERS),
                pods(names),
                client.persistentVolumeClaims().inNamespace(namespace)
                        .withLabel(Labels.CLUSTER, names.cluster()).list().getItems(),
                client.batch().v1().jobs().inNamespace(namespace).withName(names.recovery()).get(),
                // One list more only while a recovery is under way.
                bootstrap == null || !BootstrapRecord.notesRecovery(bootstrap)
                        ? List.of()
                        : client.pods().inNamespace(namespace).withLabel(RecoveryPod.LABEL, names.cluster())
                                .list()
                                .getItems(),
                at);
    }

    /** A set of pods; null when there is none. */
    @Nullable
    StatefulSet set(Names names, PodSet set) {
        return client.apps().statefulSets().inNamespace(names.namespace()).withName(names.set(set)).get();
    }

    /** Pods with the cluster's label. */
    List<Pod> pods(Names names) {
        return client.pods().inNamespace(names.namespace()).withLabel(Labels.CLUSTER, names.cluster()).list()
                .getItems();
    }

    /** The cluster's object itself; null when there is none. */
    @Nullable
    CoordinationCluster cluster(Names names) {
        return client.resources(CoordinationCluster.class).inNamespace(names.namespace())
                .withName(names.cluster()).get();
    }
}
