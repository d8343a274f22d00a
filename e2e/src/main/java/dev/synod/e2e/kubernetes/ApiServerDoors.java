package dev.synod.e2e.kubernetes;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.LocalPortForward;
import io.fabric8.kubernetes.client.dsl.ContainerResource;
import io.fabric8.kubernetes.client.dsl.LogWatch;
import io.fabric8.kubernetes.client.dsl.PodResource;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** The ways that a kubelet offers by the API server; processes as far as the node is this machine. */
final class ApiServerDoors implements PodDoors {
    private final KubernetesClient client;

    ApiServerDoors(KubernetesClient client) {
        this.client = client;
    }

    private record Forwarded(LocalPortForward forward) implements Way {
        @Override
        public String host() {
            return "127.0.0.1";
        }

        @Override
        public int port() {
            return forward.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            forward.close();
        }
    }

    private PodResource resource(Pod pod) {
        return client.pods().inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName());
    }

    @Override
    public Way open(Pod pod, int port) {
        return new Forwarded(resource(pod).portForward(port));
    }

    @Override
    public boolean haveNetworks() {
        return true;
    }

    @Override
    public Optional<ProcessHandle> process(Pod pod, String container) {
        String id = containerId(resource(pod).require(), container);
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            // Of all that run in the container, the first one is its own.
            return all.filter(process -> isIn(process, id)).min(Comparator.comparingLong(ProcessHandle::pid));
        }
    }

    private static String containerId(Pod pod, String container) {
        return PodView.status(pod, container).map(ContainerStatus::getContainerID)
                .map(id -> id.replaceFirst(".*//", "")).orElseThrow();
    }

    private static boolean isIn(ProcessHandle process, String container) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cgroup")).contains(container);
        } catch (IOException gone) {
            return false;
        }
    }

    @Override
    public Optional<InputStream> log(Pod pod, String container) {
        LogWatch watch = resource(pod).inContainer(container).watchLog();
        return Optional.of(new FilterInputStream(watch.getOutput()) {
            @Override
            public void close() {
                watch.close();
            }
        });
    }

    @Override
    public String logBefore(Pod pod, String container) {
        ContainerResource resource = resource(pod).inContainer(container);
        return resource.terminated().getLog();
    }
}
