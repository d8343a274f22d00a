package dev.synod.operator.model;

import dev.synod.crd.CoordinationCluster;
import dev.synod.crd.CoordinationClusterSpec;
import dev.synod.crd.Labels;
import dev.synod.operator.plan.PodSet;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What all builders start from, and the list of what they build.
 *
 * @param names of everything
 * @param owner the cluster's object, which everything goes with
 * @param spec what is asked for
 * @param image of the sidecar, as pinned
 * @param restart text of the annotation that asks for a restart; empty when there is none
 * @param settings of the operator
 */
public record Blueprint(
        Names names, OwnerReference owner, CoordinationClusterSpec spec, String image, String restart,
        OperatorSettings settings) {
    /**
     * For a cluster.
     *
     * @param pinnedImage what is written down of the cluster; empty before it began
     */
    public static Blueprint of(CoordinationCluster cluster, Optional<String> pinnedImage,
            OperatorSettings settings) {
        ObjectMeta meta = cluster.getMetadata();
        OwnerReference owner = new OwnerReferenceBuilder().withApiVersion(cluster.getApiVersion())
                .withKind(cluster.getKind()).withName(meta.getName()).withUid(meta.getUid())
                .withController(true)
                .withBlockOwnerDeletion(true).build();
        String asked = cluster.getSpec().image();
        Map<String, String> annotations = meta.getAnnotations();
        String restart = annotations == null
                ? ""
                : annotations.getOrDefault(dev.synod.crd.Annotations.RESTART, "");
        return new Blueprint(new Names(meta.getName(), meta.getNamespace()), owner, cluster.getSpec(),
                asked == null ? pinnedImage.orElse(settings.sidecarImage()) : asked, restart, settings);
    }

    /** Of all pods of the cluster; nothing in it ever changes. */
    public Map<String, String> selector() {
        return new TreeMap<>(Map.of(Labels.CLUSTER, names.cluster()));
    }

    /** Of the pods of a set; by its constant name, never by who leads (cloudnative-pg#10103). */
    public Map<String, String> selector(PodSet set) {
        Map<String, String> labels = selector();
        labels.put(Labels.SET, set == PodSet.VOTERS ? "voter" : "observer");
        return labels;
    }

    /** On everything. */
    Map<String, String> labels() {
        Map<String, String> labels = selector();
        labels.put("app.kubernetes.io/name", "synod");
        labels.put("app.kubernetes.io/instance", names.cluster());
        labels.put("app.kubernetes.io/part-of", names.cluster());
        labels.put("app.kubernetes.io/component", "coordination");
        labels.put("app.kubernetes.io/managed-by", "synod-operator");
        return labels;
    }

    ObjectMeta meta(String name) {
        return new ObjectMetaBuilder().withName(name).withNamespace(names.namespace()).withLabels(labels())
                .withOwnerReferences(owner).build();
    }

    /** The headless Service of all members. */
    public Service peers() {
        return PeerService.of(this);
    }

    /**
     * What keeps more than one voter from being evicted; none for a single one, which could never be.
     *
     * @param pods of voters that there are: more of them than are asked for may still have their votes
     */
    public Optional<PodDisruptionBudget> disruptionBudget(int pods) {
        return Math.max(spec.voters().replicas(), pods) == 1
                ? Optional.empty()
                : Optional.of(VoterBudget.of(this));
    }

    /** Who may connect to what. */
    public NetworkPolicy networkPolicy() {
        return MemberNetworkPolicy.of(this);
    }

    /**
     * A set of pods.
     *
     * @param replicas as decided by the plan, never straight from the spec
     * @param claimSize in its claim template: as it was when the set was made, for that cannot be changed
     */
    public StatefulSet set(PodSet set, int replicas, String claimSize) {
        return MemberSet.of(this, set, replicas, claimSize);
    }

    /** What the pods of a set are to be, application images left out: one that differs is made anew. */
    public String podHash(PodSet set) {
        return PodHash.of(MemberPod.of(this, set));
    }

    /** Images of the application's containers, as one text: a difference here alone is patched. */
    public String appImages() {
        return AppImages.text(MemberPod.of(this, PodSet.VOTERS).getSpec().getContainers());
    }
}
