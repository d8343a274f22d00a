package dev.synod.crd;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * The volume of each member.
 *
 * @param size a quantity of bytes
 * @param storageClassName null for the cluster's default class
 * @param retention what becomes of the volumes of a deleted cluster
 * @param existing what becomes of volumes that were there before the cluster
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "isQuantity(self.size) && quantity(self.size).compareTo(quantity('256Mi')) >= 0"
                + " && quantity(self.size).compareTo(quantity('1Ti')) <= 0",
        fieldPath = ".size", reason = "FieldValueInvalid",
        message = "spec.storage.size must be 256Mi to 1Ti, such as 1Gi",
        messageExpression = "'given: ' + self.size")
@ValidationRule(
        value = "!isQuantity(self.size) || !isQuantity(oldSelf.size)"
                + " || quantity(self.size).compareTo(quantity(oldSelf.size)) >= 0",
        fieldPath = ".size", reason = "FieldValueInvalid",
        message = "spec.storage.size must not become smaller: volumes only grow; keep the size or raise it",
        messageExpression = "'was: ' + oldSelf.size + ', given: ' + self.size")
@ValidationRule(
        value = "has(self.storageClassName) == has(oldSelf.storageClassName)"
                + " && (!has(self.storageClassName) || self.storageClassName == oldSelf.storageClassName)",
        fieldPath = ".storageClassName", reason = "FieldValueForbidden",
        message = "spec.storage.storageClassName must stay as it was when the cluster was created: a volume"
                + " keeps its class; make another cluster for another class",
        messageExpression = "'was: ' + (has(oldSelf.storageClassName) ? oldSelf.storageClassName : 'not set')"
                + " + ', given: ' + (has(self.storageClassName) ? self.storageClassName : 'not set')")
@ValidationRule(value = "self.existing == oldSelf.existing", fieldPath = ".existing",
        reason = "FieldValueForbidden",
        message = "spec.storage.existing must stay as it was when the cluster was created: it is asked for"
                + " once, when the cluster begins",
        messageExpression = "'was: ' + oldSelf.existing + ', given: ' + self.existing")
public record Storage(
        @JsonPropertyDescription("Size of each volume, 256Mi to 1Ti. May be raised where the storage class"
                + " allows it;"
                + " never lowered.") @Size(min = 1, max = 20) @Default("1Gi") String size,
        @JsonPropertyDescription("Storage class of the volumes; the cluster's default class when it is not"
                + " set."
                + " Cannot be changed.") @Size(min = 1, max = 253) @Nullable String storageClassName,
        @JsonPropertyDescription("What becomes of the volumes when the cluster is deleted: Retain keeps"
                + " them, Delete"
                + " deletes them. The volume of a member that left the cluster is deleted in any case, after"
                + " it left.") @Default("Retain") Retention retention,
        @JsonPropertyDescription("What happens when volumes of an earlier cluster of the same name are found"
                + " as this"
                + " one begins: Refuse stops and says so, Adopt goes on with the cluster that is on them."
                + " Cannot be"
                + " changed.") @Default("Refuse") Existing existing) {
    /** Of a cluster that says nothing. */
    public static final Storage DEFAULT = new Storage(null, null, null, null);

    /** With defaults for null. */
    public Storage(@Nullable String size, @Nullable String storageClassName, @Nullable Retention retention,
            @Nullable Existing existing) {
        this.size = size == null ? "1Gi" : size;
        this.storageClassName = storageClassName;
        this.retention = retention == null ? Retention.Retain : retention;
        this.existing = existing == null ? Existing.Refuse : existing;
    }

    /** What becomes of the volumes of a deleted cluster. Named as they are written. */
    public enum Retention {
        /** They stay. */
        Retain,
        /** They go. */
        Delete
    }

    /** What becomes of volumes that were there before the cluster. Named as they are written. */
    public enum Existing {
        /** The cluster does not begin. */
        Refuse,
        /** The cluster is the one on them. */
        Adopt
    }
}
