package dev.synod.operator.act;

import dev.synod.operator.model.Blueprint;
import dev.synod.operator.observe.Snapshot;
import dev.synod.operator.plan.PodSet;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.Optional;

/**
 * Sees that the objects are as they are to be which are not steps: nobody's vote or volume depends on them.
 * The template of a StatefulSet is among them, for its pods are made anew only when the plan says so.
 */
public final class Furnishing {
    private final KubernetesClient client;
    private final Applier applier;

    /** With the client of the process. */
    public Furnishing(KubernetesClient client) {
        this.client = client;
        this.applier = new Applier(client);
    }

    /** Writes what differs. */
    public void keep(Blueprint blueprint, Snapshot snapshot) {
        String namespace = blueprint.names().namespace();
        HasMetadata peers = blueprint.peers();
        keep(blueprint, client.services().inNamespace(namespace).withName(peers.getMetadata().getName()),
                peers);
        HasMetadata policy = blueprint.networkPolicy();
        keep(blueprint, client.network().v1().networkPolicies().inNamespace(namespace)
                .withName(policy.getMetadata().getName()), policy);
        budget(blueprint, snapshot);
        for (PodSet set : PodSet.values()) {
            StatefulSet live = snapshot.set(set);
            if (live != null && live.getMetadata().getDeletionTimestamp() == null) {
                Integer replicas = live.getSpec().getReplicas();
                applier.apply(live, Steps.withTemplate(blueprint, set, live, replicas == null ? 1 : replicas),
                        true);
            }
        }
    }

    private <T extends HasMetadata> void keep(Blueprint blueprint, Resource<T> place, HasMetadata wanted) {
        T live = place.get();
        if (live != null) {
            Belongings.check(blueprint, live);
        }
        applier.apply(live, wanted, false);
    }

    /** By the voters that there are, not by those asked for alone: three keep theirs until two have left. */
    private void budget(Blueprint blueprint, Snapshot snapshot) {
        Resource<PodDisruptionBudget> place = client.policy().v1().podDisruptionBudget()
                .inNamespace(blueprint.names().namespace()).withName(blueprint.names().cluster());
        Optional<PodDisruptionBudget> wanted = blueprint.disruptionBudget(pods(blueprint, snapshot));
        if (wanted.isPresent()) {
            keep(blueprint, place, wanted.get());
            return;
        }
        PodDisruptionBudget live = place.get();
        if (live != null && live.getMetadata().getDeletionTimestamp() == null) {
            Belongings.check(blueprint, live);
            place.delete();
        }
    }

    private static int pods(Blueprint blueprint, Snapshot snapshot) {
        StatefulSet voters = snapshot.voters();
        Integer asked = voters == null ? null : voters.getSpec().getReplicas();
        int there = (int) snapshot.pods().stream()
                .map(pod -> blueprint.names().slotOfPod(pod.getMetadata().getName()))
                .filter(slot -> slot != null && slot.set() == PodSet.VOTERS).count();
        return Math.max(asked == null ? 0 : asked, there);
    }
}
