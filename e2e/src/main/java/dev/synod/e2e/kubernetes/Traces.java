package dev.synod.e2e.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What to look at after a failure: the object, pods, members' logs, events. */
final class Traces {
    private Traces() {}

    static void leave(ClusterUnderTest cluster, KubernetesClient client, String namespace, Path folder)
            throws IOException {
        Files.createDirectories(folder);
        write(folder.resolve("cluster.yaml"), cluster.resource().get());
        for (Pod pod : cluster.pods()) {
            String podName = pod.getMetadata().getName();
            write(folder.resolve(podName + ".yaml"), pod);
            Files.writeString(folder.resolve(podName + ".log"), sidecarLog(client, namespace, podName));
        }
        List<String> events = new ArrayList<>();
        client.v1().events().inNamespace(namespace).list().getItems().forEach(event -> events.add(
                event.getLastTimestamp() + " " + event.getInvolvedObject().getName() + " "
                        + event.getReason() + ": " + event.getMessage()));
        Files.write(folder.resolve("events"), events);
    }

    private static String sidecarLog(KubernetesClient client, String namespace, String pod) {
        try {
            return client.pods().inNamespace(namespace).withName(pod).inContainer(ClusterUnderTest.SIDECAR)
                    .getLog();
        } catch (RuntimeException gone) {
            return "no log: " + gone;
        }
    }

    private static void write(Path file, @Nullable HasMetadata object) throws IOException {
        if (object != null) {
            Files.writeString(file, Serialization.asYaml(object));
        }
    }
}
