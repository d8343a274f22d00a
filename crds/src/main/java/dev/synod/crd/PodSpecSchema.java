package dev.synod.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.PreserveUnknownFields;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the CRD's schema says of a pod's specification: the fields that its rules are about. All others pass;
 * the
 * whole schema would be larger than an annotation of {@code kubectl apply} may be.
 *
 * @param hostNetwork refused
 * @param hostPID refused
 * @param hostIPC refused
 * @param shareProcessNamespace refused
 * @param containers of the application
 * @param initContainers of the application
 * @param volumes of the application
 */
@PreserveUnknownFields
@ValidationRule(value = "!has(self.hostNetwork) || !self.hostNetwork", fieldPath = ".hostNetwork",
        reason = "FieldValueForbidden",
        message = "spec.template.spec.hostNetwork must be false or left out: every process of the host would"
                + " reach the sidecar's loopback ports",
        messageExpression = "'given: true'")
@ValidationRule(value = "!has(self.hostPID) || !self.hostPID", fieldPath = ".hostPID",
        reason = "FieldValueForbidden",
        message = "spec.template.spec.hostPID must be false or left out: processes of the host would be"
                + " within reach of the sidecar's, and the other way round",
        messageExpression = "'given: true'")
@ValidationRule(value = "!has(self.hostIPC) || !self.hostIPC", fieldPath = ".hostIPC",
        reason = "FieldValueForbidden",
        message = "spec.template.spec.hostIPC must be false or left out: a member shares no memory with its"
                + " host",
        messageExpression = "'given: true'")
@ValidationRule(value = "!has(self.shareProcessNamespace) || !self.shareProcessNamespace",
        fieldPath = ".shareProcessNamespace", reason = "FieldValueForbidden",
        message = "spec.template.spec.shareProcessNamespace must be false or left out: the application would"
                + " see the sidecar's process, and its keys in /proc",
        messageExpression = "'given: true'")
@ValidationRule(value = "self.containers.all(c, c.name != 'synod')", fieldPath = ".containers",
        reason = "FieldValueInvalid",
        message = "spec.template.spec.containers must not name a container synod: the sidecar is called so;"
                + " choose another name",
        messageExpression = "'given: synod'")
@ValidationRule(value = "!has(self.initContainers) || self.initContainers.all(c, c.name != 'synod')",
        fieldPath = ".initContainers", reason = "FieldValueInvalid",
        message = "spec.template.spec.initContainers must not name a container synod: the operator adds the"
                + " sidecar itself; choose another name",
        messageExpression = "'given: synod'")
@ValidationRule(
        value = "!has(self.volumes)"
                + " || self.volumes.all(v, !(v.name in ['synod', 'synod-tls', 'synod-token']))",
        fieldPath = ".volumes", reason = "FieldValueInvalid",
        message = "spec.template.spec.volumes must not name a volume synod, synod-tls or synod-token: the"
                + " member's volumes are called so; choose another name",
        messageExpression = "'given: ' + (self.volumes.exists(v, v.name == 'synod') ? 'synod' :"
                + " self.volumes.exists(v, v.name == 'synod-tls') ? 'synod-tls' : 'synod-token')")
record PodSpecSchema(
        @JsonPropertyDescription("Must be false or left out.") @Nullable Boolean hostNetwork,
        @JsonPropertyDescription("Must be false or left out.") @Nullable Boolean hostPID,
        @JsonPropertyDescription("Must be false or left out.") @Nullable Boolean hostIPC,
        @JsonPropertyDescription("Must be false or left out.") @Nullable Boolean shareProcessNamespace,
        @JsonPropertyDescription("The application's containers, at least one. None may be called"
                + " synod.") @Required @Size(
                        min = 1, max = 32) List<ContainerSchema> containers,
        @JsonPropertyDescription("Containers that run before the application, with the sidecar up already."
                + " None may be"
                + " called synod.") @Size(max = 32) @Nullable List<ContainerSchema> initContainers,
        @JsonPropertyDescription("The application's volumes. None may be called synod, synod-tls or"
                + " synod-token.") @Size(max = 128) @Nullable List<VolumeSchema> volumes) {

    /**
     * A container, of which only the name matters here.
     *
     * @param name unique in its pod
     */
    @PreserveUnknownFields
    record ContainerSchema(
            @JsonPropertyDescription("Name of the container. synod is taken.") @Required @Size(min = 1,
                    max = 63) String name) {}

    /**
     * A volume, of which only the name matters here.
     *
     * @param name unique in its pod
     */
    @PreserveUnknownFields
    record VolumeSchema(
            @JsonPropertyDescription("Name of the volume. synod, synod-tls and"
                    + " synod-token are taken.") @Required @Size(
                            min = 1, max = 63) String name) {}
}
