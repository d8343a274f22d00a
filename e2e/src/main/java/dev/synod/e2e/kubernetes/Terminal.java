package dev.synod.e2e.kubernetes;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A reader's terminal: a shell in the tree's folder that has kubectl and helm, with a namespace for what
 * names none. It leaves nothing in the home of who runs it.
 */
public final class Terminal implements AutoCloseable {
    /** The tree. */
    public static final Path TREE = Path.of(System.getProperty("synod.e2e.tree", ".")).toAbsolutePath();

    private final Path home;

    /** In that namespace of the cluster of KUBECONFIG. */
    public Terminal(String namespace) {
        try {
            home = Files.createTempDirectory("synod-terminal-"); // mode 700
            Files.copy(Path.of(Objects.requireNonNull(System.getenv("KUBECONFIG"))),
                    home.resolve("kubeconfig"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        type("kubectl config set-context --current --namespace=" + namespace);
    }

    /**
     * Types a line, and waits for its end.
     *
     * @return what it wrote to standard output
     * @throws AssertionError when it ends with another status than 0
     */
    public String type(String line) {
        Ran ran = run(line);
        if (ran.status() != 0) {
            Ran there = run("kubectl get coordinationclusters,pods --all-namespaces --output=wide");
            throw new AssertionError("'" + line + "' ended with status " + ran.status() + ": " + ran.out()
                    + ran.err() + "\nThere is\n" + there.out() + there.err());
        }
        return ran.out();
    }

    private Ran run(String line) {
        ProcessBuilder shell = new ProcessBuilder("bash", "-c", line).directory(TREE.toFile());
        Map<String, String> environment = shell.environment();
        environment.put("KUBECONFIG", home.resolve("kubeconfig").toString());
        environment.put("KUBECACHEDIR", home.resolve("kubectl").toString());
        environment.put("HELM_CACHE_HOME", home.toString());
        environment.put("HELM_CONFIG_HOME", home.toString());
        environment.put("HELM_DATA_HOME", home.toString());
        Path helm = Path.of(System.getProperty("synod.e2e.helm", "helm")).getParent();
        if (helm != null) {
            environment.merge("PATH", helm.toString(), (path, first) -> first + File.pathSeparator + path);
        }
        return Ran.of(shell, home);
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
