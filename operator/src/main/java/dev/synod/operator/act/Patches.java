package dev.synod.operator.act;

import dev.synod.operator.model.AppImages;
import dev.synod.operator.model.Names;
import dev.synod.operator.observe.ReplacedContainers;
import dev.synod.operator.plan.Slot;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;

/**
 * Changes single fields of objects that others made. Each patch carries the UID of the object that it means:
 * the API server refuses it for another one of that name.
 */
final class Patches {
    private final KubernetesClient client;

    Patches(KubernetesClient client) {
        this.client = client;
    }

    void claimSize(Names names, Slot slot, String uid, String size) {
        patch(client.persistentVolumeClaims().inNamespace(names.namespace()).withName(names.claim(slot)),
                PatchType.JSON_MERGE, Map.of("metadata", Map.of("uid", uid), "spec",
                        Map.of("resources", Map.of("requests", Map.of("storage", size)))));
    }

    /** Notes which containers run now, in the very pod that was seen: the new ones are others. */
    void images(Pod pod, List<Container> wanted) {
        ObjectMeta meta = pod.getMetadata();
        List<Container> changed = AppImages.changed(pod, wanted);
        String replaced =
                ReplacedContainers.text(pod, changed.stream().map(Container::getName).toList());
        patch(client.pods().inNamespace(meta.getNamespace()).withName(meta.getName()),
                PatchType.STRATEGIC_MERGE, Map.of(
                        "metadata", Map.of("uid", meta.getUid(), "resourceVersion", meta.getResourceVersion(),
                                "annotations", Map.of(ReplacedContainers.ANNOTATION, replaced,
                                        AppImages.ANNOTATION, AppImages.text(wanted))),
                        "spec", Map.of("containers", changed.stream().map(container -> Map.of(
                                "name", container.getName(), "image", container.getImage())).toList())));
    }

    private static void patch(Resource<?> object, PatchType type, Map<String, Object> change) {
        object.patch(new PatchContext.Builder().withPatchType(type).withFieldManager(Applier.FIELD_MANAGER)
                .build(), Serialization.asJson(change));
    }
}
