package dev.synod.e2e.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Processes of the run's own pods, as far as the node is this machine. */
public final class PodProcesses {
    private final KubernetesClient client;
    private final String namespace;
    private final PodDoors doors;

    PodProcesses(KubernetesClient client, String namespace, PodDoors doors) {
        this.client = client;
        this.namespace = namespace;
        this.doors = doors;
    }

    /**
     * Kills the process of a container without warning.
     *
     * @return false when that process does not run on this machine
     */
    public boolean kill(String pod, String container) {
        return process(pod, container).map(ProcessHandle::destroyForcibly).orElse(false);
    }

    /** What kills the process of a container later, when the API server may be away. */
    public Runnable killer(String pod, String container) {
        ProcessHandle process = process(pod, container).orElseThrow();
        return process::destroyForcibly;
    }

    private Optional<ProcessHandle> process(String pod, String container) {
        return doors.process(client.pods().inNamespace(namespace).withName(pod).require(), container);
    }

    /**
     * Runs a command in the network of a pod.
     *
     * @return false when its process does not run on this machine, or has no network of its own
     */
    public boolean inNetworkOf(String pod, String... command) {
        Optional<ProcessHandle> inside = process(pod, ClusterUnderTest.SIDECAR);
        if (inside.isEmpty() || !doors.haveNetworks()) {
            return false;
        }
        try {
            List<String> line = new ArrayList<>(
                    List.of("nsenter", "-t", Long.toString(inside.get().pid()), "-n"));
            line.addAll(List.of(command));
            Process process = new ProcessBuilder(line).inheritIO().start();
            if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new AssertionError(line + " failed: " + process);
            }
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", ended);
        }
    }
}
