package dev.synod.e2e.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Processes of the run's own pods, as far as the node is this machine. */
public final class PodProcesses {
    private final KubernetesClient client;
    private final String namespace;

    PodProcesses(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
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
        String id = containerId(pod, container);
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            // Of all that run in the container, the first one is its own.
            return all.filter(process -> isIn(process, id)).min(Comparator.comparingLong(ProcessHandle::pid));
        }
    }

    private String containerId(String pod, String container) {
        Pod now = client.pods().inNamespace(namespace).withName(pod).require();
        return Stream.concat(now.getStatus().getInitContainerStatuses().stream(),
                now.getStatus().getContainerStatuses().stream())
                .filter(status -> status.getName().equals(container))
                .map(status -> status.getContainerID().replaceFirst(".*//", ""))
                .findFirst().orElseThrow();
    }

    private static boolean isIn(ProcessHandle process, String container) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cgroup")).contains(container);
        } catch (IOException gone) {
            return false;
        }
    }

    /**
     * Runs a command in the network of a pod.
     *
     * @return false when its process does not run on this machine
     */
    public boolean inNetworkOf(String pod, String... command) {
        Optional<ProcessHandle> inside = process(pod, ClusterUnderTest.SIDECAR);
        if (inside.isEmpty()) {
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
