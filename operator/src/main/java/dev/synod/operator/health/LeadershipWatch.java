package dev.synod.operator.health;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sees an operator that waits for a leadership which nobody has: after an outage of the control plane an
 * election may stand still for ever, and only a restart helps (java-operator-sdk#3147). Who leads, or sees a
 * Lease that is renewed, or does not reach the API server at all, is well: the last is no reason to restart.
 */
public final class LeadershipWatch implements AutoCloseable {
    /** A Lease that nobody renews is up for grabs after 15 s. */
    static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PERIOD = Duration.ofSeconds(10);

    private final Supplier<@Nullable Lease> lease;
    private final LongSupplier nanoTime;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("synod-lease").daemon().factory());
    private volatile boolean leading;
    private @Nullable String lastSeen;
    private volatile long changedNanos;

    LeadershipWatch(Supplier<@Nullable Lease> lease, LongSupplier nanoTime) {
        this.lease = lease;
        this.nanoTime = nanoTime;
        this.changedNanos = nanoTime.getAsLong();
    }

    /** Looks every ten seconds. */
    public static LeadershipWatch start(KubernetesClient client, String namespace, String name) {
        LeadershipWatch watch = new LeadershipWatch(
                () -> client.leases().inNamespace(namespace).withName(name).get(), System::nanoTime);
        watch.thread.scheduleWithFixedDelay(watch::look, PERIOD.toSeconds(), PERIOD.toSeconds(),
                TimeUnit.SECONDS);
        return watch;
    }

    /** This operator leads from now on. */
    public void leads() {
        leading = true;
    }

    /** Whether this operator leads. */
    public boolean isLeading() {
        return leading;
    }

    void look() {
        if (leading) {
            return;
        }
        try {
            Lease seen = lease.get();
            String state = seen == null || seen.getSpec() == null
                    ? "none"
                    : seen.getSpec().getHolderIdentity() + " " + seen.getSpec().getRenewTime();
            if (!Objects.equals(state, lastSeen)) {
                lastSeen = state;
                changedNanos = nanoTime.getAsLong();
            }
        } catch (KubernetesClientException e) {
            changedNanos = nanoTime.getAsLong();
        }
    }

    /** What is wrong; empty when nothing is. */
    public String problem() {
        Duration still = Duration.ofNanos(nanoTime.getAsLong() - changedNanos);
        return leading || still.compareTo(PATIENCE) <= 0
                ? ""
                : "this operator does not lead, and nobody has renewed the Lease for " + still.toSeconds()
                        + " s";
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
