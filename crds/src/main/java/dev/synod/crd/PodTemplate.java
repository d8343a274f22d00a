package dev.synod.crd;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.SchemaFrom;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The application in the members' pods.
 *
 * @param metadata labels and annotations of the pods
 * @param spec of the pods, to which the sidecar is added
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PodTemplate(
        @JsonPropertyDescription("Labels and annotations that each pod gets beside those of"
                + " Synod.") @Default("{}") Metadata metadata,
        @JsonPropertyDescription("Specification of the pods as in a Deployment. The sidecar is added to it,"
                + " and each"
                + " container gets SYNOD_ENDPOINT, SYNOD_NAMESPACE and SYNOD_TOKEN_FILE. An unknown field is"
                + " not"
                + " refused here, but by the operator, in the condition Progressing.") @Required @SchemaFrom(
                        type = PodSpecSchema.class) PodSpec spec) {
    /** With defaults for null. */
    public PodTemplate(@Nullable Metadata metadata, @Nullable PodSpec spec) {
        this.metadata = metadata == null ? Metadata.NONE : metadata;
        this.spec = spec == null ? new PodSpec() : spec;
    }

    /**
     * Labels and annotations.
     *
     * @param labels by name
     * @param annotations by name
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Metadata(
            @JsonPropertyDescription("Labels. Those whose names begin with synod.dev/ or app.kubernetes.io/"
                    + " are set by"
                    + " the operator and win.") @Size(max = 64) Map<String, String> labels,
            @JsonPropertyDescription("Annotations.") @Size(max = 64) Map<String, String> annotations) {
        static final Metadata NONE = new Metadata(null, null);

        /** With nothing for null. */
        public Metadata(@Nullable Map<String, String> labels, @Nullable Map<String, String> annotations) {
            this.labels = labels == null ? Map.of() : Map.copyOf(labels);
            this.annotations = annotations == null ? Map.of() : Map.copyOf(annotations);
        }
    }
}
