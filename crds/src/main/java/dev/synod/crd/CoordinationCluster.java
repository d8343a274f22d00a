package dev.synod.crd;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import java.io.Serial;

/** One Paxos group: its voters, its observers, and the application beside them if there is one. */
@Group(CoordinationCluster.GROUP)
@Version(CoordinationCluster.VERSION)
@ShortNames("cc")
@Categories("synod")
@ValidationRule(
        value = "size(self.metadata.name) <= " + CoordinationCluster.NAME_MAX
                + " && self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')",
        message = "metadata.name must be 1 to " + CoordinationCluster.NAME_MAX
                + " of a-z, 0-9 and '-', begin with a letter and end with a letter or digit:"
                + " pods, Services and labels are named after it",
        messageExpression = "'given: ' + self.metadata.name",
        reason = "FieldValueInvalid")
@ValidationRule(value = "!self.metadata.name.endsWith('-observers')", reason = "FieldValueInvalid",
        message = "metadata.name must not end with -observers: the observers of another cluster are called"
                + " so; choose another name",
        messageExpression = "'given: ' + self.metadata.name")
@AdditionalPrinterColumn(name = "Voters", jsonPath = ".status.voters",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "Ready", jsonPath = ".status.conditions[?(@.type==\"Ready\")].status",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "Leader", jsonPath = ".status.leader",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "Available",
        jsonPath = ".status.conditions[?(@.type==\"Available\")].status",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "Epoch", jsonPath = ".status.epoch",
        type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "Age", jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
public final class CoordinationCluster
        extends
            CustomResource<CoordinationClusterSpec, CoordinationClusterStatus>
        implements
            Namespaced {
    /** Its API group. */
    public static final String GROUP = "synod.dev";
    /** Its one version. */
    public static final String VERSION = "v1alpha1";
    /**
     * Most characters of a cluster's name: with {@code -observers} and a revision's hash behind it, it still
     * is a
     * label's value, of which 63 characters are allowed.
     */
    public static final int NAME_MAX = 40;

    @Serial private static final long serialVersionUID = 1L;

    /** For Jackson, and to be filled. */
    public CoordinationCluster() {}

    /** Everything has a default, so what is not said is not null. */
    @Override
    protected CoordinationClusterSpec initSpec() {
        return CoordinationClusterSpec.DEFAULT;
    }
}
