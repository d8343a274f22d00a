package dev.synod.operator.act;

import dev.synod.crd.Tls;
import dev.synod.operator.model.Blueprint;
import dev.synod.operator.model.ClusterSecrets;
import dev.synod.operator.model.Names;
import dev.synod.operator.tls.CertificateAuthority;
import dev.synod.operator.tls.KeyMaterial;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Sees that a cluster has its Secrets, and reads the one that the operator needs itself. */
public final class SecretKeeper {
    private static final int TOKEN_BYTES = 32;

    private final KubernetesClient client;
    private final Applier applier;
    private final InstantSource clock;
    private final SecureRandom random;

    /** Makes keys from {@code random}. */
    public SecretKeeper(KubernetesClient client, InstantSource clock, SecureRandom random) {
        this.client = client;
        this.applier = new Applier(client);
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

    /**
     * Makes what is missing or due, and reads.
     *
     * @throws Obstacle when somebody else keeps the Secrets and one is missing
     */
    public Keys keep(Blueprint blueprint) {
        Names names = blueprint.names();
        created(blueprint, names.token(), it -> ClusterSecrets.token(it, token()));
        if (blueprint.spec().tls().provider() == Tls.Provider.Auto) {
            issue(blueprint);
        } else {
            for (String name : new String[] {names.memberTls(), names.client()}) {
                if (read(blueprint, name) == null) {
                    throw missing(name);
                }
            }
        }
        Keys keys = read(blueprint);
        if (keys == null) {
            throw missing(names.operatorTls());
        }
        return keys;
    }

    /** Reads, and writes nothing; null when there is no such Secret. */
    public @Nullable Keys read(Blueprint blueprint) {
        Secret stored = read(blueprint, blueprint.names().operatorTls());
        return stored == null
                ? null
                : new Keys(ClusterSecrets.material(stored), ClusterSecrets.trusted(stored));
    }

    private void issue(Blueprint blueprint) {
        Names names = blueprint.names();
        Secret authority = created(blueprint, names.authority(), it -> ClusterSecrets.authority(it,
                CertificateAuthority.create(names.cluster(), clock.instant(), random).material()));
        CertificateAuthority issuer = new CertificateAuthority(ClusterSecrets.material(authority), random);
        leaf(blueprint, names.memberTls(), issuer,
                () -> ClusterSecrets.issueMembers(names, issuer, clock.instant()));
        leaf(blueprint, names.operatorTls(), issuer,
                () -> ClusterSecrets.issueOperator(names, issuer, clock.instant()));
        leaf(blueprint, names.client(), issuer,
                () -> ClusterSecrets.issueClient(names, issuer, clock.instant()));
    }

    private void leaf(Blueprint blueprint, String name, CertificateAuthority issuer,
            java.util.function.Supplier<KeyMaterial> issue) {
        String trusted = issuer.material().certificate();
        Secret stored = created(blueprint, name, it -> ClusterSecrets.tls(it, name, issue.get(), trusted));
        if (ClusterSecrets.material(stored).isDueForRenewal(clock.instant())) {
            applier.apply(stored, ClusterSecrets.tls(blueprint, name, issue.get(), trusted), true);
        }
    }

    /** The Secret as it is, or as it is made: two that make it at once end with one. */
    private Secret created(Blueprint blueprint, String name, Function<Blueprint, Secret> make) {
        Secret stored = read(blueprint, name);
        if (stored != null) {
            Belongings.check(blueprint, stored);
            return stored;
        }
        try {
            return client.resource(make.apply(blueprint)).create();
        } catch (KubernetesClientException e) {
            Secret other = e.getCode() == HttpURLConnection.HTTP_CONFLICT ? read(blueprint, name) : null;
            if (other == null) {
                throw e;
            }
            return other;
        }
    }

    private @Nullable Secret read(Blueprint blueprint, String name) {
        return client.secrets().inNamespace(blueprint.names().namespace()).withName(name).get();
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
