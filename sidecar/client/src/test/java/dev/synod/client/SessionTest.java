package dev.synod.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.synod.coordination.v1.AttachSessionResponse;
import dev.synod.coordination.v1.Cause;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SessionTest {
    private final ScriptedSidecar sidecar = new ScriptedSidecar();
    private final SkippingTime time = new SkippingTime();
    private final List<SessionState> told = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        sidecar.close();
    }

    @Test
    void isGuaranteedOnceConnectReturns() {
        try (Coordination coordination = connected()) {
            assertThat(coordination.session().state()).isEqualTo(SessionState.ACTIVE);
            assertThat(coordination.session().guaranteedFor()).isPositive().isLessThan(sidecar.ttl());
        }
    }

    @Test
    void outlivesItsTtlByHeartbeats() {
        sidecar.ttl(Duration.ofSeconds(3));
        try (Coordination coordination = connected()) {
            long before = sidecar.heartbeats.get();

            await().until(() -> sidecar.heartbeats.get() > before + 12); // more than a TTL's worth

            assertThat(told).doesNotContain(SessionState.JEOPARDY, SessionState.EXPIRED);
            assertThat(coordination.session().id()).isEqualTo(1);
        }
    }

    @Test
    void goesThroughSuspendedToJeopardyByItselfWhenTheSidecarFallsSilent() {
        sidecar.ttl(ScriptedSidecar.SHORT);
        try (Coordination coordination = connected()) {
            sidecar.fallSilent();

            await().untilAsserted(() -> assertThat(told)
                    .containsSubsequence(SessionState.SUSPENDED, SessionState.JEOPARDY));
            assertThat(coordination.session().state()).isEqualTo(SessionState.JEOPARDY);
            assertThat(coordination.session().guaranteedFor()).isZero();
        }
    }

    @Test
    void isActiveAgainWhenTheSidecarSpeaksAgain() {
        sidecar.ttl(ScriptedSidecar.SHORT);
        try (Coordination coordination = connected()) {
            sidecar.fallSilent();
            await().until(() -> told.contains(SessionState.JEOPARDY));

            sidecar.speakAgain();

            await().until(() -> coordination.session().state() == SessionState.ACTIVE);
            assertThat(sidecar.created).hasSize(1);
        }
    }

    @Test
    void isInJeopardyAtOnceForWhoAsksAfterThisProcessWasPaused() {
        try (Coordination coordination = connected()) {
            sidecar.fallSilent(); // what comes after the pause is another test's

            time.pauseProcess(sidecar.ttl().toNanos());

            assertThat(coordination.session().state()).isEqualTo(SessionState.JEOPARDY);
        }
    }

    @Test
    void tellsOfJeopardyAfterAPauseEvenIfTheSidecarGoesOnAnswering() {
        try (Coordination coordination = connected()) {
            time.pauseProcess(10 * sidecar.ttl().toNanos());

            await().until(() -> told.contains(SessionState.JEOPARDY));
            await().until(() -> coordination.session().state() == SessionState.ACTIVE);
        }
    }

    @Test
    void isInJeopardyWhenTheMachineSleptAndTheMonotonicClockDidNotNotice() {
        try (Coordination coordination = connected()) {
            time.sleepMachine(10 * sidecar.ttl().toNanos());

            await().until(() -> told.contains(SessionState.JEOPARDY));
            await().until(() -> coordination.session().state() == SessionState.ACTIVE);
        }
    }

    @Test
    void attachesAgainWithItsSecretWhenTheStreamBreaks() {
        try (Coordination coordination = connected()) {
            sidecar.cutStreams();

            await().until(() -> sidecar.attached.size() >= 2);
            assertThat(sidecar.attached.get(1)).isEqualTo(sidecar.attached.get(0));
            await().until(() -> coordination.session().state() == SessionState.ACTIVE);
            assertThat(sidecar.created).hasSize(1);
        }
    }

    @Test
    void attachesAgainWhenTheSidecarWasStartedAgain() {
        try (Coordination coordination = connected()) {
            sidecar.stop();
            await().until(() -> coordination.session().state() != SessionState.ACTIVE);

            sidecar.startAgain();

            await().until(() -> coordination.session().state() == SessionState.ACTIVE);
            assertThat(sidecar.created).hasSize(1);
        }
    }

    @Test
    void isExpiredForGoodOnceTheSidecarSaysSo() {
        try (Coordination coordination = connected()) {
            sidecar.tell(expired());

            await().until(() -> told.contains(SessionState.EXPIRED));
            assertThatThrownBy(() -> coordination.values().put("k", Value.EMPTY))
                    .isInstanceOf(SessionExpiredException.class);
            assertThat(sidecar.put.requests()).isEmpty();
            assertThat(sidecar.created).hasSize(1);
        }
    }

    @Test
    void isExpiredWhenItFindsNoSessionToAttachTo() {
        try (Coordination coordination = connected()) {
            sidecar.refuseAttach(ScriptedSidecar.error(
                    Status.Code.FAILED_PRECONDITION, "SESSION_EXPIRED", false, 0));

            sidecar.cutStreams();

            await().until(() -> coordination.session().state() == SessionState.EXPIRED);
        }
    }

    @Test
    void failsWhatIsUnderWayWhenItExpires() {
        try (Coordination coordination = connected()) {
            sidecar.put.nextSilence();
            var pending = coordination.values().putAsync("k", Value.EMPTY);
            await().until(() -> !sidecar.put.requests().isEmpty());

            sidecar.tell(expired());

            assertThatThrownBy(pending::join).hasCauseInstanceOf(SessionExpiredException.class);
        }
    }

    @Test
    void isReplacedOnlyByAnExplicitRenew() {
        try (Coordination coordination = connected()) {
            Session old = coordination.session();
            assertThatThrownBy(coordination::renew).isInstanceOf(IllegalStateException.class);
            sidecar.tell(expired());
            await().until(() -> old.state() == SessionState.EXPIRED);

            Session fresh = coordination.renew();

            assertThat(fresh.id()).isNotEqualTo(old.id());
            assertThat(coordination.session()).isSameAs(fresh);
            assertThat(fresh.state()).isEqualTo(SessionState.ACTIVE);
        }
    }

    @Test
    void isClosedInTheClusterWithItsClient() {
        connected().close();

        assertThat(sidecar.closed).hasSize(1);
    }

    @Test
    void tellsThatTheSidecarIsAboutToStop() {
        try (Coordination coordination = connected()) {
            List<Duration> within = new CopyOnWriteArrayList<>();
            coordination.session().onDraining(within::add);

            sidecar.tell(
                    AttachSessionResponse.newBuilder().setDraining(AttachSessionResponse.Draining.newBuilder()
                            .setStopsWithin(Times.proto(3_000_000_000L))).build());

            await().until(() -> within.contains(Duration.ofSeconds(3)));
        }
    }

    private Coordination connected() {
        Coordination coordination = sidecar.client().time(time).connect();
        coordination.session().onState(status -> told.add(status.state()));
        return coordination;
    }

    static AttachSessionResponse expired() {
        return AttachSessionResponse.newBuilder()
                .setStateChange(AttachSessionResponse.StateChange.newBuilder()
                        .setState(dev.synod.coordination.v1.SessionState.SESSION_STATE_EXPIRED)
                        .setCause(Cause.CAUSE_SESSION_EXPIRED))
                .build();
    }
}
