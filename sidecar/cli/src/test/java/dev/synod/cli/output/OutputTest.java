package dev.synod.cli.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

final class OutputTest {
    @Test
    void aLineIsOutAsSoonAsItIsPrinted() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Output output = new Output(bytes, StandardCharsets.UTF_8, false);
        output.println("done");
        assertThat(bytes.toString(StandardCharsets.UTF_8)).startsWith("done");
    }

    @Test
    void bytesThatCannotBeWrittenAreAFailure() {
        CommandLine command = new CommandLine(CommandSpec.create());
        command.setOut(new Output(new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                throw new IOException("No space left on device");
            }
        }, StandardCharsets.UTF_8, false));
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Output.raw(command, new byte[] {1}))
                .withMessageContaining("No space left");
    }
}
