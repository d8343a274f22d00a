package dev.synod.crd;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/**
 * What is asked for. Whatever is not said has its default, here as in the CRD, so that objects stored before
 * a
 * field existed read alike.
 *
 * @param voters who decides
 * @param observers who learns
 * @param image of the sidecar; null when the operator chooses
 * @param storage of the members' volumes
 * @param template the application beside the members; null for a dedicated cluster
 * @param sidecar the member's container
 * @param tls where certificates come from
 * @param tuning the protocol's spans
 * @param scheduling where pods may run
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CoordinationClusterSpec(
        @JsonPropertyDescription("The members that decide. A majority of them must be"
                + " up.") @Default("{}") Voters voters,
        @JsonPropertyDescription("Members that learn what is decided and serve reads, watches and sessions,"
                + " but have no vote. The scale sub-resource is about"
                + " them.") @Default("{}") Observers observers,
        @JsonPropertyDescription("Image of the sidecar. When it is not set, the operator pins the image of"
                + " its own release at the first reconciliation, and an upgrade of the operator does not move"
                + " it. An image that is set is pinned in its place as soon as all members run it: taken out"
                + " after that, they keep it; before, they go back to the one pinned.") @Size(
                        min = 1, max = 512) @Nullable String image,
        @JsonPropertyDescription("The volume of each member.") @Default("{}") Storage storage,
        @JsonPropertyDescription("Pod template of the application. Its containers run in the pods of voters"
                + " and"
                + " observers, beside the sidecar. When it is not set, members run alone, and applications"
                + " reach"
                + " them through agents.") @Nullable PodTemplate template,
        @JsonPropertyDescription("The sidecar's container in each pod.") @Default("{}") Sidecar sidecar,
        @JsonPropertyDescription("Where the certificates of members, agents and operator come"
                + " from.") @Default("{}") Tls tls,
        @JsonPropertyDescription("Spans of the protocol. The defaults suit one"
                + " region.") @Default("{}") Tuning tuning,
        @JsonPropertyDescription("Where the pods may run. By default they avoid each other's hosts and"
                + " spread over"
                + " zones; what is set here, or in template, takes the place of"
                + " that.") @Default("{}") Scheduling scheduling) {
    /** Of a cluster that says nothing. */
    public static final CoordinationClusterSpec DEFAULT =
            new CoordinationClusterSpec(null, null, null, null, null, null, null, null, null);

    /** Fills in defaults; Jackson hands over null for what is not said. */
    @SuppressWarnings("NullAway") // what Jackson hands over
    public CoordinationClusterSpec(@Nullable Voters voters, @Nullable Observers observers,
            @Nullable String image,
            @Nullable Storage storage, @Nullable PodTemplate template, @Nullable Sidecar sidecar,
            @Nullable Tls tls, @Nullable Tuning tuning, @Nullable Scheduling scheduling) {
        this.voters = voters == null ? new Voters(null) : voters;
        this.observers = observers == null ? new Observers(null) : observers;
        this.image = image;
        this.storage = storage == null ? Storage.DEFAULT : storage;
        this.template = template;
        this.sidecar = sidecar == null ? Sidecar.DEFAULT : sidecar;
        this.tls = tls == null ? new Tls(null) : tls;
        this.tuning = tuning == null ? Tuning.DEFAULT : tuning;
        this.scheduling = scheduling == null ? Scheduling.DEFAULT : scheduling;
    }
}
