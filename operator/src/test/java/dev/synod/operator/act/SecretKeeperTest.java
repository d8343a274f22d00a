package dev.synod.operator.act;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.operator.model.Blueprint;
import dev.synod.operator.model.Clusters;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the operator makes of Secrets that are there already. */
final class SecretKeeperTest {
    private static final String MEMBERS = "/api/v1/namespaces/shop/secrets/orders-member-tls";

    @Test
    void whatOthersWroteOnASecretStaysWhenItIsRenewed() throws IOException {
        try (ScriptedApi api = new ScriptedApi()) {
            Blueprint blueprint = Clusters.blueprint("voters: {}");
            Instant now = Instant.parse("2026-11-23T12:00:00Z");
            keeper(api, now).keep(blueprint, "", (shown, trusted) -> List.of());
            Secret first = stored(api);
            api.has(MEMBERS, new SecretBuilder(first).editMetadata().withResourceVersion("9")
                    .addToAnnotations("replicator.example/copy-to", "other")
                    .addToLabels("team", "a").endMetadata().build());
            keeper(api, now.plusSeconds(85L * 86_400)).keep(blueprint, "", (shown, trusted) -> List.of());
            Secret renewed = stored(api);
            assertThat(renewed.getData()).isNotEqualTo(first.getData()).containsKeys("tls.crt", "tls.key",
                    "ca.crt");
            assertThat(renewed.getMetadata().getAnnotations())
                    .containsEntry("replicator.example/copy-to", "other")
                    .containsEntry("synod.dev/written", now.plusSeconds(85L * 86_400).toString());
            assertThat(renewed.getMetadata().getLabels()).containsEntry("team", "a")
                    .containsEntry("synod.dev/cluster", "orders");
            assertThat(api.requests).filteredOn(request -> request.method().equals("PUT")
                    && request.path().equals(MEMBERS)).last().satisfies(
                            put -> assertThat(put.body()).contains("\"resourceVersion\":\"9\""));
            assertThat(renewed.getMetadata().getOwnerReferences()).hasSize(1);
        }
    }

    private static SecretKeeper keeper(ScriptedApi api, Instant now) {
        return new SecretKeeper(api.client, () -> now, new SecureRandom());
    }

    private static Secret stored(ScriptedApi api) {
        return api.client.secrets().inNamespace("shop").withName("orders-member-tls").get();
    }
}
