package dev.synod.cli.dev;

import dev.synod.cli.CommandException;
import dev.synod.cli.ExitStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Members as pods of a Kubernetes cluster, asked and killed by kubectl. Applications come through agents in
 * pods of their own, whose loopback ports are forwarded here.
 */
final class PodStage implements Stage {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final List<String> kubectl;
    private final String cluster;
    private final List<String> endpoints;
    private final Duration startup;
    private String killed = "";

    /**
     * A cluster that serves already.
     *
     * @param kubectl the program
     * @param namespace of the cluster
     * @param cluster name of the CoordinationCluster
     * @param endpoints forwarded from agents
     * @param startup from making the cluster until it was ready
     */
    PodStage(String kubectl, String namespace, String cluster, List<String> endpoints, Duration startup) {
        this.kubectl = List.of(kubectl, "--namespace", namespace);
        this.cluster = cluster;
        this.endpoints = List.copyOf(endpoints);
        this.startup = startup;
    }

    /** What kubectl prints; it has to succeed. */
    private String kubectl(String... arguments) {
        List<String> command = new ArrayList<>(kubectl);
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.waitFor() != 0) {
                throw new CommandException(ExitStatus.UNAVAILABLE, String.join(" ", command) + ": " + text);
            }
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException(ExitStatus.UNAVAILABLE, "interrupted", e);
        }
    }

    private String field(String object, String path) {
        return kubectl("get", object, "--ignore-not-found", "-o", "jsonpath={" + path + "}");
    }

    @Override
    public String title() {
        return "Three members, each in a pod with a volume of its own";
    }

    @Override
    public Duration start(Figures figures, Report report) {
        String each = "range .status.members[*]}{.name}{\"  member \"}{.id}{\"  \"}{.health}{\"\\n\"}{end";
        for (String line : field("coordinationcluster/" + cluster, each).lines().toList()) {
            report.say("%s", line);
        }
        return startup;
    }

    @Override
    public List<String> endpoints() {
        return endpoints;
    }

    @Override
    public @Nullable String leader() {
        String leader = field("coordinationcluster/" + cluster, ".status.leader");
        return leader.isEmpty() ? null : leader;
    }

    @Override
    public String weapon(String pod) {
        return "its pod is deleted, with a second to end";
    }

    /** A forced deletion would let the next pod begin on the volume while this one still runs. */
    @Override
    public void kill(String pod) {
        killed = field("pod/" + pod, ".metadata.uid");
        kubectl("delete", "pod", pod, "--grace-period=1", "--wait=false");
    }

    @Override
    public void bringBack(String pod) throws InterruptedException {
        String ready = ".status.conditions[?(@.type==\"Ready\")].status";
        String health = ".status.members[?(@.name==\"" + pod + "\")].health";
        await(pod + " to be there again and to catch up", PATIENCE,
                () -> !field("pod/" + pod, ".metadata.uid").equals(killed)
                        && field("pod/" + pod, ready).equals("True")
                        && field("coordinationcluster/" + cluster, health).equals("Healthy"));
    }

    @Override
    public List<Figures.Footprint> footprints() {
        return List.of();
    }

    /** The administration's port is the operator's. */
    @Override
    public boolean comparesStates() {
        return false;
    }

    @Override
    public List<Digest> digests() {
        return List.of();
    }

    @Override
    public String whereLogsAre() {
        return String.join(" ", kubectl) + " logs -l synod.dev/cluster=" + cluster + " -c synod";
    }
}
