package dev.synod.e2e.kubernetes;

import dev.synod.e2e.judge.History;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.ContainerResource;
import io.fabric8.kubernetes.client.dsl.LogWatch;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Follows what the workload's containers write. A log goes with its pod, so it is read while the pod
 * lives; whatever comes twice is left out by the history.
 */
final class PodLogs implements AutoCloseable {
    private static final long AGAIN_MILLIS = 200;

    private final KubernetesClient client;
    private final String namespace;
    private final String container;
    private final History history;
    private final Set<String> followed = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    PodLogs(KubernetesClient client, String namespace, String container, History history) {
        this.client = client;
        this.namespace = namespace;
        this.container = container;
        this.history = history;
    }

    /** Follows a pod until it is gone; a second call for the same one does nothing. */
    void follow(Pod pod) {
        String uid = pod.getMetadata().getUid();
        String name = pod.getMetadata().getName();
        if (followed.add(uid)) {
            Thread.ofPlatform().daemon().name("log-of-" + name).start(() -> follow(name, uid));
        }
    }

    private void follow(String name, String uid) {
        String before = "";
        while (!closed) {
            try {
                Pod pod = client.pods().inNamespace(namespace).withName(name).get();
                if (pod == null || !pod.getMetadata().getUid().equals(uid)) {
                    return;
                }
                String now = begun(pod);
                ContainerResource resource =
                        client.pods().inNamespace(namespace).withName(name).inContainer(container);
                if (!before.isEmpty() && !now.equals(before)) {
                    resource.terminated().getLog().lines().forEach(history::add);
                }
                if (!now.isEmpty()) {
                    read(resource);
                    before = now;
                }
            } catch (KubernetesClientException | IOException passing) {
                // The API server or the pod is away; the next look tells.
            }
            pause();
        }
    }

    private void read(ContainerResource resource) throws IOException {
        try (LogWatch watch = resource.watchLog();
                BufferedReader lines = new BufferedReader(
                        new InputStreamReader(watch.getOutput(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null && !closed; line = lines.readLine()) {
                history.add(line);
            }
        }
    }

    /** Which start of the container there is a log of; empty before the first. */
    private String begun(Pod pod) {
        if (pod.getStatus() == null) {
            return "";
        }
        for (ContainerStatus status : pod.getStatus().getContainerStatuses()) {
            boolean hasBegun = status.getState() != null
                    && (status.getState().getRunning() != null || status.getState().getTerminated() != null);
            if (status.getName().equals(container) && hasBegun && status.getContainerID() != null) {
                return status.getContainerID();
            }
        }
        return "";
    }

    private static void pause() {
        try {
            Thread.sleep(AGAIN_MILLIS);
        } catch (InterruptedException never) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
