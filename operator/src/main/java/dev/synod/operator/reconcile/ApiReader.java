package dev.synod.operator.reconcile;

import dev.synod.crd.Labels;
import dev.synod.operator.model.BootstrapRecord;
import dev.synod.operator.model.Names;
import dev.synod.operator.model.RecoveryPod;
import dev.synod.operator.observe.Snapshot;
import dev.synod.operator.plan.PodSet;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;

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
        return new Snapshot(bootstrap,
                client.apps().statefulSets().inNamespace(namespace).withName(names.set(PodSet.VOTERS)).get(),
                client.apps().statefulSets().inNamespace(namespace).withName(names.set(PodSet.OBSERVERS))
                        .get(),
                client.pods().inNamespace(namespace).withLabel(Labels.CLUSTER, names.cluster()).list()
                        .getItems(),
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
}
