package dev.synod.e2e.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * One run of a program, to its end.
 *
 * @param status that it ended with
 * @param out what it wrote to standard output
 * @param err what it wrote to standard error
 */
public record Ran(int status, String out, String err) {
    private static final int MINUTES_MAX = 6;

    /** Runs it, with its output in files of a folder meanwhile. */
    static Ran of(ProcessBuilder builder, Path folder) {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        try {
            Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
            if (!process.waitFor(MINUTES_MAX, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError(
                        builder.command() + " did not end in " + MINUTES_MAX + " minutes");
            }
            return new Ran(process.exitValue(), Files.readString(out), Files.readString(err));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", ended);
        }
    }

    /** What the API server, or the program itself, warned of. */
    public List<String> warnings() {
        return err.lines().filter(line -> line.toLowerCase(Locale.ROOT).contains("warning"))
                // Of the administrator's file, which is none of the chart's.
                .filter(line -> !line.contains("Kubernetes configuration file")).toList();
    }
}
