package dev.synod.crd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The examples, which the local mode reads too, are right by the types. */
final class ExamplesTest {
    private static final ObjectMapper STRICT =
            new ObjectMapper(new YAMLFactory()).enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    @Test
    void everyExampleIsReadWithoutAnUnknownField() throws Exception {
        List<Path> files;
        try (Stream<Path> examples = Files.list(CrdFileTest.tree().resolve("deploy/examples"))) {
            files = examples.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
        }
        assertThat(files).isNotEmpty();
        int clusters = 0;
        for (Path file : files) {
            for (JsonNode object : objects(file)) {
                if (object.path("kind").asText().equals("CoordinationCluster")) {
                    CoordinationCluster cluster = STRICT.treeToValue(object, CoordinationCluster.class);
                    assertThat(cluster.getApiVersion()).isEqualTo("synod.dev/v1alpha1");
                    assertThat(cluster.getMetadata().getName()).isNotBlank();
                    clusters++;
                } else {
                    // Others are of Kubernetes: an application with an agent, a backup.
                    assertThat(Serialization.unmarshal(object.toString(), HasMetadata.class).getMetadata()
                            .getName()).as("%s", file).isNotBlank();
                }
            }
        }
        assertThat(clusters).isPositive();
    }

    /** All that a file holds. */
    private static List<JsonNode> objects(Path file) throws IOException {
        try (MappingIterator<JsonNode> objects =
                STRICT.readerFor(JsonNode.class).<JsonNode>readValues(file.toFile())) {
            return objects.readAll();
        }
    }

    @Test
    void aMisspeltFieldIsNoticed() {
        assertThatThrownBy(() -> STRICT.readValue("spec: {voter: {replicas: 3}}", CoordinationCluster.class))
                .hasMessageContaining("voter");
    }

    /** {@code synodctl dev} takes these, and no others. */
    @Test
    void theSpecHasTheFieldsThatTheLocalModeKnows() {
        JSONSchemaProps spec = GeneratedCrd.schema(GeneratedCrd.crd()).getProperties().get("spec");
        assertThat(Objects.requireNonNull(spec).getProperties()).containsOnlyKeys("voters", "observers",
                "image", "storage", "template", "sidecar", "tls",
                "tuning", "scheduling");
        assertThat(SchemaFields.of(GeneratedCrd.schema(GeneratedCrd.crd()))).containsKeys(
                "spec.voters.replicas", "spec.observers.replicas", "spec.tuning.heartbeat",
                "spec.tuning.electionTimeout", "spec.storage.size", "spec.storage.storageClassName",
                "spec.storage.retention", "spec.storage.existing");
    }

    @Test
    void whatIsWrittenIsReadBackEqual() {
        String text = """
                apiVersion: synod.dev/v1alpha1
                kind: CoordinationCluster
                metadata: {name: orders}
                spec:
                  voters: {replicas: 5}
                  sidecar: {resources: {requests: {cpu: 1}}}
                  template:
                    metadata: {labels: {team: a}}
                    spec: {containers: [{name: app, image: app:1}]}
                """;
        CoordinationCluster cluster = Serialization.unmarshal(text, CoordinationCluster.class);
        CoordinationCluster again =
                Serialization.unmarshal(Serialization.asYaml(cluster), CoordinationCluster.class);
        assertThat(again.getSpec()).isEqualTo(cluster.getSpec());
        assertThat(again.getSpec().sidecar().resources().requests()).containsEntry("cpu", "1");
        assertThat(again.getSpec().storage()).isEqualTo(Storage.DEFAULT);
    }
}
