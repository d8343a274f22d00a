package dev.synod.coordination.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ProtosTest {
    private static final Path FOLDER =
            Path.of(System.getProperty("synod.tree", "../.."), "sidecar", "api", "src", "main", "protobuf");

    /** {@code npm install -g @bufbuild/buf} brings it. */
    @Test
    void passTheLintOfBuf() throws Exception {
        Path buf = Arrays.stream(System.getenv("PATH").split(":", -1))
                .map(folder -> Path.of(folder, "buf")).filter(Files::isExecutable).findFirst().orElse(null);
        assumeTrue(buf != null, "buf is not on the PATH");

        Process lint = new ProcessBuilder(String.valueOf(buf), "lint").directory(FOLDER.toFile())
                .redirectErrorStream(true).start();
        String complaints = new String(lint.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(lint.waitFor()).as(complaints).isZero();
    }

    @ParameterizedTest
    @MethodSource("methods")
    void nameANamespaceInEveryRequest(MethodDescriptor method) {
        boolean isStreamOfASession = method.getFullName().endsWith(".AttachSession");

        assertThat(isStreamOfASession || method.getInputType().findFieldByName("namespace") != null).isTrue();
    }

    @ParameterizedTest
    @MethodSource("methods")
    void tellARevisionInEveryResponse(MethodDescriptor method) {
        assertThat(method.getOutputType().findFieldByName("revision")).isNotNull();
    }

    @Test
    void sayTheStatusOfEveryReasonOfAnError() throws IOException {
        List<String> lines = Files.readAllLines(FOLDER.resolve("synod/coordination/v1/common.proto"));

        for (ErrorReason reason : ErrorReason.values()) {
            if (reason != ErrorReason.UNRECOGNIZED && reason.getNumber() != 0) {
                assertThat(commentOf(lines, reason.name() + " = ")).as(reason.name())
                        .matches("// [A-Z_]+: .+");
            }
        }
    }

    static Stream<MethodDescriptor> methods() {
        return Stream
                .<FileDescriptor>of(SessionServiceProto.getDescriptor(), LockServiceProto.getDescriptor(),
                        ElectionServiceProto.getDescriptor(), ValueServiceProto.getDescriptor())
                .flatMap(file -> file.getServices().stream())
                .flatMap(service -> service.getMethods().stream());
    }

    /** First line of the comment above the line that begins with {@code start}. */
    private static String commentOf(List<String> lines, String start) {
        int line = 0;
        while (!lines.get(line).strip().startsWith(start)) {
            line++;
        }
        while (lines.get(line - 1).strip().startsWith("//")) {
            line--;
        }
        return lines.get(line).strip();
    }
}
