package dev.synod.crd;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the pods may run. What is not set here comes from the template, then from Synod.
 *
 * @param nodeSelector labels that a node must have
 * @param affinity null for the default
 * @param tolerations of taints
 * @param topologySpreadConstraints null for the default
 * @param priorityClassName null for none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Scheduling(
        @JsonPropertyDescription("Labels that a node must have.") @Size(
                max = 32) @Default("{}") Map<String, String> nodeSelector,
        @JsonPropertyDescription("As in a pod. When it is not set, a pod prefers a host without another pod"
                + " of this"
                + " cluster.") @Nullable Affinity affinity,
        @JsonPropertyDescription("As in a pod.") @Size(max = 32) @Default("[]") List<Toleration> tolerations,
        @JsonPropertyDescription("As in a pod. When it is not set, the pods of this cluster spread over"
                + " zones if they"
                + " can.") @Size(max = 16) @Nullable List<TopologySpreadConstraint> topologySpreadConstraints,
        @JsonPropertyDescription("Priority class of the pods.") @Size(min = 1,
                max = 253) @Nullable String priorityClassName) {
    /** Of a cluster that says nothing. */
    public static final Scheduling DEFAULT = new Scheduling(null, null, null, null, null);

    /** With defaults for null. */
    public Scheduling(@Nullable Map<String, String> nodeSelector, @Nullable Affinity affinity,
            @Nullable List<Toleration> tolerations,
            @Nullable List<TopologySpreadConstraint> topologySpreadConstraints,
            @Nullable String priorityClassName) {
        this.nodeSelector = nodeSelector == null ? Map.of() : Map.copyOf(nodeSelector);
        this.affinity = affinity;
        this.tolerations = tolerations == null ? List.of() : List.copyOf(tolerations);
        this.topologySpreadConstraints =
                topologySpreadConstraints == null ? null : List.copyOf(topologySpreadConstraints);
        this.priorityClassName = priorityClassName;
    }
}
