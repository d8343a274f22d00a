package dev.synod.operator.model;

import dev.synod.operator.tls.Authorities;
import dev.synod.operator.tls.Authorities.Stage;
import dev.synod.operator.tls.Credentials;
import dev.synod.operator.tls.Held;
import dev.synod.operator.tls.Holder;
import dev.synod.operator.tls.KeyMaterial;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is stored of a cluster's certificates, as Secrets. */
public final class CertificateSecrets {
    /** When what is in a Secret was put there; kubelets show it to processes some time after. */
    static final String WRITTEN = "synod.dev/written";
    /** How far the exchange of the authority for another has come. */
    static final String STAGE = "synod.dev/rotation-stage";
    /** The wish of a person that the last exchange was begun for. */
    static final String RENEWED = "synod.dev/renewed-certificates";

    private static final String HURRIED = "synod.dev/rotation-hurried";
    private static final String PREVIOUS = "previous.crt";
    private static final String PREVIOUS_KEY = "previous.key";

    private CertificateSecrets() {}

    /** How a holder's Secret is called. */
    public static String name(Names names, Holder holder) {
        return switch (holder) {
            case MEMBERS -> names.memberTls();
            case OPERATOR -> names.operatorTls();
            case CLIENTS -> names.client();
        };
    }

    /**
     * Reads all four. What a holder's Secret lacks is as if there were none: it is issued anew.
     *
     * @param stored Secrets of the cluster by name, as the API server has them
     * @throws IllegalArgumentException when the authority's lacks something, saying what to do: it is not
     * made
     *     anew by itself
     */
    public static Held read(Names names, Map<String, Secret> stored) {
        Map<Holder, Credentials> credentials = new EnumMap<>(Holder.class);
        for (Holder holder : Holder.values()) {
            Secret secret = stored.get(name(names, holder));
            Credentials read = secret == null ? null : credentials(secret);
            if (read != null) {
                credentials.put(holder, read);
            }
        }
        Secret authority = stored.get(names.authority());
        return new Held(authority == null ? null : authorities(authority), credentials);
    }

    private static @Nullable Credentials credentials(Secret secret) {
        try {
            KeyMaterial own = ClusterSecrets.material(secret);
            own.parsed();
            return new Credentials(own, text(secret, ClusterSecrets.AUTHORITY),
                    Instant.parse(annotation(secret, WRITTEN)));
        } catch (IllegalArgumentException | DateTimeParseException e) {
            return null; // what cannot be read is of no use to its holder either
        }
    }

    private static Authorities authorities(Secret secret) {
        KeyMaterial issuing = ClusterSecrets.material(secret);
        issuing.parsed();
        String previous = text(secret, PREVIOUS);
        // Without its mark an exchange begins again, which costs time and nothing else.
        Stage stage = previous.isEmpty()
                ? Stage.STEADY
                : annotation(secret, STAGE).equals(Stage.ISSUED.name()) ? Stage.ISSUED : Stage.TRUSTING;
        return new Authorities(issuing, stage, previous, text(secret, PREVIOUS_KEY),
                annotation(secret, HURRIED).equals("true"), annotation(secret, RENEWED));
    }

    /**
     * The Secrets that are not as they are to be, in the order in which they are to be written, one after the
     * other; each replaces all that was in it.
     */
    public static List<Secret> changes(Blueprint blueprint, Held stored, Held wanted) {
        List<Secret> changes = new ArrayList<>();
        Authorities authorities = wanted.authorities();
        if (authorities != null && !authorities.equals(stored.authorities())) {
            changes.add(secret(blueprint, authorities));
        }
        wanted.credentials().forEach((holder, credentials) -> {
            if (!credentials.equals(stored.credentials().get(holder))) {
                changes.add(secret(blueprint, holder, credentials));
            }
        });
        return changes;
    }

    private static Secret secret(Blueprint blueprint, Authorities authorities) {
        Secret plain = ClusterSecrets.authority(blueprint, authorities.issuing());
        Map<String, String> data = new TreeMap<>(plain.getData());
        if (!authorities.previous().isEmpty()) {
            data.put(PREVIOUS, encoded(authorities.previous()));
        }
        if (!authorities.previousKey().isEmpty()) {
            data.put(PREVIOUS_KEY, encoded(authorities.previousKey()));
        }
        return annotated(new SecretBuilder(plain).withData(data).build(),
                Map.of(STAGE, authorities.stage().name(),
                        HURRIED, String.valueOf(authorities.hurried()),
                        RENEWED, authorities.request()));
    }

    private static Secret secret(Blueprint blueprint, Holder holder, Credentials credentials) {
        return annotated(
                ClusterSecrets.tls(blueprint, name(blueprint.names(), holder), credentials.own(),
                        credentials.trusted()),
                Map.of(WRITTEN, credentials.written().toString()));
    }

    private static Secret annotated(Secret secret, Map<String, String> annotations) {
        return new SecretBuilder(secret).editMetadata().addToAnnotations(new TreeMap<>(annotations))
                .endMetadata().build();
    }

    private static String annotation(Secret secret, String name) {
        Map<String, String> annotations = secret.getMetadata().getAnnotations();
        return annotations == null ? "" : annotations.getOrDefault(name, "");
    }

    private static String text(Secret secret, String field) {
        String value = secret.getData() == null ? null : secret.getData().get(field);
        return value == null ? "" : new String(Base64.getDecoder().decode(value), StandardCharsets.US_ASCII);
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }
}
