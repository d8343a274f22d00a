package dev.synod.operator.observe;

import dev.synod.crd.Annotations;
import dev.synod.crd.CoordinationCluster;
import dev.synod.crd.CoordinationClusterSpec;
import dev.synod.crd.Storage;
import dev.synod.operator.model.Blueprint;
import dev.synod.operator.plan.Desired;
import dev.synod.operator.plan.PodSet;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a cluster's object asks for. */
public final class Wishes {
    private Wishes() {}

    /**
     * Reads spec and annotations.
     *
     * @throws IllegalArgumentException naming the annotation, its value and what is allowed; the API server
     *     checks no
     *     annotations
     */
    public static Desired of(CoordinationCluster cluster, Blueprint blueprint) {
        CoordinationClusterSpec spec = cluster.getSpec();
        Map<String, String> annotations = cluster.getMetadata().getAnnotations() == null
                ? Map.of()
                : cluster.getMetadata().getAnnotations();
        return new Desired(spec.voters().replicas(), spec.observers().replicas(),
                bytes(Quantity.parse(spec.storage().size())),
                spec.storage().existing() == Storage.Existing.Adopt, blueprint.podHash(PodSet.VOTERS),
                blueprint.podHash(PodSet.OBSERVERS), blueprint.appImages(), blueprint.image(),
                paused(annotations),
                member(annotations, Annotations.REPLACE_MEMBER),
                member(annotations, Annotations.RECOVER_FROM));
    }

    /** Whether nothing is to be changed; empty when the annotation says neither. */
    public static Optional<Boolean> paused(CoordinationCluster cluster) {
        Map<String, String> annotations = cluster.getMetadata().getAnnotations();
        try {
            return Optional.of(paused(annotations == null ? Map.of() : annotations));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Text of the wish for other certificates; empty when there is none. */
    public static String renewal(CoordinationCluster cluster) {
        Map<String, String> annotations = cluster.getMetadata().getAnnotations();
        return annotations == null ? "" : annotations.getOrDefault(Annotations.RENEW_CERTIFICATES, "");
    }

    /** Rounded up, as volumes are: 1.3Gi is no whole number of bytes. */
    static long bytes(Quantity quantity) {
        return Quantity.getAmountInBytes(quantity).setScale(0, RoundingMode.CEILING).longValueExact();
    }

    private static boolean paused(Map<String, String> annotations) {
        String value = annotations.getOrDefault(Annotations.PAUSED, "false");
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw wrong(Annotations.PAUSED, value, "true or false");
        };
    }

    private static @Nullable UUID member(Map<String, String> annotations, String name) {
        String value = annotations.get(name);
        if (value == null) {
            return null;
        }
        try {
            return UUID.fromString(value);
        } catch (IllegalArgumentException e) {
            throw wrong(name, value, "the UUID of a member, as status.members shows it");
        }
    }

    private static IllegalArgumentException wrong(String name, String value, String allowed) {
        return new IllegalArgumentException("the annotation " + name + " is '" + value + "'; allowed is"
                + " " + allowed
                + ". Until it is put right nothing is changed");
    }
}
