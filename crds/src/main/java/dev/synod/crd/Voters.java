package dev.synod.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * The members that decide.
 *
 * @param replicas 1, 3, 5 or 7
 */
public record Voters(
        @JsonPropertyDescription("How many: 1, 3, 5 or 7. Three go on when one fails, five when two do. One"
                + " is for"
                + " trying things out: nothing goes on when it fails. A change is carried out two voters at"
                + " a time,"
                + " newcomers catching up first.") @Default("3") @ValidationRule(
                        value = "self in [1, 3, 5, 7]", reason = "FieldValueInvalid",
                        message = "spec.voters.replicas must be 1, 3, 5 or 7: an even number survives no"
                                + " more failures than one voter less",
                        messageExpression = "'given: ' + count(self)") Integer replicas) {
    /** With the default for null. */
    public Voters(@Nullable Integer replicas) {
        this.replicas = replicas == null ? 3 : replicas;
    }
}
