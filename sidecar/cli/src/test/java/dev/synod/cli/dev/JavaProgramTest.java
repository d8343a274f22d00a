package dev.synod.cli.dev;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class JavaProgramTest {
    @Test
    void membersOfTheTreeRunWithOptionsOfTheImage() throws Exception {
        Path tree = Path.of(Objects.requireNonNull(System.getProperty("synod.tree")));
        assertThat(Files.readAllLines(tree.resolve("sidecar/image/folder/lib/sidecar.options")))
                .containsAll(JavaProgram.FLAGS);
    }
}
