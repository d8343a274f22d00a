package dev.synod.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.e2e.kubernetes.Definition;
import dev.synod.e2e.kubernetes.Examples;
import dev.synod.e2e.kubernetes.Readme;
import dev.synod.e2e.kubernetes.Scenario;
import dev.synod.e2e.kubernetes.Terminal;
import dev.synod.e2e.kubernetes.Waiting;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * What README.md has a reader type, with the values that the chart has by itself: an operator of all
 * namespaces, which would look after the clusters of other scenarios too, and the definition as a part of the
 * release. The namespace of the run is the one that the reader's kubectl is in.
 */
@Isolated
@EnabledIfSystemProperty(named = "synod.e2e.own", matches = "true")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class DefaultInstallScenario extends Scenario {
    /** As README.md has it. */
    private static final String OPERATORS = "synod-system";
    private static final String EXAMPLE = "app-with-locks.yaml";
    private static final List<String> INSTANCES = List.of("stock-0", "stock-1", "stock-2");
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Pattern STORED = Pattern.compile("token \\d+: stored (\\d+)");

    private final List<String> commands = Readme.commands(Terminal.TREE);
    private Definition definition;
    private @Nullable Terminal terminal;

    @BeforeAll
    void goBackToTheBeginning() {
        assertThat(client().namespaces().withName(OPERATORS).get())
                .as("an installation of somebody's, in the namespace that the README calls " + OPERATORS)
                .isNull();
        stage().operator().kill();
        definition = new Definition(client());
        definition.delete();
        Runtime.getRuntime().addShutdownHook(new Thread(this::leave, "installation-end"));
        terminal = new Terminal(stage().namespace());
    }

    /** Deletes what others would notice, and does not wait. */
    private void leave() {
        client().namespaces().withName(OPERATORS).delete();
    }

    @AfterAll
    void goBackToWhereTheRunWas() {
        if (terminal == null) {
            return;
        }
        try (Terminal typed = terminal) {
            typed.type("helm uninstall synod --namespace " + OPERATORS + " --ignore-not-found --wait");
            typed.type("kubectl delete namespace " + OPERATORS + " --ignore-not-found");
            new Examples(stage()).delete(EXAMPLE);
            definition.delete();
        } finally {
            leave();
            definition.apply();
        }
    }

    @Test
    @Order(1)
    void theReadmesCommandsLeadToAnApplicationThatHoldsALock() {
        assertThat(type(commands.get(0))).contains("looks after CoordinationClusters in all namespaces");
        assertThat(definition.release()).isEqualTo("synod");
        // docs/install.md's next line. Until the API server knows the definition there is no such object.
        type("kubectl -n " + OPERATORS + " rollout status deployment/synod-operator --timeout=5m");
        long began = System.nanoTime();
        type(commands.get(1));
        type(commands.get(2));
        figure("to ready", Duration.ofNanos(System.nanoTime() - began));
        Waiting.until("a number stored by each instance", PATIENCE,
                () -> INSTANCES.stream().allMatch(pod -> stored(pod) > 0), this::log);
        assertThat(log()).doesNotContain("FAULT");
        assertThat(type("kubectl get clusterrole edit --output=yaml"))
                .as("what Kubernetes' own role may do").contains("coordinationclusters");
        assertThat(type("kubectl -n " + OPERATORS
                + " logs -l app.kubernetes.io/component=operator --tail=-1"))
                .doesNotContain(" level=error ", "the API server warns of");
    }

    @Test
    @Order(2)
    void withoutTheReleaseTheClusterAndItsDefinitionStay() {
        String made = definition.uid();
        Map<String, String> pods = pods();
        type("helm uninstall synod --namespace " + OPERATORS + " --wait");
        Map<String, Integer> before = new TreeMap<>();
        INSTANCES.forEach(pod -> before.put(pod, stored(pod)));
        Waiting.until("a greater number by each instance", PATIENCE,
                () -> INSTANCES.stream().allMatch(pod -> stored(pod) > before.getOrDefault(pod, 0)),
                this::log);
        assertThat(definition.uid()).isEqualTo(made);
        assertThat(pods()).hasSize(INSTANCES.size()).isEqualTo(pods);
    }

    private KubernetesClient client() {
        return stage().client();
    }

    private String type(String line) {
        if (terminal == null) {
            throw new IllegalStateException("there is a terminal before the first line");
        }
        return terminal.type(line);
    }

    /** The README's look at what the instances did last. */
    private String log() {
        return type(commands.get(3));
    }

    /** The greatest number that an instance stored lately, under the lock; 0 for none. */
    private int stored(String pod) {
        return log().lines().filter(line -> line.startsWith("[pod/" + pod + "/app]"))
                .map(STORED::matcher).filter(Matcher::find)
                .mapToInt(found -> Integer.parseInt(found.group(1))).max().orElse(0);
    }

    /** UIDs of the cluster's pods, by name. */
    private Map<String, String> pods() {
        Map<String, String> uids = new TreeMap<>();
        client().pods().inNamespace(stage().namespace()).withLabel("synod.dev/cluster", "stock").list()
                .getItems().forEach(pod -> uids.put(pod.getMetadata().getName(), pod.getMetadata().getUid()));
        return uids;
    }
}
