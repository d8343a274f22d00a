package dev.synod.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code -Dsynod.update=true} writes the page anew. */
class ReferenceTest {
    private static final Path PAGE = Path.of(System.getProperty("synod.tree"), "docs", "native-api.md");

    @Test
    void the_reference_says_what_the_protos_say() throws IOException {
        byte[] descriptors = Files.readAllBytes(Path.of(System.getProperty("synod.descriptors")));
        String page = Reference.of(FileDescriptorSet.parseFrom(descriptors));
        if (Boolean.getBoolean("synod.update")) {
            Files.writeString(PAGE, page);
        }

        assertThat(Files.readString(PAGE))
                .as("docs/native-api.md is older than the protos; run this test with -Dsynod.update=true")
                .isEqualTo(page);
    }
}
