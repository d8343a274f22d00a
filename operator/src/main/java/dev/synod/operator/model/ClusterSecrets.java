package dev.synod.operator.model;

import dev.synod.operator.tls.CertificateAuthority;
import dev.synod.operator.tls.CertificateRole;
import dev.synod.operator.tls.Holder;
import dev.synod.operator.tls.KeyMaterial;
import dev.synod.operator.tls.Subject;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/** The Secrets of a cluster. What is in them is made once and kept; this only says how it is stored. */
public final class ClusterSecrets {
    static final String CERTIFICATE = "tls.crt";
    static final String KEY = "tls.key";
    static final String AUTHORITY = "ca.crt";
    private static final String TLS_TYPE = "kubernetes.io/tls";

    private ClusterSecrets() {}

    /** The authority's own; nobody but the operator has use for it. */
    public static Secret authority(Blueprint blueprint, KeyMaterial authority) {
        return secret(blueprint, blueprint.names().authority(), TLS_TYPE,
                Map.of(CERTIFICATE, authority.certificate(), KEY, authority.key()));
    }

    /** What each holder's certificate says. */
    public static Map<Holder, Subject> subjects(Names names) {
        String peers = names.peers();
        String service = "*." + peers;
        return Map.of(
                Holder.MEMBERS, new Subject("members of " + names.cluster(), Set.of(CertificateRole.MEMBER),
                        List.of(service, service + "." + names.namespace(),
                                service + "." + names.namespace() + ".svc",
                                service + "." + names.namespace() + ".svc.cluster.local", peers,
                                peers + "." + names.namespace(), peers + "." + names.namespace() + ".svc",
                                peers + "." + names.namespace() + ".svc.cluster.local")),
                Holder.OPERATOR, new Subject("operator of " + names.cluster(),
                        Set.of(CertificateRole.OPERATOR), List.of()),
                Holder.CLIENTS, new Subject("agents of " + names.cluster(), Set.of(CertificateRole.AGENT),
                        List.of()));
    }

    /** What members show each other: one certificate for all places, so that a new pod needs no new one. */
    public static KeyMaterial issueMembers(Names names, CertificateAuthority authority, Instant now) {
        return issue(names, Holder.MEMBERS, authority, now);
    }

    /** What the operator shows to members. */
    public static KeyMaterial issueOperator(Names names, CertificateAuthority authority, Instant now) {
        return issue(names, Holder.OPERATOR, authority, now);
    }

    /** What agents show to members. */
    public static KeyMaterial issueClient(Names names, CertificateAuthority authority, Instant now) {
        return issue(names, Holder.CLIENTS, authority, now);
    }

    private static KeyMaterial issue(Names names, Holder holder, CertificateAuthority authority,
            Instant now) {
        Subject subject = Objects.requireNonNull(subjects(names).get(holder));
        return authority.issue(subject.text(), subject.roles(), subject.dnsNames(), now);
    }

    /**
     * One of the three above.
     *
     * @param trusted PEM of the authorities that its owner is to trust: while one is exchanged, two
     */
    public static Secret tls(Blueprint blueprint, String name, KeyMaterial material, String trusted) {
        return secret(blueprint, name, TLS_TYPE,
                Map.of(CERTIFICATE, material.certificate(), KEY, material.key(), AUTHORITY, trusted));
    }

    /** What a pod's own containers show to its sidecar. */
    public static Secret token(Blueprint blueprint, String token) {
        return secret(blueprint, blueprint.names().token(), "Opaque", Map.of("token", token));
    }

    /** What {@link #authority} or {@link #tls} stored. */
    public static KeyMaterial material(Secret secret) {
        return new KeyMaterial(text(secret, CERTIFICATE), text(secret, KEY));
    }

    /** PEM of the authorities that the owner of what {@link #tls} stored is to trust. */
    public static String trusted(Secret secret) {
        return text(secret, AUTHORITY);
    }

    private static String text(Secret secret, String field) {
        String value = secret.getData() == null ? null : secret.getData().get(field);
        if (value == null) {
            throw new IllegalArgumentException("Secret " + secret.getMetadata().getName() + " has no " + field
                    + "; it needs tls.crt, tls.key and ca.crt: put it back, or delete it to have it issued"
                    + " anew");
        }
        return new String(Base64.getDecoder().decode(value), StandardCharsets.US_ASCII);
    }

    private static Secret secret(Blueprint blueprint, String name, String type, Map<String, String> values) {
        Map<String, String> data = new TreeMap<>();
        values.forEach((field, text) -> data.put(field,
                Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII))));
        return new SecretBuilder().withMetadata(blueprint.meta(name)).withType(type).withData(data).build();
    }
}
