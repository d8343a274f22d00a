package dev.synod.e2e.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The Kubernetes that e2e/cluster brought up for this run alone, whose parts may be taken away. */
public final class OwnCluster {
    private static final Path TREE = Path.of(System.getProperty("synod.e2e.tree", "."));

    private OwnCluster() {}

    /** Kills a component's process. */
    public static void kill(String component) {
        String home = System.getenv().getOrDefault("SYNOD_E2E_HOME", "/var/tmp/synod-e2e");
        try {
            String pid = Files.readString(Path.of(home, "pids", component)).split(" ", 2)[0].strip();
            ProcessHandle process = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
            process.destroyForcibly();
            process.onExit().get(10, TimeUnit.SECONDS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new AssertionError(component + " does not end", e);
        }
    }

    /** Starts again what does not run. */
    public static void up() {
        try {
            Process up = new ProcessBuilder(TREE.resolve("e2e/cluster").toString(), "up").inheritIO().start();
            if (!up.waitFor(5, TimeUnit.MINUTES) || up.exitValue() != 0) {
                throw new AssertionError("e2e/cluster up failed: " + up);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", ended);
        }
    }
}
