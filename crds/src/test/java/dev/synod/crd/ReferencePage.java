package dev.synod.crd;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** {@code docs/crd.md}, written from the schema. */
final class ReferencePage {
    static final String FILE = "docs/crd.md";

    // spotless:off
    private static final String HEAD = """
        # CoordinationCluster, field by field

        After this page you can write every field of a `CoordinationCluster` (`synod.dev/v1alpha1`, short name
        `cc`), know what is refused and why, and read its status. The smallest one is
        [deploy/examples/minimal.yaml](../deploy/examples/minimal.yaml); the [local mode](local-mode.md) reads
        the same file.

        <!-- Written from the types in crds/src/main/java by
             %s -->
        """.formatted(GeneratedCrd.REGENERATE);

    private static final String ANNOTATIONS = """

        ## Annotations

        What a person asks for once is an annotation, so that it never fights with what a repository says of
        the spec.

        | Annotation | Value | What happens |
        |---|---|---|
        | `%s` | `true` | nothing is changed any more but certificates that would end; \
        the status goes on being written |
        | `%s` | any new text, such as a time | every pod is restarted, one after the other, the leader last |
        | `%s` | UUID of a member | its place gets an empty volume and a new identity |
        | `%s` | any new text, such as a date | authority and certificates are exchanged once, without a gap \
        ([rotate certificates](rotate-certificates.md)) |
        | `%s` | UUID of a member | after a quorum was lost for good: a new cluster begins from that \
        member's volume ([recovery](recovery.md)) |

        A UUID, as in `status.members`: it is gone once that is done, so the annotation may stay.
        """.formatted(Annotations.PAUSED, Annotations.RESTART, Annotations.REPLACE_MEMBER,
                Annotations.RENEW_CERTIFICATES, Annotations.RECOVER_FROM);
    // spotless:on

    private ReferencePage() {}

    static String text() {
        Map<String, JSONSchemaProps> fields = SchemaFields.of(GeneratedCrd.schema(GeneratedCrd.crd()));
        StringBuilder page = new StringBuilder(HEAD);
        table(page, "spec", fields);
        page.append(
                "\n## What is refused\n\nBy the API server, with these words, and in brackets behind them"
                        + " the value given; and the one that was, where it must not change so.\n\n"
                        + "| Where | Message |\n|---|---|\n");
        fields.forEach((path, schema) -> {
            List<ValidationRule> rules = schema.getXKubernetesValidations();
            for (ValidationRule rule : rules == null ? List.<ValidationRule>of() : rules) {
                String field = rule.getFieldPath() == null ? "" : rule.getFieldPath();
                page.append("| `").append(path.isEmpty() ? "metadata.name" : path + field).append("` | ")
                        .append(rule.getMessage()).append(" |\n");
            }
        });
        page.append(ANNOTATIONS);
        table(page, "status", fields);
        return page.toString();
    }

    private static void table(StringBuilder page, String root, Map<String, JSONSchemaProps> fields) {
        page.append("\n## ").append(root).append("\n\n")
                .append(Objects.requireNonNull(fields.get(root)).getDescription())
                .append("\n\n| Field | Type | Default | What it is |\n|---|---|---|---|\n");
        fields.forEach((path, schema) -> {
            if (path.startsWith(root + ".")) {
                page.append("| `").append(path).append("` | ").append(type(schema)).append(" | ")
                        .append(fallback(schema)).append(" | ").append(schema.getDescription().strip())
                        .append(bounds(schema)).append(" |\n");
            }
        });
    }

    private static String type(JSONSchemaProps schema) {
        if (schema.getEnum() != null && !schema.getEnum().isEmpty()) {
            return String.join(", ", schema.getEnum().stream().map(JsonNode::asText).toList());
        }
        if ("array".equals(schema.getType())) {
            return "list of " + schema.getItems().getSchema().getType() + "s";
        }
        return schema.getAdditionalProperties() == null ? schema.getType() : "map";
    }

    /** An object's own default is that of its fields. */
    private static String fallback(JSONSchemaProps schema) {
        JsonNode value = schema.getDefault();
        if (value == null || schema.getProperties() != null && !schema.getProperties().isEmpty()) {
            return "–";
        }
        return "`" + (value.isTextual() ? value.asText() : value.toString()) + "`";
    }

    private static String bounds(JSONSchemaProps schema) {
        List<String> bounds = new ArrayList<>();
        if (schema.getMinimum() != null) {
            bounds.add(schema.getMinimum().longValue() + " to " + schema.getMaximum().longValue());
        }
        if (schema.getMaxItems() != null) {
            bounds.add("at most " + schema.getMaxItems());
        }
        if (schema.getMaxProperties() != null) {
            bounds.add("at most " + schema.getMaxProperties());
        }
        if (schema.getPattern() != null) {
            bounds.add("matches `" + schema.getPattern() + "`");
        }
        return bounds.isEmpty() ? "" : " (" + String.join("; ", bounds) + ")";
    }
}
