package dev.synod.e2e.kubernetes;

import dev.synod.e2e.mortal.MortalOperator;
import dev.synod.e2e.mortal.Mortality;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The operator as a process of this machine, limited to one namespace and to the rights that an installed one
 * has: it starts fast, and its kill is exact.
 */
public final class LocalOperator implements AutoCloseable {
    private static final String MAIN = "dev.synod.operator.Main";
    private static final List<String> OPTIONS = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
            "-Xmx160m", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");
    private static final String LISTENS = "probes and metrics are at ";

    private final Path kubeconfig;
    private final String pod;
    private final String namespace;
    private final String sidecarImage;
    private final String lease;
    private final Path log;
    private volatile @Nullable Process process;
    private int startedAtLine;
    private boolean over;
    private int linesTold;
    private int expectedEnd;
    private String expectedFault = "";

    LocalOperator(Path kubeconfig, String pod, String namespace, String sidecarImage, String lease,
            Path log) {
        this.kubeconfig = kubeconfig;
        this.pod = pod;
        this.namespace = namespace;
        this.sidecarImage = sidecarImage;
        this.lease = lease;
        this.log = log;
        // Whoever interrupts the run leaves no operator behind.
        Runtime.getRuntime().addShutdownHook(new Thread(this::endForGood, "operator-end"));
    }

    /** Starts it, if it does not run. */
    public void start() {
        start(List.of(), MAIN);
    }

    /**
     * Starts it, if it does not run, so that it notes each write that was taken.
     *
     * @param journal of all its writes, a line each, over all its lives
     * @param writesMax with the answer to its write of this number it ends, as if killed; 0 for never
     */
    public void start(Path journal, int writesMax) {
        start(List.of("-D" + Mortality.JOURNAL + "=" + journal,
                "-D" + Mortality.WRITES_MAX + "=" + writesMax),
                MortalOperator.class.getName());
    }

    /** Threads go on while hooks run: nobody starts it behind this one's back. */
    private synchronized void endForGood() {
        over = true;
        kill();
    }

    private synchronized void start(List<String> more, String main) {
        Process before = process;
        if (over || before != null && before.isAlive()) {
            return;
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(OPTIONS);
        // Jars with an AOT cache start faster than folders of classes: e2e/run --stand-in makes them.
        String prepared = System.getProperty("synod.e2e.operatorOptions", "");
        command.addAll(prepared.isEmpty()
                ? List.of("-cp", System.getProperty("java.class.path"))
                : List.of("@" + prepared));
        command.addAll(more);
        command.add(main);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("KUBECONFIG", kubeconfig.toString());
        builder.environment().put("SYNOD_OPERATOR_NAMESPACE", namespace);
        builder.environment().put("SYNOD_OPERATOR_WATCH_NAMESPACES", namespace);
        builder.environment().put("SYNOD_OPERATOR_POD", pod);
        builder.environment().put("SYNOD_OPERATOR_SIDECAR_IMAGE", sidecarImage);
        builder.environment().put("SYNOD_OPERATOR_LEASE", lease);
        builder.environment().put("SYNOD_OPERATOR_LISTEN", "127.0.0.1:0");
        startedAtLine = lines().size();
        File output = log.toFile();
        try {
            process =
                    builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(output))
                            .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it has ended by itself; false when it has not in that time. */
    boolean awaitEnd(Duration patience) throws InterruptedException {
        Process running = process;
        return running == null || running.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Whether it has begun its work since it was started last. */
    public boolean isUp() {
        List<String> all = lines();
        return all.lastIndexOf(all.stream().filter(line -> line.contains(" is up, as ")).reduce((a, b) -> b)
                .orElse("")) >= startedAtLine;
    }

    /** Whether it runs. */
    public boolean isAlive() {
        Process running = process;
        return running != null && running.isAlive();
    }

    /** Stops it where it stands: it neither acts nor ends (SIGSTOP). */
    public void freeze() {
        signal("-STOP");
    }

    /** It goes on where it stood (SIGCONT). */
    public void thaw() {
        signal("-CONT");
    }

    private void signal(String signal) {
        long pid = Objects.requireNonNull(process, "an operator that was started").pid();
        try {
            Process kill = new ProcessBuilder("kill", signal, Long.toString(pid)).inheritIO().start();
            await(kill);
            if (kill.exitValue() != 0) {
                throw new AssertionError("kill " + signal + " " + pid + " failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Status that it ended with; empty while it runs or never did. */
    public Optional<Integer> endedWith() {
        Process running = process;
        return running == null || running.isAlive() ? Optional.empty() : Optional.of(running.exitValue());
    }

    /** Whether a line of its log has this in it. */
    public boolean said(String text) {
        return lines().stream().anyMatch(line -> line.contains(text));
    }

    /** Kills it without warning. */
    public void kill() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
            await(running);
        }
    }

    /** What it tells Prometheus. */
    public Metrics metrics() throws IOException {
        String said = lines().stream().filter(line -> line.contains(LISTENS)).toList().getLast();
        String port = said.substring(said.lastIndexOf(':') + 1).replaceAll("[^0-9]", "");
        return Metrics.at(Integer.parseInt(port));
    }

    /** From now on it may end so, and tell of it as a fault. */
    public void expectEnd(int status, String fault) {
        expectedEnd = status;
        expectedFault = fault;
    }

    /** Fails when it has ended by itself. */
    void requireAlive() {
        Process running = process;
        if (running != null && !running.isAlive() && running.exitValue() != 137
                && running.exitValue() != expectedEnd) {
            throw new AssertionError("the operator ended by itself with status " + running.exitValue()
                    + "; its log is " + log + ": " + tail(30));
        }
    }

    /**
     * Whether a line of an operator's log tells of what should not be: errors, what the API server warns
     * of.
     */
    static boolean isFault(String line) {
        return line.contains(" level=error ") || line.contains("Exception in thread")
                || line.contains("the API server warns of");
    }

    /** What it logged of faults since this was asked last. */
    List<String> faults() {
        List<String> all = lines();
        List<String> fresh = all.subList(linesTold, all.size());
        linesTold = all.size();
        return fresh.stream().filter(LocalOperator::isFault)
                .filter(line -> expectedFault.isEmpty() || !line.contains(expectedFault)).toList();
    }

    /** The end of its log. */
    public String tail(int count) {
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
