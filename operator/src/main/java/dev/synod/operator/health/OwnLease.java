package dev.synod.operator.health;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Lease by which an operator leads, given up when it ends: nobody waits for it to run out. */
public final class OwnLease {
    private static final Logger LOG = LoggerFactory.getLogger(OwnLease.class);
    /** A renewal that was on its way may come between, once. */
    private static final int ATTEMPTS_MAX = 3;

    private OwnLease() {}

    /**
     * Gives it up, if it is this one's; another's stays. To be called when nothing acts any more. What fails
     * is logged: then the Lease ends by itself.
     */
    public static void release(KubernetesClient client, String namespace, String name, String holder) {
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            try {
                Lease lease = client.leases().inNamespace(namespace).withName(name).get();
                if (lease == null || !holder.equals(lease.getSpec().getHolderIdentity())) {
                    return;
                }
                // With the version that was read: whoever has taken it meanwhile keeps it.
                client.resource(new LeaseBuilder(lease).editSpec().withHolderIdentity("").endSpec().build())
                        .update();
                LOG.info("{} has given up the Lease {}", holder, name);
                return;
            } catch (KubernetesClientException e) {
                if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                    LOG.warn("the Lease {} could not be given up, and ends by itself: {}", name,
                            e.getMessage());
                    return;
                }
            }
        }
    }
}
