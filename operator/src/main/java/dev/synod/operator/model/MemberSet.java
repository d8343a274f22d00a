package dev.synod.operator.model;

import dev.synod.crd.Labels;
import dev.synod.crd.Storage;
import dev.synod.operator.plan.PodSet;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.util.Map;

/**
 * A StatefulSet that makes pods and claims and decides nothing: pods start all at once, for a member that
 * waits for
 * peers that are not made yet waits for ever (rabbitmq#609), and are made anew only when the operator deletes
 * them.
 */
final class MemberSet {
    private MemberSet() {}

    static StatefulSet of(Blueprint blueprint, PodSet set, int replicas, String claimSize) {
        Storage storage = blueprint.spec().storage();
        PodTemplateSpec pod = MemberPod.of(blueprint, set);
        return new StatefulSetBuilder()
                .withMetadata(blueprint.meta(blueprint.names().set(set)))
                .withNewSpec()
                .withReplicas(replicas)
                .withServiceName(blueprint.names().peers())
                .withPodManagementPolicy("Parallel")
                .withNewUpdateStrategy().withType("OnDelete").endUpdateStrategy()
                .withRevisionHistoryLimit(10)
                .withNewPersistentVolumeClaimRetentionPolicy()
                .withWhenDeleted(storage.retention().name())
                .withWhenScaled("Retain") // the operator deletes a volume, after its member has left
                .endPersistentVolumeClaimRetentionPolicy()
                .withNewSelector().withMatchLabels(blueprint.selector(set)).endSelector()
                .withTemplate(new PodTemplateSpecBuilder(pod).editMetadata()
                        .addToAnnotations(PodHash.ANNOTATION, PodHash.of(pod))
                        .addToAnnotations(AppImages.ANNOTATION, AppImages.text(pod.getSpec().getContainers()))
                        .endMetadata().build())
                .withVolumeClaimTemplates(claim(blueprint, set, claimSize))
                .endSpec()
                .build();
    }

    private static PersistentVolumeClaim claim(Blueprint blueprint, PodSet set, String size) {
        Map<String, String> labels = blueprint.selector(set);
        labels.put(Labels.OWNER, blueprint.owner().getUid());
        return new PersistentVolumeClaimBuilder()
                .withNewMetadata().withName(Names.VOLUME).withLabels(labels).endMetadata()
                .withNewSpec()
                .withAccessModes("ReadWriteOnce")
                .withVolumeMode("Filesystem")
                .withStorageClassName(blueprint.spec().storage().storageClassName())
                .withNewResources().withRequests(Map.of("storage", new Quantity(size))).endResources()
                .endSpec()
                .build();
    }
}
