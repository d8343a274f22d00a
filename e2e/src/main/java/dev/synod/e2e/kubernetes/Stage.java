package dev.synod.e2e.kubernetes;

import dev.synod.e2e.standin.Programs;
import dev.synod.e2e.standin.StandInKubelet;
import dev.synod.e2e.workload.Workload;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What the scenarios of a class share: a Kubernetes cluster, a namespace of their own, an operator of their
 * own that looks after nothing else, and where to leave traces.
 */
public final class Stage implements AutoCloseable {
    private static final ExtensionContext.Namespace KEY = ExtensionContext.Namespace.create(Stage.class);

    private final KubernetesClient client = new KubernetesClientBuilder().build();
    private final TestNamespace namespace;
    private final Path account;
    private final LocalOperator operator;
    private final List<LocalOperator> operators = new CopyOnWriteArrayList<>();
    private final PodDoors doors;
    private final Path traces;

    private Stage(@Nullable StandInKubelet standIn) {
        traces = Path.of(System.getProperty("synod.e2e.traces", "target/e2e")).toAbsolutePath();
        try {
            Files.createDirectories(traces);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        new Definition(client).apply();
        doors = standIn == null ? new ApiServerDoors(client) : new StandInDoors(standIn);
        namespace = new TestNamespace(client);
        Runtime.getRuntime().addShutdownHook(new Thread(namespace::leave, "namespace-end"));
        account = OperatorAccount.create(client, namespace.name());
        operator = anotherOperator("local", "");
        operator.start();
        Progress.say(
                "namespace " + namespace.name() + " at " + client.getMasterUrl() + "; traces in " + traces);
    }

    /** The node of a run that has no other. */
    private static StandInKubelet standIn(String folder) {
        return StandInKubelet.start(new KubernetesClientBuilder().build(), Path.of(folder), Programs.of(
                Path.of(System.getProperty("synod.e2e.distribution", "sidecar/image/target/synod")),
                List.of(sidecarImage(), sidecarImageAgain()),
                Map.of(Workloads.IMAGE, Workload.class.getName(), Workloads.IMAGE_AGAIN,
                        Workload.class.getName())));
    }

    /** The one of a class, made when it is asked for first and closed after its last scenario. */
    static Stage of(ExtensionContext context) {
        String folder = System.getProperty("synod.e2e.standIn", "");
        StandInKubelet standIn = folder.isEmpty()
                ? null
                : context.getRoot().getStore(KEY).computeIfAbsent("stand-in", key -> standIn(folder),
                        StandInKubelet.class);
        return context.getStore(KEY).computeIfAbsent("stage", key -> new Stage(standIn), Stage.class);
    }

    /** Image of the sidecar under test. */
    public static String sidecarImage() {
        return System.getProperty("synod.e2e.sidecar", "synod/sidecar:0.1.0-SNAPSHOT");
    }

    /** The same under another name, for rolling. */
    public static String sidecarImageAgain() {
        return "synod/sidecar:again";
    }

    /** To the API server. */
    public KubernetesClient client() {
        return client;
    }

    /** Where all objects of these scenarios live. */
    public String namespace() {
        return namespace.name();
    }

    /** Of these scenarios. */
    public LocalOperator operator() {
        return operator;
    }

    /**
     * One more operator beside that one, which does not run yet.
     *
     * @param pod by which it stands for election
     * @param lease by which it does; empty for none
     */
    public LocalOperator anotherOperator(String pod, String lease) {
        LocalOperator another = new LocalOperator(account, pod, namespace.name(), sidecarImage(), lease,
                traces.resolve("operator-" + pod + "-" + namespace.name() + ".log"));
        operators.add(another);
        return another;
    }

    /** Fails when an operator has ended by itself. */
    void requireOperators() {
        operators.forEach(LocalOperator::requireAlive);
    }

    /** What operators logged of faults since this was asked last. */
    List<String> operatorFaults() {
        return operators.stream().flatMap(each -> each.faults().stream()).toList();
    }

    /** The ways into pods. */
    PodDoors doors() {
        return doors;
    }

    /** Where to leave traces. */
    public Path traces() {
        return traces;
    }

    @Override
    public void close() {
        try {
            // The operator goes last: it sees the clusters out.
            namespace.close();
        } finally {
            operators.forEach(LocalOperator::close);
        }
    }
}
