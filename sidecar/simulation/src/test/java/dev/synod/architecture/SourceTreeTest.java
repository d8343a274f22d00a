package dev.synod.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What can be read only from the sources themselves; the formatter sees to the rest. */
final class SourceTreeTest {

    private static final int LINES_MAX = 600;
    private static final int COLUMNS_MAX = 110;

    // Spelled apart, so that this file does not find itself.
    private static final Pattern UNFINISHED = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");

    @Test
    void aFileIsReadInOneSitting() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : javaFiles()) {
            int lines = Files.readAllLines(file).size();
            if (lines > LINES_MAX) {
                found.add(file + " has " + lines + " lines, more than " + LINES_MAX);
            }
        }
        assertThat(found).isEmpty();
    }

    @Test
    void aLineFitsItsColumnsAndNothingIsLeftForLater() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : javaFiles()) {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i);
                int columns = line.codePointCount(0, line.length());
                if (columns > COLUMNS_MAX) {
                    found.add(
                            file + ":" + (i + 1) + " has " + columns + " columns, more than " + COLUMNS_MAX);
                }
                if (UNFINISHED.matcher(line).find()) {
                    found.add(file + ":" + (i + 1) + " leaves something for later: " + line.strip());
                }
            }
        }
        assertThat(found).isEmpty();
    }

    @Test
    void everyFolderOfMainSourcesSaysWhatItIsFor() throws IOException {
        assertThat(javaFiles())
                .filteredOn(file -> file.toString().contains("/src/main/"))
                .allSatisfy(file -> assertThat(file.resolveSibling("package-info.java")).exists());
    }

    private static List<Path> javaFiles() throws IOException {
        Path tree = Path.of(System.getProperty("synod.tree", "../.."));
        List<Path> files = new ArrayList<>();
        for (String folder : List.of("crds", "e2e", "operator", "sidecar")) {
            try (Stream<Path> all = Files.walk(tree.resolve(folder))) {
                List<Path> found = all
                        .filter(file -> file.toString().endsWith(".java"))
                        .filter(file -> file.toString().contains("/src/"))
                        .sorted()
                        .toList();
                assertThat(found).as("Java sources of %s in %s", folder, tree.toAbsolutePath()).isNotEmpty();
                files.addAll(found);
            }
        }
        return files;
    }
}
