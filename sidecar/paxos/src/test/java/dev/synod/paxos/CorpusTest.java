package dev.synod.paxos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Frames kept as files: {@code taken-*} for every type of message, which every later version must read as
 * this one does, and {@code refused-*} for every reason to refuse. {@code -Dsynod.regenerate=true} writes
 * them anew; the difference is then to be read before it is committed. A frame that a fuzz run found wanting
 * is added by hand, under a name of its own.
 */
final class CorpusTest {
    private static final Path FOLDER = Path.of("src/test/resources/corpus");
    private static final String TAKEN = "taken-";
    private static final String REFUSED = "refused-";
    private static final int FRAME_BYTES_MAX = 600;

    @BeforeAll
    static void regenerate() throws IOException {
        if (!Boolean.getBoolean("synod.regenerate")) {
            return;
        }
        Files.createDirectories(FOLDER);
        for (Map.Entry<String, byte[]> frame : generated().entrySet()) {
            Files.writeString(FOLDER.resolve(frame.getKey() + ".hex"), Frames.text(frame.getValue()));
        }
    }

    private static Map<String, byte[]> generated() {
        Map<String, byte[]> frames = new LinkedHashMap<>();
        Generators generators = new Generators(new SeededRandom(5));
        for (int type = 0; type < Codec.TYPES; type++) {
            byte[] frame = Codec.encode(generators.envelope(type));
            while (frame.length > FRAME_BYTES_MAX) {
                frame = Codec.encode(generators.envelope(type));
            }
            frames.put(TAKEN + Codec.typeName(type), frame);
        }
        MalformedFrames.all().forEach((name, frame) -> frames.put(REFUSED + name, frame));
        return frames;
    }

    private static Map<String, byte[]> kept() throws IOException {
        Map<String, byte[]> frames = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(FOLDER, "*.hex")) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                frames.put(name.substring(0, name.length() - 4), Frames.parse(Files.readString(file)));
            }
        }
        return frames;
    }

    @Test
    void everyKeptFrameIsTakenOrRefusedAsItsNameSays() throws IOException {
        for (Map.Entry<String, byte[]> kept : kept().entrySet()) {
            String name = kept.getKey();
            byte[] frame = kept.getValue();
            Envelope envelope = Codec.decode(frame);
            if (name.startsWith(REFUSED)) {
                assertThat(envelope).as(name).isNull();
                continue;
            }
            assertThat(name).startsWith(TAKEN);
            assertThat(envelope).as(name).isNotNull();
            assertThat(Codec.encode(envelope)).as(name).isEqualTo(frame);
        }
    }

    @Test
    void everyTypeOfMessageAndEveryReasonToRefuseIsKept() throws IOException {
        assertThat(kept().keySet()).containsAll(generated().keySet());
    }

    @Test
    void everyReasonToRefuseIsRefusedByThisVersion() {
        MalformedFrames.all().forEach((name, frame) -> assertThat(Codec.decode(frame)).as(name).isNull());
    }
}
