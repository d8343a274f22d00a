package dev.synod.e2e.local;

import dev.synod.cli.Main;
import dev.synod.e2e.judge.History;
import dev.synod.e2e.workload.Workload;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The local mode in a process of its own, and workloads beside its members. */
final class LocalProcesses implements AutoCloseable {
    private static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final Pattern ENDPOINT = Pattern.compile("applications at (127\\.0\\.0\\.1:[0-9]+)");
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Process dev;
    private final List<String> endpoints = new CopyOnWriteArrayList<>();
    private final List<String> said = new CopyOnWriteArrayList<>();
    private final List<Process> workloads = new ArrayList<>();
    private final List<Thread> readers = new ArrayList<>();

    LocalProcesses(Path folder, int voters) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("cluster.yaml"), """
                apiVersion: synod.dev/v1alpha1
                kind: CoordinationCluster
                metadata: {name: local}
                spec: {voters: {replicas: %d}}
                """.formatted(voters));
        dev = new ProcessBuilder(JAVA, "-cp", System.getProperty("java.class.path"), Main.class.getName(),
                "dev", "-f", file.toString(), "--keep-data", folder.resolve("data").toString(), "--quiet")
                .redirectErrorStream(true).start();
        readers.add(read(dev, line -> {
            said.add(line);
            Matcher endpoint = ENDPOINT.matcher(line);
            if (endpoint.find()) {
                endpoints.add(endpoint.group(1));
            }
        }));
        await("the members", () -> endpoints.size() == voters);
    }

    List<String> endpoints() {
        return endpoints;
    }

    /** Starts a workload beside a member; its lines go to the history. */
    Process workload(String name, String endpoint, History history, List<String> lines) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(JAVA, "-XX:+UseSerialGC", "-Xmx64m",
                "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow", "-cp", System.getProperty("java.class.path"),
                Workload.class.getName());
        builder.environment().put("SYNOD_ENDPOINT", endpoint);
        builder.environment().put("POD_NAME", name);
        Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        workloads.add(process);
        readers.add(read(process, line -> {
            lines.add(line);
            history.add(line);
        }));
        return process;
    }

    private interface Lines {
        void heard(String line);
    }

    private static Thread read(Process process, Lines lines) {
        return Thread.ofPlatform().daemon().name("lines-of-" + process.pid()).start(() -> {
            try (BufferedReader reader = process.inputReader()) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    lines.heard(line);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Kills the process of a member; the local mode starts it again. */
    void kill(int member) {
        ProcessHandle process = member(member);
        process.destroyForcibly();
    }

    private ProcessHandle member(int member) {
        return dev.children()
                .filter(child -> commandLine(child).contains("\0member-" + member + "\0"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no process of member-" + member));
    }

    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"));
        } catch (IOException gone) {
            return "";
        }
    }

    void await(String what, BooleanSupplier condition) throws InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - until > 0 || !dev.isAlive()) {
                throw new AssertionError(what + " did not come in " + PATIENCE + "; the local mode said "
                        + String.join("\n", said));
            }
            Thread.sleep(20);
        }
    }

    /** Asks the workloads to end, and waits until all that they said is read. */
    void endWorkloads() throws InterruptedException {
        List<Process> alive = workloads.stream().filter(Process::isAlive).toList();
        alive.forEach(process -> process.toHandle().destroy()); // which leaves its output open
        for (Process process : alive) {
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new AssertionError("a workload did not end in order: " + process);
            }
        }
        for (Thread reader : readers.subList(1, readers.size())) {
            reader.join(PATIENCE.toMillis());
            if (reader.isAlive()) {
                throw new AssertionError(reader.getName() + " were not read to their end in " + PATIENCE);
            }
        }
    }

    @Override
    public void close() {
        workloads.forEach(process -> process.toHandle().destroyForcibly());
        dev.toHandle().destroy(); // which leaves its output open
        try {
            dev.toHandle().onExit().get(60, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException stays) {
            dev.descendants().forEach(ProcessHandle::destroyForcibly);
            dev.toHandle().destroyForcibly();
            throw new AssertionError("the local mode does not end", stays);
        }
    }
}
