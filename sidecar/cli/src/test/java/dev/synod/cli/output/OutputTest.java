package dev.synod.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class OutputTest {
    @Test
    void aLineIsOutAsSoonAsItIsPrinted() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Output output = new Output(bytes, StandardCharsets.UTF_8, false);
        output.println("done");
        assertThat(bytes.toString(StandardCharsets.UTF_8)).startsWith("done");
    }
}
