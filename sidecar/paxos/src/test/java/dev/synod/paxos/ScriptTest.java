package dev.synod.paxos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Scenarios as text, each with the whole trace that it gives: see {@link Script}. {@code
 * -Dsynod.regenerate=true} writes the traces anew; what then differs is a change of behaviour, to be read
 * line by line before it is kept.
 */
final class ScriptTest {
    private static final Path SCRIPTS = Path.of("src/test/resources/scripts");

    static List<String> scripts() {
        try (Stream<Path> files = Files.list(SCRIPTS)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".txt"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scripts")
    void goesAsWrittenDown(String name) throws IOException {
        Path file = SCRIPTS.resolve(name);
        String expected = Files.readString(file);
        String actual = new Script(expected).run();
        if (Boolean.getBoolean("synod.regenerate")) {
            Files.writeString(file, actual);
        } else if (!actual.equals(expected)) {
            throw new AssertionError(
                    name + " goes otherwise than written down:\n" + difference(expected, actual));
        }
    }

    @Test
    void aDifferenceShowsWhatChangedAndWhere() {
        assertThat(difference("a\nb\nc\nd\n", "a\nb\nx\nd\n")).isEqualTo("  a\n  b\n- c\n+ x\n  d\n");
        assertThat(difference("a\n", "a\nb\n")).isEqualTo("  a\n+ b\n");
    }

    /**
     * The lines between the first and the last that differ, as removed and added, with the lines around them.
     */
    private static String difference(String expected, String actual) {
        List<String> was = expected.lines().toList();
        List<String> is = actual.lines().toList();
        int[][] common = new int[was.size() + 1][is.size() + 1];
        for (int i = was.size() - 1; i >= 0; i--) {
            for (int j = is.size() - 1; j >= 0; j--) {
                common[i][j] = was.get(i).equals(is.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        List<String> lines = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < was.size() || j < is.size()) {
            if (i < was.size() && j < is.size() && was.get(i).equals(is.get(j))) {
                lines.add("  " + was.get(i++));
                j++;
            } else if (j == is.size() || (i < was.size() && common[i + 1][j] >= common[i][j + 1])) {
                lines.add("- " + was.get(i++));
            } else {
                lines.add("+ " + is.get(j++));
            }
        }
        return around(lines);
    }

    /** Changed lines with three on either side; the rest is left out. */
    private static String around(List<String> lines) {
        StringBuilder text = new StringBuilder();
        int shown = -1;
        for (int at = 0; at < lines.size(); at++) {
            boolean near = false;
            for (int k = Math.max(0, at - 3); k <= Math.min(lines.size() - 1, at + 3); k++) {
                near |= !lines.get(k).startsWith("  ");
            }
            if (near) {
                text.append(shown >= 0 && at > shown + 1 ? "...\n" : "").append(lines.get(at)).append('\n');
                shown = at;
            }
        }
        return text.toString();
    }
}
