package dev.synod.e2e.kubernetes;

import dev.synod.e2e.judge.History;
import dev.synod.e2e.workload.Workload;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Follows what the workload's containers write. A log goes with its pod, so it is read while the pod
 * lives; whatever comes twice is left out by the history.
 */
final class PodLogs implements AutoCloseable {
    private static final long AGAIN_MILLIS = 200;

    private final KubernetesClient client;
    private final PodDoors doors;
    private final String namespace;
    private final String container;
    private final History history;
    private final Set<String> followed = ConcurrentHashMap.newKeySet();
    private final Map<String, String> ready = new ConcurrentHashMap<>();
    private final Set<String> heard = ConcurrentHashMap.newKeySet();
    private final Set<String> excused = ConcurrentHashMap.newKeySet();
    /** Pods whose one and only start of the workload was ended before it began. */
    private final Set<String> neverBegun = ConcurrentHashMap.newKeySet();
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    PodLogs(KubernetesClient client, PodDoors doors, String namespace, String container, History history) {
        this.client = client;
        this.doors = doors;
        this.namespace = namespace;
        this.container = container;
        this.history = history;
    }

    /** Follows a pod until it is gone, if it has the container; once, however often it is called. */
    void follow(Pod pod) {
        String uid = pod.getMetadata().getUid();
        String name = pod.getMetadata().getName();
        if (pod.getSpec().getContainers().stream().noneMatch(each -> each.getName().equals(container))) {
            return;
        }
        if (PodView.isReady(pod)) {
            ready.put(uid, name);
        }
        if (PodView.status(pod, container).filter(status -> status.getRestartCount() == 0)
                .map(ContainerStatus::getState).map(ContainerState::getTerminated)
                .filter(end -> end.getExitCode() == Workload.NEVER_BEGUN).isPresent()) {
            neverBegun.add(uid);
        }
        if (followed.add(uid)) {
            Thread.ofPlatform().daemon().name("log-of-" + name).start(() -> followOrTell(name, uid));
        }
    }

    /** The scenario deletes this pod without giving it time: what it writes may go unread. */
    void excuse(String uid) {
        excused.add(uid);
    }

    /** Pods that were ready and of which no run was heard, and followers that ended by a fault. */
    List<String> missing() {
        List<String> missing = new ArrayList<>(faults);
        ready.forEach((uid, name) -> {
            if (!heard.contains(uid) && !excused.contains(uid) && !neverBegun.contains(uid)) {
                missing.add(
                        "no run of the workload was heard from " + name + " (" + uid + "), which was ready");
            }
        });
        return missing;
    }

    /** Pods of which not one run was heard, though there may have been one. */
    int unheard() {
        return (int) followed.stream().filter(uid -> !heard.contains(uid) && !neverBegun.contains(uid))
                .count();
    }

    /** A fault of a follower is told of: with it, part of the history would be missing in silence. */
    private void followOrTell(String name, String uid) {
        try {
            follow(name, uid);
        } catch (RuntimeException | Error fault) {
            faults.add("the follower of the log of " + name + " ended by " + fault);
            throw fault;
        }
    }

    private void add(String uid, String line) {
        if (history.add(line)) {
            heard.add(uid);
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
                if (!before.isEmpty() && !now.equals(before)) {
                    doors.logBefore(pod, container).lines().forEach(line -> add(uid, line));
                }
                if (!now.isEmpty()) {
                    read(pod, uid);
                    before = now;
                }
            } catch (KubernetesClientException | IOException passing) {
                // The API server or the pod is away; the next look tells.
            }
            pause();
        }
    }

    private void read(Pod pod, String uid) throws IOException {
        Optional<InputStream> log = doors.log(pod, container);
        if (log.isEmpty()) {
            return;
        }
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(log.get(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null && !closed; line = lines.readLine()) {
                add(uid, line);
            }
        }
    }

    /** Which start of the container there is a log of; empty before the first. */
    private String begun(Pod pod) {
        return PodView.status(pod, container)
                .filter(status -> status.getState() != null && (status.getState().getRunning() != null
                        || status.getState().getTerminated() != null))
                .map(ContainerStatus::getContainerID).orElse("");
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
