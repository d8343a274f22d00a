package dev.synod.operator.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.operator.act.ScriptedApi;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an operator that ends makes of the Lease. */
final class OwnLeaseTest {
    private ScriptedApi api;

    @BeforeEach
    void start() throws IOException {
        api = new ScriptedApi();
        api.has("/apis/coordination.k8s.io/v1/namespaces/shop/leases/operator", new LeaseBuilder()
                .withNewMetadata().withName("operator").withNamespace("shop").withResourceVersion("3")
                .endMetadata().withNewSpec().withHolderIdentity("one").endSpec().build());
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void itsOwnIsGivenUp() {
        OwnLease.release(api.client, "shop", "operator", "one");
        assertThat(holder()).isEmpty();
        assertThat(api.requests.getFirst().body()).contains("\"resourceVersion\":\"3\"");
    }

    @Test
    void anothersStays() {
        OwnLease.release(api.client, "shop", "operator", "two");
        assertThat(holder()).isEqualTo("one");
        assertThat(api.requests).isEmpty();
    }

    @Test
    void aRenewalThatCameBetweenDoesNotKeepIt() {
        api.answers("PUT", 409);
        OwnLease.release(api.client, "shop", "operator", "one");
        assertThat(holder()).isEmpty();
    }

    @Test
    void aRefusalIsNoReasonNotToEnd() {
        api.answers("PUT", 403);
        OwnLease.release(api.client, "shop", "operator", "one");
        assertThat(holder()).isEqualTo("one");
    }

    private String holder() {
        return api.client.leases().inNamespace("shop").withName("operator").get().getSpec()
                .getHolderIdentity();
    }
}
