package dev.synod.cli.inject;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.cli.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What the examples show by hand is what inject adds. */
final class ExamplesTest {
    private static final Agent AGENT =
            new Agent("minimal", 3, 7401, "synod/sidecar:" + Version.current(), "minimal-client");

    private static Object load(String text) {
        return new Load(LoadSettings.builder().build()).loadFromString(text);
    }

    /** Every list that is a field of this name, wherever it is. */
    private static List<Object> lists(Object node, String field) {
        List<Object> found = new ArrayList<>();
        if (node instanceof Map<?, ?> map) {
            if (map.get(field) instanceof List<?> list) {
                found.add(list);
            }
            map.values().forEach(child -> found.addAll(lists(child, field)));
        } else if (node instanceof List<?> list) {
            list.forEach(child -> found.addAll(lists(child, field)));
        }
        return found;
    }

    @Test
    void agentsInTheExamplesAreWhatInjectAdds() throws IOException {
        Path folder = Path.of(Objects.requireNonNull(System.getProperty("synod.tree"))).resolve(
                "deploy/examples");
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> file.getFileName().toString().startsWith("agent-")).sorted().toList();
        }
        assertThat(files).hasSizeGreaterThanOrEqualTo(3);
        for (Path file : files) {
            Object example = load(Files.readString(file));
            assertThat(lists(example, "initContainers")).as(file.toString())
                    .containsExactly(List.of(load(AGENT.container())));
            assertThat(lists(example, "volumes")).as(file.toString())
                    .containsExactly(List.of(load(AGENT.volume())));
            assertThat(lists(example, "containers").toString()).contains(load(Agent.ENDPOINT).toString());
        }
    }
}
