package dev.synod.e2e.kubernetes;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The operator as a process of this machine, limited to one namespace and to the rights that an installed one
 * has: it starts fast, and its kill is exact.
 */
public final class LocalOperator implements AutoCloseable {
    private static final String MAIN = "dev.synod.operator.Main";
    private static final String LISTENS = "probes and metrics are at ";

    private final Path kubeconfig;
    private final String namespace;
    private final String sidecarImage;
    private final Path log;
    private @Nullable Process process;
    private int faultsTold;

    LocalOperator(Path kubeconfig, String namespace, String sidecarImage, Path log) {
        this.kubeconfig = kubeconfig;
        this.namespace = namespace;
        this.sidecarImage = sidecarImage;
        this.log = log;
        // Whoever interrupts the run leaves no operator behind.
        Runtime.getRuntime().addShutdownHook(new Thread(this::kill, "operator-end"));
    }

    /** Starts it, if it does not run. */
    public void start() {
        if (process != null && process.isAlive()) {
            return;
        }
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx160m",
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-cp",
                System.getProperty("java.class.path"), MAIN);
        builder.environment().put("KUBECONFIG", kubeconfig.toString());
        builder.environment().put("SYNOD_OPERATOR_NAMESPACE", namespace);
        builder.environment().put("SYNOD_OPERATOR_WATCH_NAMESPACES", namespace);
        builder.environment().put("SYNOD_OPERATOR_POD", "local");
        builder.environment().put("SYNOD_OPERATOR_SIDECAR_IMAGE", sidecarImage);
        builder.environment().put("SYNOD_OPERATOR_LEASE", "");
        builder.environment().put("SYNOD_OPERATOR_LISTEN", "127.0.0.1:0");
        File output = log.toFile();
        try {
            process =
                    builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(output))
                            .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills it without warning. */
    public void kill() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
            await(running);
        }
    }

    /** Steps that it told of in its log, over all its lives. */
    public long steps() {
        return lines().stream().filter(line -> line.contains(" logger=Pass ")).count();
    }

    /** What it tells Prometheus. */
    public Metrics metrics() throws IOException {
        String said = lines().stream().filter(line -> line.contains(LISTENS)).toList().getLast();
        String port = said.substring(said.lastIndexOf(':') + 1).replaceAll("[^0-9]", "");
        return Metrics.at(Integer.parseInt(port));
    }

    /** Fails when it has ended by itself. */
    void requireAlive() {
        Process running = process;
        if (running != null && !running.isAlive() && running.exitValue() != 137) {
            throw new AssertionError("the operator ended by itself with status " + running.exitValue()
                    + "; its log is " + log + ": " + tail(30));
        }
    }

    /** Whether a line of an operator's log tells of what should not be: errors, what the API server warns of. */
    static boolean isFault(String line) {
        return line.contains(" level=error ") || line.contains("Exception in thread")
                || line.contains("the API server warns of");
    }

    /** What it logged of faults since this was asked last. */
    List<String> faults() {
        List<String> all = lines().stream().filter(LocalOperator::isFault).toList();
        List<String> fresh = all.subList(faultsTold, all.size());
        faultsTold = all.size();
        return fresh;
    }

    /** The end of its log. */
    String tail(int count) {
        List<String> lines = lines();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - count), lines.size()));
    }

    private List<String> lines() {
        try {
            return Files.exists(log) ? Files.readAllLines(log) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void await(Process process) {
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                throw new AssertionError("the operator does not end: " + process);
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        Process running = process;
        if (running != null) {
            running.destroy();
            await(running);
        }
    }
}
