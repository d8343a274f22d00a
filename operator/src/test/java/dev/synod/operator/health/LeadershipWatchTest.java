package dev.synod.operator.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When an operator that does not lead takes itself for stuck. */
final class LeadershipWatchTest {
    private long nanos;
    private @Nullable Lease lease = renewed(0);
    private boolean reachable = true;
    private final LeadershipWatch watch = new LeadershipWatch(this::read, () -> nanos);

    @Test
    void whoSeesALeaseRenewedIsWell() {
        for (int minute = 1; minute < 10; minute++) {
            lease = renewed(minute);
            pass(Duration.ofMinutes(1));
            assertThat(watch.problem()).isEmpty();
        }
    }

    @Test
    void whoLeadsIsWellWhateverTheLeaseSays() {
        watch.leads();
        pass(Duration.ofMinutes(5));
        assertThat(watch.problem()).isEmpty();
    }

    @Test
    void aLeaseThatNobodyRenewsAndThatWasNotTakenIsAProblem() {
        pass(Duration.ofSeconds(1));
        pass(Duration.ofSeconds(50));
        assertThat(watch.problem()).isEmpty();
        pass(Duration.ofSeconds(20));
        assertThat(watch.problem()).contains("nobody has renewed the Lease for 70 s");
    }

    @Test
    void aLeaseThatIsNotThereIsOneThatNobodyRenews() {
        lease = null;
        pass(Duration.ofSeconds(1));
        pass(Duration.ofSeconds(61));
        assertThat(watch.problem()).isNotEmpty();
    }

    @Test
    void anApiServerThatDoesNotAnswerIsNoReasonToRestart() {
        reachable = false;
        pass(Duration.ofMinutes(5));
        assertThat(watch.problem()).isEmpty();
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
        watch.look();
    }

    private @Nullable Lease read() {
        if (!reachable) {
            throw new KubernetesClientException("no route to host");
        }
        return lease;
    }

    private static Lease renewed(int minute) {
        return new LeaseBuilder().withNewSpec().withHolderIdentity("other")
                .withRenewTime(ZonedDateTime.of(2026, 1, 1, 0, minute, 0, 0, ZoneOffset.UTC)).endSpec().build();
    }
}
