package dev.synod.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.IVersionProvider;

/** The version of this program, as the build wrote it. */
public final class Version implements IVersionProvider {
    /** Of this program, and of the images that belong to it. */
    public static String current() {
        try (InputStream text = Version.class.getResourceAsStream("version.txt")) {
            return text == null ? "unknown" : new String(text.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("version.txt is in the same archive", e);
        }
    }

    @Override
    public String[] getVersion() {
        return new String[] {"synodctl " + current()};
    }
}
