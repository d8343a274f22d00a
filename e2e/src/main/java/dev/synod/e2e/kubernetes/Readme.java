package dev.synod.e2e.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What README.md has a reader type. */
public final class Readme {
    private static final String PART = "### On Kubernetes";

    private Readme() {}

    /** The way from nothing to an application that holds a lock, a line each. */
    public static List<String> commands(Path tree) {
        try {
            String text = Files.readString(tree.resolve("README.md"));
            String part = text.substring(text.indexOf(PART));
            return part.substring(0, part.indexOf("\n```\n")).lines()
                    .filter(line -> line.startsWith("helm ") || line.startsWith("kubectl ")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
