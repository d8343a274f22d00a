package dev.synod.charts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The chart, and helm at work on it. */
final class Chart {
    /** Names helm; without it the tests that need it are left out, and {@code charts/check} fails. */
    static final String HELM = "synod.helm";

    private Chart() {}

    static Path tree() {
        return Path.of(Objects.requireNonNull(System.getProperty("synod.tree")));
    }

    static Path folder() {
        return tree().resolve("charts/synod");
    }

    /** A file of the tree. */
    static String text(String path) {
        try {
            return Files.readString(tree().resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What release {@code synod} in namespace {@code synod-system} consists of, with these options of helm.
     */
    static Rendered rendered(String... options) {
        return renderedAs("synod", options);
    }

    static Rendered renderedAs(String release, String... options) {
        Program helm = template(release, options);
        assertThat(helm.status()).as(helm.err()).isZero();
        assertThat(helm.err()).as("warnings of helm").isEmpty();
        return Rendered.of(helm.out());
    }

    static Program template(String release, String... options) {
        List<String> arguments = new ArrayList<>(List.of("template", release, folder().toString(),
                "--namespace", "synod-system"));
        arguments.addAll(List.of(options));
        return helm(arguments.toArray(String[]::new));
    }

    static Program helm(String... arguments) {
        List<String> command = new ArrayList<>(List.of(Objects.requireNonNull(System.getProperty(HELM))));
        command.addAll(List.of(arguments));
        return Program.run("", command);
    }

    /** Holds a file of the tree equal to what is made from the chart, or writes it. */
    static void assertGenerated(String file, String wanted) {
        Path path = tree().resolve(file);
        try {
            if (Boolean.getBoolean("synod.regenerate")) {
                Files.writeString(path, wanted);
                return;
            }
            assertThat(Files.exists(path) ? Files.readString(path) : "")
                    .as("%s is not what the chart says: run  charts/check --regenerate  and look at the diff",
                            file)
                    .isEqualTo(wanted);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
