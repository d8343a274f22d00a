package dev.synod.crd;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.model.annotation.LabelSelector;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was observed. It can be deleted, and nothing is lost.
 *
 * @param observedGeneration of the spec that the rest is about
 * @param clusterId identity of the cluster; null before it began
 * @param image of the sidecar as pinned; null before the first reconciliation
 * @param voters those that are ready and those asked for, as 3/3
 * @param leader name of the leader's pod; null when none is known
 * @param epoch of the newest configuration known; null before the first one
 * @param observerReplicas pods of observers
 * @param observerSelector of the observers' pods, as text
 * @param conditions one of each type
 * @param members one for each pod
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CoordinationClusterStatus(
        @JsonPropertyDescription("Generation of the spec that this status is"
                + " about.") @Nullable Long observedGeneration,
        @JsonPropertyDescription("Identity of the cluster, a UUID. Volumes, messages and backups carry"
                + " it.") @Nullable String clusterId,
        @JsonPropertyDescription("Image of the sidecar that the members are to run.") @Nullable String image,
        @JsonPropertyDescription("Voters that are ready, and voters asked for: 3/3.") @Nullable String voters,
        @JsonPropertyDescription("Pod of the member that leads, as far as a quorum confirms"
                + " it.") @Nullable String leader,
        @JsonPropertyDescription("Rises with each change of the voters.") @Nullable Integer epoch,
        @JsonPropertyDescription("Pods of observers that exist.") @StatusReplicas Integer observerReplicas,
        @JsonPropertyDescription("Label selector of the observers' pods, for"
                + " autoscalers.") @LabelSelector @Nullable String observerSelector,
        @JsonPropertyDescription("Ready, Available, Progressing, Degraded and ReconciliationPaused.") @Size(
                max = 16) List<Condition> conditions,
        @JsonPropertyDescription("Each pod of a member, and what is known of the member in it.") @Size(
                max = 128) List<Member> members) {
    /** With nothing for null. */
    public CoordinationClusterStatus(@Nullable Long observedGeneration, @Nullable String clusterId,
            @Nullable String image, @Nullable String voters, @Nullable String leader, @Nullable Integer epoch,
            @Nullable Integer observerReplicas, @Nullable String observerSelector,
            @Nullable List<Condition> conditions, @Nullable List<Member> members) {
        this.observedGeneration = observedGeneration;
        this.clusterId = clusterId;
        this.image = image;
        this.voters = voters;
        this.leader = leader;
        this.epoch = epoch;
        this.observerReplicas = observerReplicas == null ? 0 : observerReplicas;
        this.observerSelector = observerSelector;
        this.conditions = conditions == null ? List.of() : List.copyOf(conditions);
        this.members = members == null ? List.of() : List.copyOf(members);
    }

    /**
     * One side of the cluster's state, as Kubernetes' own conditions.
     *
     * @param type what it is about
     * @param status True, False or Unknown
     * @param reason one word of letters
     * @param message for people
     * @param lastTransitionTime when status last changed, RFC 3339
     * @param observedGeneration of the spec
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Condition(
            @JsonPropertyDescription("What it is about: Ready, Available, Progressing, Degraded or"
                    + " ReconciliationPaused.") @Required @Size(min = 1, max = 64) String type,
            @JsonPropertyDescription("Whether it holds.") @Required Truth status,
            @JsonPropertyDescription("Why, as one word for programs.") @Required @Size(
                    max = 128) String reason,
            @JsonPropertyDescription("Why, for people, and what to do.") @Required @Size(
                    max = 4096) String message,
            @JsonPropertyDescription("When status last changed.") @Required String lastTransitionTime,
            @JsonPropertyDescription("Generation of the spec that it is"
                    + " about.") @Nullable Long observedGeneration) {}

    /** Whether a condition holds. Named as they are written. */
    public enum Truth {
        /** It does. */
        True,
        /** It does not. */
        False,
        /** Nobody can say. */
        Unknown
    }

    /**
     * A pod, and the member in it.
     *
     * @param name of the pod
     * @param id of the member, a UUID; null while it has none
     * @param role what the configuration makes of it
     * @param health of the member, from what it says itself
     * @param version of the program; null when it does not answer
     * @param message what is wrong with it; null when nothing is
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Member(
            @JsonPropertyDescription("Name of the pod.") @Required String name,
            @JsonPropertyDescription("Identity of the member, a UUID that lies on its"
                    + " volume.") @Nullable String id,
            @JsonPropertyDescription("What the cluster's configuration makes of it.") @Required Role role,
            @JsonPropertyDescription("How the member is, from what it says itself.") @Required Health health,
            @JsonPropertyDescription("Version of the program that it runs.") @Nullable String version,
            @JsonPropertyDescription("What is wrong with it.") @Nullable String message) {}

    /** What the configuration makes of a member. Named as they are written. */
    public enum Role {
        /** It votes. */
        Voter,
        /** It learns. */
        Observer,
        /** It is in no configuration. */
        None
    }

    /** How a member is. Named as they are written. */
    public enum Health {
        /** It serves, and has caught up. */
        Healthy,
        /** It runs, and lags behind or knows no leader. */
        Behind,
        /** Its volume is empty. */
        Empty,
        /** It found its volume damaged, and wants to be replaced. */
        Faulty,
        /** It does not answer. */
        Unreachable
    }
}
