package dev.synod.e2e.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The Kubernetes that e2e/cluster brought up for this run alone, whose parts may be taken away. */
public final class OwnCluster {
    private static final Path CLUSTER = Path.of(System.getProperty("synod.e2e.tree", "."), "e2e", "cluster");

    private OwnCluster() {}

    /** Ends a component, until {@link #up}. */
    public static void stop(String component) {
        command("stop", component);
    }

    /** Starts again what does not run. */
    public static void up() {
        command("up");
    }

    private static void command(String... arguments) {
        List<String> line = new ArrayList<>(List.of(CLUSTER.toString()));
        line.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(line).inheritIO();
        builder.environment().remove("KUBECONFIG");
        try {
            Process process = builder.start();
            if (!process.waitFor(5, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new AssertionError(line + " failed: " + process);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", ended);
        }
    }
}
