package dev.synod.operator.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Objects as they were reviewed. {@code -Dsynod.regenerate=true} writes them anew. */
final class Golden {
    private Golden() {}

    static void holds(String name, Object made) throws IOException {
        Path file = Path.of(Objects.requireNonNull(System.getProperty("synod.tree")),
                "operator/src/test/resources/golden", name + ".yaml");
        String text = Serialization.asYaml(made);
        if (Boolean.getBoolean("synod.regenerate")) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
            return;
        }
        assertThat(text).as("run this test with -Dsynod.regenerate=true, and look at the diff")
                .isEqualTo(Files.readString(file));
    }
}
