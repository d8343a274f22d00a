package dev.synod.operator.act;

import dev.synod.operator.model.Names;
import dev.synod.operator.plan.Slot;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.client.KubernetesClient;
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
        client.persistentVolumeClaims().inNamespace(names.namespace()).withName(names.claim(slot)).patch(
                context(PatchType.JSON_MERGE), json(uid, Map.of("resources",
                        Map.of("requests", Map.of("storage", size)))));
    }

    void images(Names names, Slot slot, String uid, List<Container> containers) {
        List<Map<String, String>> images = containers.stream()
                .map(container -> Map.of("name", container.getName(), "image", container.getImage())).toList();
        client.pods().inNamespace(names.namespace()).withName(names.pod(slot)).patch(
                context(PatchType.STRATEGIC_MERGE), json(uid, Map.of("containers", images)));
    }

    private static PatchContext context(PatchType type) {
        return new PatchContext.Builder().withPatchType(type).withFieldManager(Applier.FIELD_MANAGER).build();
    }

    private static String json(String uid, Map<String, Object> spec) {
        return Serialization.asJson(Map.of("metadata", Map.of("uid", uid), "spec", spec));
    }
}
