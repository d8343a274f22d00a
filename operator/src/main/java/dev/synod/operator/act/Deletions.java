package dev.synod.operator.act;

import dev.synod.operator.model.Names;
import dev.synod.operator.plan.Slot;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;

/** Deletes exactly the object that was seen: another one of its name stays (zookeeper-operator#312, #314). */
final class Deletions {
    private final KubernetesClient client;

    Deletions(KubernetesClient client) {
        this.client = client;
    }

    void pod(Names names, Slot slot, String uid) {
        delete("/api/v1/namespaces/" + names.namespace() + "/pods/" + names.pod(slot), options(uid).build());
    }

    void claim(Names names, Slot slot, String uid) {
        delete("/api/v1/namespaces/" + names.namespace() + "/persistentvolumeclaims/" + names.claim(slot),
                options(uid).build());
    }

    void setWithoutItsPods(StatefulSet set) {
        delete("/apis/apps/v1/namespaces/" + set.getMetadata().getNamespace() + "/statefulsets/"
                + set.getMetadata().getName(),
                options(set.getMetadata().getUid()).withPropagationPolicy("Orphan").build());
    }

    void recoveryJob(Names names, String uid) {
        delete("/apis/batch/v1/namespaces/" + names.namespace() + "/jobs/" + names.recovery(),
                options(uid).withPropagationPolicy("Background").build());
    }

    private static DeleteOptionsBuilder options(String uid) {
        return new DeleteOptionsBuilder().withApiVersion("v1").withKind("DeleteOptions")
                .withNewPreconditions().withUid(uid).endPreconditions();
    }

    /** What is gone already is done. */
    private void delete(String path, DeleteOptions options) {
        try {
            client.raw(path, "DELETE", options);
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
                throw e;
            }
        }
    }
}
