package dev.synod.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code -Dsynod.update=true} writes the table anew. */
final class MetricsDocumentTest {
    private static final String MARK = "<!-- table -->\n";

    @TempDir Path folder;

    @Test
    void thePageListsWhatAMemberTellsPrometheus() throws Exception {
        Path page = Path.of(System.getProperty("synod.tree"), "docs", "metrics.md");
        String text = Files.readString(page);
        String head = text.substring(0, text.indexOf(MARK) + MARK.length());
        String wanted = head + table(scrape());
        if (Boolean.getBoolean("synod.update")) {
            Files.writeString(page, wanted);
        }
        assertThat(Files.readString(page))
                .as("docs/metrics.md is not what a member tells; run this test with -Dsynod.update=true")
                .isEqualTo(wanted);
    }

    private String scrape() throws Exception {
        try (var cluster = new Cluster(folder, 3); var http = HttpClient.newHttpClient()) {
            int leader = cluster.awaitLeader();
            cluster.put(leader, "a", "1").get();
            URI uri = URI.create(
                    "http://127.0.0.1:" + cluster.nodes.get(leader).ports().ofProbes() + "/metrics");
            return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    /** Those of Synod; the JVM's own are Micrometer's. */
    private static String table(String scraped) {
        Map<String, String> types = new HashMap<>();
        List<String> rows = new ArrayList<>();
        Map<String, String> helps = new HashMap<>();
        for (String line : scraped.split("\n", -1)) {
            String[] words = line.split(" ", 4);
            if (words.length == 4 && words[2].startsWith("synod_")) {
                (words[1].equals("HELP") ? helps : types).put(words[2], words[3]);
            }
        }
        types.forEach((name, type) -> rows.add(
                "| `" + name + "` | " + type + " | " + helps.getOrDefault(name, "") + " |\n"));
        rows.sort(null);
        assertThat(rows).hasSizeGreaterThan(20);
        return "| Metric | Type | What |\n|---|---|---|\n" + String.join("", rows);
    }
}
