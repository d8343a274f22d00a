package dev.synod.operator.act;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Server-side apply, of what differs alone. An object differs when what is wanted of it has changed since it
 * was applied, which its annotation tells, or when a field is not as wanted, whoever changed it. Without the
 * annotation a field that is not wanted any more would stay for ever.
 *
 * <p>The API server writes nothing when it is given what it has; so an object that is taken to differ and
 * does not costs a request and wakes nobody.
 */
public final class Applier {
    /** Who owns the fields that the operator sets. */
    public static final String FIELD_MANAGER = "synod-operator";
    /** Hash of what was last applied. */
    static final String APPLIED = "synod.dev/applied";

    private static final Logger LOG = LoggerFactory.getLogger(Applier.class);
    private static final ObjectMapper CANONICAL = JsonMapper.builder()
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

    private final KubernetesClient client;

    /** With the client of the process. */
    public Applier(KubernetesClient client) {
        this.client = client;
    }

    /**
     * Brings an object to what it is to be.
     *
     * @param live as it was read; null when it does not exist
     * @param wanted which is changed: it gets the annotation
     * @param locked whether nothing may have changed since it was read
     * @return whether anything was written
     */
    public boolean apply(@Nullable HasMetadata live, HasMetadata wanted, boolean locked) {
        Map<String, String> annotations =
                new LinkedHashMap<>(
                        Objects.requireNonNullElse(wanted.getMetadata().getAnnotations(), Map.of()));
        annotations.put(APPLIED, hash(wanted));
        wanted.getMetadata().setAnnotations(annotations);
        if (live != null) {
            String difference = Difference.first(tree(wanted), tree(live));
            if (difference.isEmpty()) {
                return false;
            }
            LOG.info("{}/{}: {} {} is applied: {} differs", wanted.getMetadata().getNamespace(),
                    wanted.getMetadata().getLabels().getOrDefault("synod.dev/cluster", ""), wanted.getKind(),
                    wanted.getMetadata().getName(), difference.substring(1));
            if (locked) {
                wanted.getMetadata().setResourceVersion(live.getMetadata().getResourceVersion());
            }
        }
        client.resource(wanted).fieldManager(FIELD_MANAGER).forceConflicts().serverSideApply();
        return true;
    }

    private static JsonNode tree(HasMetadata object) {
        return CANONICAL.valueToTree(object);
    }

    private static String hash(HasMetadata wanted) {
        JsonNode tree = tree(wanted);
        if (tree.path("spec") instanceof ObjectNode spec) {
            // Of a StatefulSet: they cannot be changed, and are given back with what the API server filled
            // in.
            spec.remove("volumeClaimTemplates");
        }
        try {
            byte[] text = CANONICAL.writeValueAsString(tree).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text), 0, 8);
        } catch (JsonProcessingException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("an object cannot be hashed", e);
        }
    }
}
