package dev.synod.crd;

import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.Map;
import java.util.TreeMap;

/** The fields of a schema by their paths: {@code spec.voters.replicas}, {@code status.members[].name}. */
final class SchemaFields {
    private SchemaFields() {}

    /** All below the root, and the root itself under the empty path. */
    static Map<String, JSONSchemaProps> of(JSONSchemaProps root) {
        Map<String, JSONSchemaProps> fields = new TreeMap<>();
        add(fields, "", root);
        return fields;
    }

    private static void add(Map<String, JSONSchemaProps> fields, String path, JSONSchemaProps schema) {
        fields.put(path, schema);
        JSONSchemaProps owner = schema;
        String prefix = path.isEmpty() ? "" : path + ".";
        if (schema.getItems() != null) {
            owner = schema.getItems().getSchema();
            prefix = path + "[].";
        }
        if (owner.getProperties() != null) {
            for (Map.Entry<String, JSONSchemaProps> property : owner.getProperties().entrySet()) {
                add(fields, prefix + property.getKey(), property.getValue());
            }
        }
    }
}
