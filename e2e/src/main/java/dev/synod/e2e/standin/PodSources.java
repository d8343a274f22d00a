package dev.synod.e2e.standin;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the namespace of a pod holds for its files and its environment. */
final class PodSources {
    private final KubernetesClient client;
    private final String namespace;

    PodSources(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
    }

    /** Something that a pod is made of is not there yet. */
    static final class NotYetException extends Exception {
        private static final long serialVersionUID = 1;

        NotYetException(String message) {
            super(message);
        }
    }

    /**
     * What a Secret holds.
     *
     * @param optional whether nothing is as good, where there is none
     * @throws NotYetException when there is none and it is needed
     */
    Map<String, byte[]> secret(String name, @Nullable Boolean optional) throws NotYetException {
        Secret secret = client.secrets().inNamespace(namespace).withName(name).get();
        Map<String, byte[]> data = new TreeMap<>();
        if (secret == null) {
            requireOptional("Secret " + name, optional);
        } else if (secret.getData() != null) {
            secret.getData().forEach((key, value) -> data.put(key, Base64.getDecoder().decode(value)));
        }
        return data;
    }

    /** What a ConfigMap holds; otherwise as {@link #secret}. */
    Map<String, byte[]> configMap(String name, @Nullable Boolean optional) throws NotYetException {
        ConfigMap map = client.configMaps().inNamespace(namespace).withName(name).get();
        Map<String, byte[]> data = new TreeMap<>();
        if (map == null) {
            requireOptional("ConfigMap " + name, optional);
        } else if (map.getData() != null) {
            map.getData().forEach((key, value) -> data.put(key, value.getBytes(StandardCharsets.UTF_8)));
        }
        return data;
    }

    private static void requireOptional(String what, @Nullable Boolean optional) throws NotYetException {
        if (!Boolean.TRUE.equals(optional)) {
            throw new NotYetException(what + " does not exist");
        }
    }
}
