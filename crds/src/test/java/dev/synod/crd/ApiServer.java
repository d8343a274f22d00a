package dev.synod.crd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A real API server for tests, and kubectl for it. With KUBECONFIG set it is that one's, a cluster of
 * somebody else's that is left as it is; otherwise {@code e2e/cluster} brings one up for all tests of this
 * JVM, on free ports of 127.0.0.1, and takes it down when they are through. Tests that use it are tagged
 * {@code apiserver}.
 *
 * <p>Thread-safe.
 */
public final class ApiServer implements BeforeAllCallback {
    private static final long SECONDS_MAX = 900;

    private @Nullable Server server;

    /** What kubectl answered. */
    public record Answer(int code, String out, String err) {}

    @Override
    public void beforeAll(ExtensionContext context) {
        server = context.getRoot().getStore(ExtensionContext.Namespace.create(ApiServer.class))
                .computeIfAbsent(Server.class, key -> Server.start(), Server.class);
    }

    private Server server() {
        return Objects.requireNonNull(server, "a test registers this with @RegisterExtension, statically");
    }

    /** The administrator's. */
    public Path kubeconfig() {
        return Path.of(Objects.requireNonNull(server().environment.get("KUBECONFIG")));
    }

    /** Runs kubectl; a refusal is an answer too. */
    public Answer kubectl(String stdin, String... arguments) {
        List<String> command = new ArrayList<>(List.of("kubectl"));
        command.addAll(List.of(arguments));
        // The path is looked at by this process when it starts another, so a shell looks at the right one.
        command.addAll(0, List.of("sh", "-c", "exec \"$@\"", "sh"));
        return run(server().environment, stdin, command);
    }

    /** Runs kubectl, which must succeed, and gives what it printed. */
    public String kubectlSucceeds(String stdin, String... arguments) {
        Answer answer = kubectl(stdin, arguments);
        if (answer.code != 0) {
            throw new AssertionError(
                    "kubectl " + String.join(" ", arguments) + " ended with " + answer.code + ": "
                            + answer.err);
        }
        return answer.out;
    }

    private record Server(Map<String, String> environment, @Nullable Path home) implements AutoCloseable {
        static Server start() {
            String given = System.getenv("KUBECONFIG");
            if (given != null && !given.isEmpty()) {
                return new Server(Map.of("KUBECONFIG", given), null);
            }
            Path home = temporary("synod-api");
            Map<String, String> environment = Map.of("SYNOD_E2E_HOME", home.toString());
            Server server = new Server(
                    Map.of("SYNOD_E2E_HOME", home.toString(), "KUBECONFIG", home + "/kubeconfig/admin",
                            "PATH", path(environment)),
                    home);
            Answer up = run(environment, "", List.of(script(), "up", "--tier", "apiserver"));
            if (up.code != 0) {
                server.close();
                throw new IllegalStateException("e2e/cluster up failed: " + up.err);
            }
            return server;
        }

        /** With kubectl first. */
        private static String path(Map<String, String> environment) {
            return run(environment, "",
                    List.of("bash", "-c", "eval \"$(\"$0\" env)\" && printf %s \"$PATH\"", script())).out;
        }

        private static String script() {
            return Path.of(Objects.requireNonNull(System.getProperty("synod.tree")), "e2e", "cluster")
                    .toString();
        }

        @Override
        public void close() {
            if (home != null) {
                Answer down = run(environment, "", List.of(script(), "down", "--purge"));
                if (down.code != 0) {
                    throw new IllegalStateException("e2e/cluster down failed: " + down.err);
                }
            }
        }
    }

    private static Path temporary(String prefix) {
        try {
            return Files.createTempDirectory(prefix);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Answer run(Map<String, String> environment, String stdin, List<String> command) {
        try {
            // Files rather than pipes: what the command leaves running must not keep this waiting.
            Path in = Files.createTempFile("synod-in", "");
            Path out = Files.createTempFile("synod-out", "");
            Path err = Files.createTempFile("synod-err", "");
            try {
                Files.writeString(in, stdin);
                ProcessBuilder builder = new ProcessBuilder(command).redirectInput(in.toFile())
                        .redirectOutput(out.toFile()).redirectError(err.toFile());
                builder.environment().putAll(environment);
                Process process = builder.start();
                if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new IllegalStateException("not done within " + SECONDS_MAX + " s: " + command);
                }
                return new Answer(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8),
                        Files.readString(err, StandardCharsets.UTF_8));
            } finally {
                Files.delete(in);
                Files.delete(out);
                Files.delete(err);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + command, e);
        }
    }
}
