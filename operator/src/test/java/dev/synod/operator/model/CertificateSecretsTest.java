package dev.synod.operator.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.operator.tls.Certificates;
import dev.synod.operator.tls.Held;
import io.fabric8.kubernetes.api.model.Secret;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class CertificateSecretsTest {
    private final Blueprint blueprint = Clusters.blueprint("voters: {}");
    private final Names names = blueprint.names();
    private final Certificates certificates =
            new Certificates("orders", ClusterSecrets.subjects(names), new SecureRandom());
    private final Map<String, Secret> stored = new HashMap<>();
    private final Instant now = Instant.parse("2027-01-01T00:00:00Z");

    /** One pass; the names of what was written. */
    private List<String> pass(Instant when, String request) {
        Held held = CertificateSecrets.read(names, stored);
        Held wanted = certificates.next(held, when, request, (shown, trusted) -> List.of()).wanted();
        List<Secret> changes = CertificateSecrets.changes(blueprint, held, wanted);
        changes.forEach(secret -> stored.put(secret.getMetadata().getName(), secret));
        return changes.stream().map(secret -> secret.getMetadata().getName()).toList();
    }

    @Test
    void theAuthorityIsWrittenFirstAndThenWhatItIssued() {
        assertThat(pass(now, "")).containsExactly("orders-ca");
        assertThat(pass(now, "")).containsExactly("orders-member-tls", "orders-operator-tls",
                "orders-client");
        assertThat(pass(now, "")).isEmpty();
    }

    @Test
    void everyStageIsReadBackAsItWasWritten() {
        pass(now, "");
        pass(now, "");
        Instant later = now;
        for (int i = 0; i < 8; i++) {
            pass(later, "a wish");
            later = later.plus(Certificates.SETTLE_HURRIED);
        }
        assertThat(pass(later, "a wish")).isEmpty();
        assertThat(stored("orders-ca").getMetadata().getAnnotations())
                .containsEntry(CertificateSecrets.STAGE, "STEADY")
                .containsEntry(CertificateSecrets.RENEWED, "a wish");
        assertThat(stored("orders-ca").getData()).containsOnlyKeys("tls.crt", "tls.key");
    }

    @Test
    void aHoldersSecretThatCannotBeReadIsWrittenAnew() {
        pass(now, "");
        pass(now, "");
        stored("orders-client").getData().remove("tls.key");
        stored("orders-member-tls").getMetadata().getAnnotations().clear();
        assertThat(pass(now, "")).containsExactly("orders-member-tls", "orders-client");
        assertThat(pass(now, "")).isEmpty();
    }

    private Secret stored(String name) {
        return Objects.requireNonNull(stored.get(name), name);
    }
}
