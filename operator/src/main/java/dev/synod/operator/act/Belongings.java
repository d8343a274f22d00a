package dev.synod.operator.act;

import dev.synod.crd.CoordinationCluster;
import dev.synod.crd.Labels;
import dev.synod.operator.model.Blueprint;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.util.Map;

/**
 * Whose an object is. One of the right name may be another cluster's, deleted and made again under the same
 * name, whose objects the garbage collector has not reached yet; or somebody's who knows nothing of Synod.
 */
public final class Belongings {
    private Belongings() {}

    /**
     * Passes when the cluster owns the object, or when nobody does and it says that it is this cluster's, as
     * after a restore from a backup.
     *
     * @throws Obstacle naming the object, and what to do
     */
    public static void check(Blueprint blueprint, HasMetadata object) {
        for (OwnerReference owner : object.getMetadata().getOwnerReferences()) {
            if (Boolean.TRUE.equals(owner.getController())) {
                if (owner.getUid().equals(blueprint.owner().getUid())) {
                    return;
                }
                throw owner.getKind().equals(blueprint.owner().getKind())
                        && owner.getApiVersion().startsWith(CoordinationCluster.GROUP + "/")
                                ? new Obstacle("EarlierCluster", what(object) + " is of an earlier cluster of"
                                        + " this name and not deleted yet: wait; if it stays, look at its"
                                        + " finalizers")
                                : taken(object, owner.getKind() + " " + owner.getName());
            }
        }
        Map<String, String> labels = object.getMetadata().getLabels();
        if (labels == null || !blueprint.names().cluster().equals(labels.get(Labels.CLUSTER))) {
            throw taken(object, "somebody else");
        }
    }

    private static Obstacle taken(HasMetadata object, String owner) {
        return new Obstacle("NameTaken", what(object) + " belongs to " + owner + ", and this cluster needs"
                + " that name: delete or rename it, or make the cluster anew under another name");
    }

    private static String what(HasMetadata object) {
        return object.getKind() + " " + object.getMetadata().getName();
    }
}
