package dev.synod.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;
import org.jspecify.annotations.Nullable;

/**
 * The members that only learn.
 *
 * @param replicas 0 to 64
 */
public record Observers(
        @JsonPropertyDescription("How many: 0 to 64. kubectl scale and autoscalers change this"
                + " number.") @Default("0") @SpecReplicas @ValidationRule(
                        value = "self >= 0 && self <= 64", reason = "FieldValueInvalid",
                        message = "spec.observers.replicas must be 0 to 64: for more application pods than"
                                + " that, use agents",
                        messageExpression = "'given: ' + count(self)") Integer replicas) {
    /** With the default for null. */
    public Observers(@Nullable Integer replicas) {
        this.replicas = replicas == null ? 0 : replicas;
    }
}
