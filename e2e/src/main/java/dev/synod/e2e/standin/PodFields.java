package dev.synod.e2e.standin;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The fields that a pod may tell its containers: the downward API. */
final class PodFields {
    private static final Pattern ENTRY = Pattern.compile("metadata\\.(labels|annotations)\\['([^']+)']");

    private PodFields() {}

    /**
     * The value of a field.
     *
     * @param address of the pod, which its status may not have yet
     * @throws IllegalArgumentException for a field that there is not
     */
    static String value(Pod pod, String path, String address) {
        Matcher entry = ENTRY.matcher(path);
        if (entry.matches()) {
            Map<String, String> all = entry.group(1).equals("labels")
                    ? pod.getMetadata().getLabels()
                    : pod.getMetadata().getAnnotations();
            return all == null ? "" : all.getOrDefault(entry.group(2), "");
        }
        return switch (path) {
            case "metadata.name" -> pod.getMetadata().getName();
            case "metadata.namespace" -> pod.getMetadata().getNamespace();
            case "metadata.uid" -> pod.getMetadata().getUid();
            case "metadata.labels" -> lines(pod.getMetadata().getLabels());
            case "metadata.annotations" -> lines(pod.getMetadata().getAnnotations());
            case "spec.nodeName" -> pod.getSpec().getNodeName();
            case "spec.serviceAccountName" -> pod.getSpec().getServiceAccountName();
            case "status.hostIP" -> StandInKubelet.HOST;
            case "status.podIP", "status.podIPs" -> address;
            default -> throw new IllegalArgumentException("there is no field " + path + " for containers");
        };
    }

    private static String lines(@Nullable Map<String, String> all) {
        StringBuilder text = new StringBuilder();
        if (all != null) {
            all.forEach((name, value) -> text.append(name).append("=\"").append(value).append("\"\n"));
        }
        return text.toString();
    }
}
