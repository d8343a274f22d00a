package dev.synod.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * Where certificates come from.
 *
 * @param provider who issues them
 */
@ValidationRule(value = "self.provider == oldSelf.provider", fieldPath = ".provider",
        reason = "FieldValueForbidden",
        message = "spec.tls.provider must stay as it was when the cluster was created: members with"
                + " certificates of two authorities do not talk to each other",
        messageExpression = "'was: ' + oldSelf.provider + ', given: ' + self.provider")
public record Tls(
        @JsonPropertyDescription("Auto: the operator has an authority for this cluster and issues"
                + " certificates itself."
                + " Secret: somebody else, such as cert-manager, keeps the Secrets NAME-member-tls,"
                + " NAME-operator-tls"
                + " and NAME-client, each with tls.crt, tls.key (PKCS#8) and ca.crt. Cannot be"
                + " changed.") @Default("Auto") Provider provider) {
    /** With the default for null. */
    public Tls(@Nullable Provider provider) {
        this.provider = provider == null ? Provider.Auto : provider;
    }

    /** Who issues certificates. Named as they are written. */
    public enum Provider {
        /** The operator. */
        Auto,
        /** Whoever keeps the Secrets. */
        Secret
    }
}
