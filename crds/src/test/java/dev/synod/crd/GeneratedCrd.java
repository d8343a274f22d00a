package dev.synod.crd;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaPropsBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;

/** The CRD as it follows from the types, and what fabric8's annotations cannot say added. */
final class GeneratedCrd {
    static final String REGENERATE = "mvn -q -Dfast -pl :synod-crds test -Dsynod.regenerate=true";
    static final String FILE = "crds/coordinationclusters.synod.dev-v1.yml";

    /** cpu: 1 is a number in YAML, and allowed in a pod. */
    private static final String QUANTITY = "^[0-9]+(\\.[0-9]+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$";

    private static final String HEAD = """
            # Generated from the types in crds/src/main/java by
            #   %s
            # kubectl apply --server-side -f crds/
            """.formatted(REGENERATE);

    private GeneratedCrd() {}

    static CustomResourceDefinition crd() {
        AtomicReference<CustomResourceDefinition> made = new AtomicReference<>();
        new CRDGenerator().customResourceClasses(CoordinationCluster.class).forCRDVersions("v1")
                .withPostProcessor(new CRDPostProcessor() {
                    @Override
                    public HasMetadata process(HasMetadata crd, String crdSpecVersion) {
                        made.set((CustomResourceDefinition) crd);
                        return crd;
                    }
                }).withOutput(new Discarded()).generate();
        CustomResourceDefinition crd = Objects.requireNonNull(made.get());
        complete(crd);
        return crd;
    }

    static String yaml() {
        return HEAD + Serialization.asYaml(crd()).replaceFirst("^---\n", "");
    }

    static JSONSchemaProps schema(CustomResourceDefinition crd) {
        return crd.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema();
    }

    private static void complete(CustomResourceDefinition crd) {
        JSONSchemaProps root = schema(crd);
        root.setDescription(
                "A coordination service: one Paxos group of members on persistent volumes, used by"
                        + " applications through a sidecar on localhost.");
        JSONSchemaProps spec = property(root, "spec");
        spec.setDescription("What is asked for. Every field has a default.");
        spec.setDefault(Serialization.unmarshal("{}", JsonNode.class));
        JSONSchemaProps status = property(root, "status");
        status.setDescription("What was observed. Only the operator writes it; it may be deleted.");
        asMap(property(status, "conditions"), "type");
        asMap(property(status, "members"), "name");
        property(property(status, "conditions").getItems().getSchema(), "lastTransitionTime")
                .setFormat("date-time");
        JSONSchemaProps scheduling = property(spec, "scheduling");
        Map<String, JSONSchemaProps> properties = scheduling.getProperties();
        properties.put("affinity", open(property(scheduling, "affinity")));
        for (String list : List.of("tolerations", "topologySpreadConstraints")) {
            property(scheduling, list).getItems().setSchema(open(new JSONSchemaProps()));
        }
        JSONSchemaProps resources = property(property(spec, "sidecar"), "resources");
        for (String amounts : List.of("requests", "limits")) {
            property(resources, amounts).getAdditionalProperties().setSchema(new JSONSchemaPropsBuilder()
                    .withXKubernetesIntOrString(true).withPattern(QUANTITY).build());
        }
        SchemaFields.of(root).values().forEach(GeneratedCrd::completeRules);
        columnsInTheOrderOfReading(crd);
    }

    /**
     * The API server shows the type of what a rule is about and not its value, so the message ends with it.
     * Where that cannot be made at run time, the API server falls back to the message alone.
     */
    private static void completeRules(JSONSchemaProps schema) {
        if (schema.getXKubernetesValidations() == null) {
            return;
        }
        // The generator finds the annotation of a record's component at its field and at its accessor.
        schema.setXKubernetesValidations(schema.getXKubernetesValidations().stream().distinct().toList());
        for (ValidationRule rule : schema.getXKubernetesValidations()) {
            rule.setRule(CelMacros.expand(rule.getRule()));
            String message = rule.getMessage();
            if (message.contains("\"") || message.contains("\\")) {
                throw new IllegalStateException("not to be put into a text of CEL: " + message);
            }
            rule.setMessageExpression("\"" + message + " (\" + "
                    + CelMacros.expand(rule.getMessageExpression()) + " + \")\"");
        }
    }

    private static JSONSchemaProps property(JSONSchemaProps schema, String name) {
        return Objects.requireNonNull(schema.getProperties().get(name), name);
    }

    private static void asMap(JSONSchemaProps list, String key) {
        list.setXKubernetesListType("map");
        list.setXKubernetesListMapKeys(List.of(key));
    }

    /** An object of Kubernetes' own, whose schema lies elsewhere. */
    private static JSONSchemaProps open(JSONSchemaProps schema) {
        return new JSONSchemaPropsBuilder().withType("object").withDescription(schema.getDescription())
                .withXKubernetesPreserveUnknownFields(true).build();
    }

    private static void columnsInTheOrderOfReading(CustomResourceDefinition crd) {
        List<String> order = List.of("Voters", "Ready", "Leader", "Available", "Epoch", "Age");
        Map<Integer, CustomResourceColumnDefinition> sorted = new TreeMap<>();
        crd.getSpec().getVersions().getFirst().getAdditionalPrinterColumns()
                .forEach(column -> sorted.put(order.indexOf(column.getName()), column));
        crd.getSpec().getVersions().getFirst().setAdditionalPrinterColumns(List.copyOf(sorted.values()));
    }

    private static final class Discarded implements CRDGenerator.CRDOutput<OutputStream> {
        @Override
        public OutputStream outputFor(String crdName) {
            return new ByteArrayOutputStream();
        }

        @Override
        public URI crdURI(String crdName) {
            return URI.create("file:///" + crdName);
        }

        @Override
        public void close() {}
    }
}
