package dev.synod.charts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The chart's files belong together; no helm is needed to see it. */
final class FilesTest {
    private static final JsonNode VALUES =
            Serialization.unmarshal(Chart.text("charts/synod/values.yaml"), JsonNode.class);
    private static final JsonNode SCHEMA =
            Serialization.unmarshal(Chart.text("charts/synod/values.schema.json"), JsonNode.class);

    @Test
    void theVersionIsTheTrees() {
        JsonNode chart = Serialization.unmarshal(Chart.text("charts/synod/Chart.yaml"), JsonNode.class);
        String version = Chart.text("pom.xml").replaceFirst("(?s).*?<version>([^<]*)</version>.*", "$1");
        assertThat(chart.get("version").asText()).isEqualTo(version);
        assertThat(chart.get("appVersion").asText()).isEqualTo(version);
    }

    @Test
    void theSchemaIsClosedWhereverItNamesWhatMayBeThere() {
        List<String> open = new ArrayList<>();
        findOpen("", SCHEMA, open);
        assertThat(open).isEmpty();
    }

    private static void findOpen(String path, JsonNode schema, List<String> open) {
        if (schema.has("properties") && !schema.path("additionalProperties").isBoolean()) {
            open.add(path);
        }
        for (Map.Entry<String, JsonNode> field : schema.properties()) {
            findOpen(path + "/" + field.getKey(), field.getValue(), open);
        }
    }

    @Test
    void theSchemaNamesExactlyTheValues() {
        Set<String> allowed = new TreeSet<>();
        names("", SCHEMA, allowed);
        allowed.remove("global");
        Set<String> values = new TreeSet<>();
        ValueTable.of(Chart.text("charts/synod/values.yaml")).forEach(row -> values.add(row.path()));
        assertThat(new TreeSet<>(allowed.stream().map(FilesTest::valueOf).toList())).isEqualTo(values);
    }

    /** Resources and what is like them are one value, whatever the schema knows of their inside. */
    private static String valueOf(String path) {
        JsonNode node = VALUES;
        StringBuilder found = new StringBuilder();
        for (String part : path.split("\\.", -1)) {
            if (!node.has(part)) {
                break;
            }
            found.append(found.isEmpty() ? "" : ".").append(part);
            node = node.get(part);
            if (ValueTable.WHOLE.contains(found.toString())) {
                break;
            }
        }
        return found.toString();
    }

    private static void names(String path, JsonNode schema, Set<String> names) {
        if (!schema.has("properties")) {
            names.add(path);
            return;
        }
        schema.get("properties").properties().forEach(field -> names(
                path.isEmpty() ? field.getKey() : path + "." + field.getKey(), field.getValue(), names));
    }

    @Test
    void everyValueSaysWhatItIs() {
        assertThat(ValueTable.of(Chart.text("charts/synod/values.yaml"))).isNotEmpty()
                .allSatisfy(row -> assertThat(row.meaning()).as(row.path()).isNotBlank());
    }

    @Test
    void thePageOnInstallingHasTheValuesAsTheyAre() {
        String page = Chart.text("docs/install.md");
        StringBuilder table = new StringBuilder("| Value | Default | What it is |\n|---|---|---|\n");
        for (ValueTable.Row row : ValueTable.of(Chart.text("charts/synod/values.yaml"))) {
            table.append("| `").append(row.path()).append("` | ").append(row.initial()).append(" | ")
                    .append(row.meaning()).append(" |\n");
        }
        String begin = "<!-- values, written by charts/check --regenerate -->\n";
        String end = "<!-- end of values -->";
        assertThat(page).contains(begin, end);
        Chart.assertGenerated("docs/install.md", page.substring(0, page.indexOf(begin)) + begin + table
                + page.substring(page.indexOf(end)));
    }
}
