package dev.synod.operator.act;

import dev.synod.crd.Tls;
import dev.synod.operator.model.Blueprint;
import dev.synod.operator.model.CertificateSecrets;
import dev.synod.operator.model.ClusterSecrets;
import dev.synod.operator.model.Names;
import dev.synod.operator.tls.Certificates;
import dev.synod.operator.tls.Held;
import dev.synod.operator.tls.KeyMaterial;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees that a cluster has its Secrets, and reads the one that the operator needs itself. What it found to be
 * in order it looks at again after a minute, not in each pass. Any thread, one at a time for a cluster.
 */
public final class SecretKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(SecretKeeper.class);

    private static final int TOKEN_BYTES = 32;
    private static final Duration LOOK_AGAIN = Duration.ofMinutes(1);
    /** The authority, then what is of it: two, and one more for whatever came between. */
    private static final int ROUNDS_MAX = 4;

    private final KubernetesClient client;
    private final InstantSource clock;
    private final SecureRandom random;
    private final Map<Names, Kept> kept = new ConcurrentHashMap<>();

    /** Makes keys from {@code random}. */
    public SecretKeeper(KubernetesClient client, InstantSource clock, SecureRandom random) {
        this.client = client;
        this.clock = clock;
        this.random = random;
    }

    /**
     * What the operator shows to members, and whom it trusts.
     *
     * @param operator its certificate and key
     * @param trusted PEM of authorities
     */
    public record Keys(KeyMaterial operator, String trusted) {}

    /** What was in order, for which cluster and wish, and until when that is believed. */
    private record Kept(String owner, String request, Keys keys, Instant until) {}

    /**
     * Makes what is missing or due, and reads.
     *
     * @param request a person's wish for other certificates; empty for none
     * @param prober finds out who uses which
     * @throws Obstacle when somebody else keeps the Secrets and one is missing
     */
    public Keys keep(Blueprint blueprint, String request, Certificates.Prober prober) {
        Names names = blueprint.names();
        Instant now = clock.instant();
        Kept before = kept.get(names);
        if (before != null && before.owner().equals(blueprint.owner().getUid())
                && before.request().equals(request) && now.isBefore(before.until())) {
            return before.keys();
        }
        forget(names);
        keepToken(blueprint);
        Instant next = blueprint.spec().tls().provider() == Tls.Provider.Auto
                ? keepCertificates(blueprint, request, prober)
                : checkCertificates(names);
        Keys keys = read(names);
        if (keys == null) {
            throw missing(names.operatorTls());
        }
        Instant until = now.plus(LOOK_AGAIN);
        kept.put(names,
                new Kept(blueprint.owner().getUid(), request, keys, until.isBefore(next) ? until : next));
        return keys;
    }

    /** Reads, and writes nothing; null when there is no such Secret. */
    public @Nullable Keys read(Names names) {
        Secret stored = read(names, names.operatorTls());
        return stored == null
                ? null
                : new Keys(ClusterSecrets.material(stored), ClusterSecrets.trusted(stored));
    }

    /** Of a cluster that is gone, or whose certificates did not do: they are read anew. */
    public void forget(Names names) {
        kept.remove(names);
    }

    private void keepToken(Blueprint blueprint) {
        Secret stored = read(blueprint.names(), blueprint.names().token());
        if (stored == null) {
            client.resource(ClusterSecrets.token(blueprint, token())).create();
        } else {
            Belongings.check(blueprint, stored);
        }
    }

    /** When they are to be looked at again. */
    private Instant keepCertificates(Blueprint blueprint, String request, Certificates.Prober prober) {
        Names names = blueprint.names();
        Certificates certificates =
                new Certificates(names.cluster(), ClusterSecrets.subjects(names), random);
        for (int round = 0; round < ROUNDS_MAX; round++) {
            Map<String, Secret> stored = stored(blueprint);
            Held held = CertificateSecrets.read(names, stored);
            Certificates.Step step = certificates.next(held, clock.instant(), request, prober);
            List<Secret> changes = CertificateSecrets.changes(blueprint, held, step.wanted());
            if (changes.isEmpty()) {
                return step.nextLook();
            }
            for (Secret change : changes) {
                write(stored.get(change.getMetadata().getName()), change);
            }
            LOG.info("{}/{}: {}", names.namespace(), names.cluster(), step.message());
        }
        return clock.instant();
    }

    private Map<String, Secret> stored(Blueprint blueprint) {
        Names names = blueprint.names();
        Map<String, Secret> stored = new HashMap<>();
        for (String name : List.of(names.authority(), names.memberTls(), names.operatorTls(),
                names.client())) {
            Secret secret = read(names, name);
            if (secret != null) {
                Belongings.check(blueprint, secret);
                stored.put(name, secret);
            }
        }
        return stored;
    }

    /** Creates, or replaces exactly what was read: of two operators one writes, and the other looks again. */
    private void write(@Nullable Secret before, Secret wanted) {
        if (before == null) {
            client.resource(wanted).create();
            return;
        }
        client.resource(replaced(before, wanted)).update();
    }

    /** With what is ours as wanted; what others wrote on it, such as whoever copies it elsewhere, stays. */
    private static Secret replaced(Secret before, Secret wanted) {
        boolean owned = before.getMetadata().getOwnerReferences().stream()
                .anyMatch(owner -> Boolean.TRUE.equals(owner.getController()));
        return new SecretBuilder(before).editMetadata()
                .addToLabels(wanted.getMetadata().getLabels())
                .addToAnnotations(wanted.getMetadata().getAnnotations())
                .addAllToOwnerReferences(owned ? List.of() : wanted.getMetadata().getOwnerReferences())
                .endMetadata().withData(wanted.getData()).build();
    }

    private Instant checkCertificates(Names names) {
        for (String name : List.of(names.memberTls(), names.client())) {
            if (read(names, name) == null) {
                throw missing(name);
            }
        }
        return Instant.MAX;
    }

    private @Nullable Secret read(Names names, String name) {
        return client.secrets().inNamespace(names.namespace()).withName(name).get();
    }

    private String token() {
        byte[] bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static Obstacle missing(String name) {
        return new Obstacle("SecretMissing", "there is no Secret " + name + "; with spec.tls.provider: Secret"
                + " somebody else keeps " + name + " with tls.crt, tls.key and ca.crt: make it");
    }
}
