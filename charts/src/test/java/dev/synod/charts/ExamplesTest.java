package dev.synod.charts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The examples, as far as it shows without a cluster. */
final class ExamplesTest {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    static List<Path> files() {
        try (Stream<Path> files = Files.list(Chart.tree().resolve("deploy/examples"))) {
            return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** All objects in a file. */
    private static JsonNode read(Path file) {
        try (MappingIterator<JsonNode> objects =
                YAML.readerFor(JsonNode.class).<JsonNode>readValues(file.toFile())) {
            return YAML.createArrayNode().addAll(objects.readAll());
        } catch (IOException e) {
            throw new AssertionError(file.toString(), e);
        }
    }

    /** Specifications of pods, wherever they are in an object. */
    private static List<JsonNode> pods(JsonNode node) {
        List<JsonNode> pods = new ArrayList<>();
        if (node.has("containers")) {
            pods.add(node);
        }
        node.forEach(child -> pods.addAll(pods(child)));
        return pods;
    }

    /** The pods of an example as objects of their own. */
    static List<String> podsOf(Path file) {
        List<String> pods = new ArrayList<>();
        for (JsonNode spec : pods(read(file))) {
            ObjectNode pod = YAML.createObjectNode().put("apiVersion", "v1").put("kind", "Pod");
            pod.putObject("metadata").put("name", "example-" + pods.size());
            pod.set("spec", spec);
            pods.add(pod.toString()); // JSON is YAML
        }
        return pods;
    }

    @Test
    void everyPodFitsTheRestrictedLevel() {
        assertThat(files()).isNotEmpty().allSatisfy(file -> assertThat(pods(read(file))).allSatisfy(pod -> {
            JsonNode shared = pod.path("securityContext");
            Stream.of("containers", "initContainers").forEach(list -> pod.path(list).forEach(container -> {
                JsonNode own = container.path("securityContext");
                assertThat(own.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
                assertThat(own.path("readOnlyRootFilesystem").asBoolean()).isTrue();
                assertThat(own.path("capabilities").path("drop").path(0).asText()).isEqualTo("ALL");
                assertThat(own.path("runAsNonRoot").asBoolean() || shared.path("runAsNonRoot").asBoolean())
                        .isTrue();
                assertThat(List.of(own.at("/seccompProfile/type").asText(),
                        shared.at("/seccompProfile/type").asText())).contains("RuntimeDefault");
            }));
        }));
    }

    @Test
    void everyContainerSaysWhatItNeeds() {
        assertThat(files()).allSatisfy(file -> assertThat(pods(read(file))).allSatisfy(pod -> pod
                .path("containers").forEach(container -> {
                    assertThat(container.at("/resources/requests/cpu").isMissingNode()).isFalse();
                    assertThat(container.at("/resources/limits/memory").isMissingNode()).isFalse();
                })));
    }

    /** So a node that can pull nothing runs every example. */
    @Test
    void everyImageIsSynodsOwnAndOfThisVersion() {
        String version =
                Chart.text("charts/synod/Chart.yaml").replaceFirst("(?s).*\nappVersion: (\\S+).*", "$1");
        assertThat(files()).allSatisfy(file -> assertThat(read(file).findValues("image"))
                .allSatisfy(image -> assertThat(image.asText()).isEqualTo("synod/sidecar:" + version)));
    }
}
