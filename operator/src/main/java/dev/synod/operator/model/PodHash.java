package dev.synod.operator.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Says whether a pod was made from the template that there is now. By what the operator asked for and not by
 * what the
 * API server made of it; the same on every machine and in every release that asks for the same.
 */
public final class PodHash {
    /** On pods: the hash of what they were made from. */
    public static final String ANNOTATION = "synod.dev/pod-hash";

    private static final ObjectMapper CANONICAL = JsonMapper.builder()
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

    private PodHash() {}

    /**
     * Of a template, images of the application's containers left out: those can be changed in a running pod.
     */
    static String of(PodTemplateSpec template) {
        PodTemplateSpec bare = new PodTemplateSpecBuilder(template).build();
        for (Container container : bare.getSpec().getContainers()) {
            if (!container.getName().equals(SidecarContainer.NAME)) {
                container.setImage("");
            }
        }
        try {
            byte[] text = CANONICAL.writeValueAsString(bare).getBytes(StandardCharsets.UTF_8);
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text);
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (JsonProcessingException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("a pod template cannot be hashed", e);
        }
    }
}
