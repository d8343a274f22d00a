package dev.synod.e2e.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The chart as a release in a namespace of its own, whose operator looks after the namespace of the run. All
 * that it makes lies in these two namespaces.
 */
public final class HelmRelease implements AutoCloseable {
    private static final Path CHART =
            Path.of(System.getProperty("synod.e2e.tree", "."), "charts", "synod").toAbsolutePath();
    private static final String NAME = "synod";
    /** Both the Deployment and the Lease are called so. */
    private static final String OPERATOR = "synod-operator";
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final KubernetesClient client;
    private final TestNamespace namespace;
    private final Path home;
    private final List<String> values;

    /** In a new namespace of the level restricted; {@link #run} installs it. */
    public HelmRelease(Stage stage) {
        client = stage.client();
        namespace = new TestNamespace(client);
        Runtime.getRuntime().addShutdownHook(new Thread(namespace::leave, "release-end"));
        try {
            home = Files.createTempDirectory("synod-helm-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // The definition and the roles for people belong to no namespace, and others use them.
        // An upgrade needs room for a third pod.
        values = List.of("crds.create=false", "rbac.aggregate=false", "resources.requests.cpu=20m",
                "watch.namespaces={" + stage.namespace() + "}",
                "image.tag=" + tag(System.getProperty("synod.e2e.operatorImage",
                        "synod/operator:0.1.0-SNAPSHOT")));
    }

    /** Tag of an image. */
    public static String tag(String image) {
        return image.substring(image.lastIndexOf(':') + 1);
    }

    /** The chart of this tree. */
    public static Path chart() {
        return CHART;
    }

    /** A copy of the chart that calls itself another version. */
    public Path chartOfVersion(String version) {
        Path copy = home.resolve("chart-" + version);
        try (Stream<Path> files = Files.walk(CHART)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(CHART.relativize(file)));
            }
            Path about = copy.resolve("Chart.yaml");
            Files.writeString(about, Files.readString(about)
                    .replaceAll("(?m)^(version|appVersion): .*$", "$1: " + version));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return copy;
    }

    /**
     * Installs or upgrades, and waits until all pods of the operator are ready.
     *
     * @param verb {@code install} or {@code upgrade}
     * @param more values, as {@code --set} takes them
     */
    public Ran apply(String verb, Path chart, String... more) {
        return apply(verb, chart, List.of(), more);
    }

    /** The same, with options of helm's. */
    public Ran apply(String verb, Path chart, List<String> options, String... more) {
        List<String> arguments =
                new ArrayList<>(List.of(verb, NAME, chart.toString(), "--wait", "--timeout=5m"));
        arguments.addAll(options);
        Ran ran = run(withValues(arguments, more));
        if (ran.status() != 0) {
            throw new AssertionError(
                    "helm " + verb + " ended with status " + ran.status() + ": " + ran.err());
        }
        return ran;
    }

    /** What an installation with these values would come to; nothing is stored. */
    public Ran tryInstall(List<String> options, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("install", "tried", CHART.toString(), "--dry-run=server"));
        arguments.addAll(options);
        return run(withValues(arguments, more));
    }

    private List<String> withValues(List<String> arguments, String... more) {
        List<String> all = new ArrayList<>(arguments);
        values.forEach(value -> all.addAll(List.of("--set", value)));
        List.of(more).forEach(value -> all.addAll(List.of("--set", value)));
        return all;
    }

    /** Takes it away, and waits until its pods are gone. */
    public void uninstall() {
        Ran ran = run(List.of("uninstall", NAME, "--wait", "--timeout=5m"));
        if (ran.status() != 0) {
            throw new AssertionError("helm uninstall ended with status " + ran.status() + ": " + ran.err());
        }
        Waiting.until("the end of the operator's pods", PATIENCE, () -> pods().isEmpty(),
                () -> pods().size() + " left");
    }

    private Ran run(List<String> arguments) {
        List<String> line = new ArrayList<>(List.of(System.getProperty("synod.e2e.helm", "helm")));
        line.addAll(arguments);
        line.addAll(List.of("--namespace", namespace.name()));
        ProcessBuilder builder = new ProcessBuilder(line);
        for (String kind : List.of("CACHE", "CONFIG", "DATA")) {
            builder.environment().put("HELM_" + kind + "_HOME", home.toString());
        }
        return Ran.of(builder, home);
    }

    /** Pods of the operator. */
    public List<Pod> pods() {
        return client.pods().inNamespace(namespace.name())
                .withLabel("app.kubernetes.io/component", "operator").list().getItems();
    }

    /** The pod of the operator that works, by the Lease; empty when there is none. */
    public String holder() {
        var lease = client.leases().inNamespace(namespace.name()).withName(OPERATOR).get();
        String holder = lease == null ? null : lease.getSpec().getHolderIdentity();
        return holder == null ? "" : holder;
    }

    /** Waits until a pod works that is there and is not that one. */
    public Duration awaitHolderOtherThan(String before) {
        return Waiting.until("another operator", PATIENCE, () -> !holder().equals(before)
                && pods().stream().anyMatch(pod -> pod.getMetadata().getName().equals(holder())),
                () -> "the Lease is held by '" + holder() + "'");
    }

    /**
     * Deletes a pod of the operator: at once, as when its machine is gone, or so that it can say good-bye.
     */
    public void deletePod(String pod, boolean atOnce) {
        var resource = client.pods().inNamespace(namespace.name()).withName(pod);
        if (atOnce) {
            resource.withGracePeriod(0).delete();
        } else {
            resource.delete();
        }
    }

    /** What the pods that are there now logged of faults. */
    public List<String> faults() {
        return pods().stream().flatMap(pod -> client.pods().inNamespace(namespace.name())
                .withName(pod.getMetadata().getName()).getLog().lines())
                .filter(LocalOperator::isFault)
                .toList();
    }

    @Override
    public void close() {
        namespace.close();
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
