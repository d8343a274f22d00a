package dev.synod.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.synod.coordination.v1.AttachSessionResponse;
import dev.synod.coordination.v1.CampaignRequest;
import dev.synod.coordination.v1.CampaignResponse;
import dev.synod.coordination.v1.Cause;
import dev.synod.coordination.v1.ClaimKind;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CandidacyTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final ScriptedSidecar sidecar = new ScriptedSidecar();
    private final SkippingTime time = new SkippingTime();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final BlockingQueue<StreamObserver<CampaignResponse>> campaigns = new LinkedBlockingQueue<>();
    private final LeadershipListener recorder = new LeadershipListener() {
        @Override
        public void onElected(Leadership leadership) {
            told.add("elected " + leadership.fencingToken());
        }

        @Override
        public void onJeopardy(Leadership leadership) {
            told.add("jeopardy");
        }

        @Override
        public void onRestored(Leadership leadership) {
            told.add("restored");
        }

        @Override
        public void onDeposed(Leadership leadership, Loss why) {
            told.add("deposed " + why.kind());
        }
    };
    private Coordination coordination;

    @BeforeEach
    void connect() {
        for (int i = 0; i < 20; i++) {
            sidecar.campaign.next((request, out) -> campaigns.add(out));
        }
        coordination = sidecar.client().time(time).connect();
    }

    @AfterEach
    void stop() {
        coordination.close();
        sidecar.close();
    }

    @Test
    void isElectedAfterItsTurnInTheQueue() throws Exception {
        Candidacy candidacy = started();
        StreamObserver<CampaignResponse> campaign = campaign();
        campaign.onNext(queued());
        campaign.onNext(elected(41));

        assertThat(candidacy.await(LONG)).hasValueSatisfying(leadership -> {
            assertThat(leadership.fencingToken().value()).isEqualTo(41);
            assertThat(leadership.isHeld()).isTrue();
        });
        await().untilAsserted(() -> assertThat(told).containsExactly("elected 41"));
    }

    @Test
    void isNotAwaitedForLongerThanSaid() throws Exception {
        assertThat(started().await(Duration.ofMillis(1))).isEmpty();
    }

    @Test
    void resignsOnlyOnceItsListenerHasStopped() throws Exception {
        CountDownLatch stopped = new CountDownLatch(1);
        CountDownLatch mayStop = new CountDownLatch(1);
        Candidacy candidacy = coordination.election("e").candidate("me").start(new LeadershipListener() {
            @Override
            public void onElected(Leadership leadership) {}

            @Override
            public void onDeposed(Leadership leadership, Loss why) {
                stopped.countDown();
                try {
                    mayStop.await();
                } catch (InterruptedException interrupted) {
                    throw new IllegalStateException(interrupted);
                }
            }
        });
        campaign().onNext(elected(41));
        candidacy.await(LONG);

        var resigned = candidacy.resign();

        stopped.await();
        // Whatever the client would have sent by now is there before this call is answered.
        CountDownLatch loopWasThere = new CountDownLatch(1);
        coordination.client().loop().execute(loopWasThere::countDown);
        loopWasThere.await();
        coordination.values().get("k");
        assertThat(sidecar.resign.requests()).isEmpty();
        mayStop.countDown();
        resigned.get(20, TimeUnit.SECONDS);
        assertThat(sidecar.resign.requests()).hasSize(1);
    }

    @Test
    void mayBeClosedByItsOwnListener() throws Exception {
        Candidacy[] self = new Candidacy[1];
        CountDownLatch set = new CountDownLatch(1);
        self[0] = coordination.election("e").candidate("me").start(new LeadershipListener() {
            @Override
            public void onElected(Leadership leadership) {
                try {
                    set.await();
                } catch (InterruptedException interrupted) {
                    throw new IllegalStateException(interrupted);
                }
                self[0].close();
            }

            @Override
            public void onDeposed(Leadership leadership, Loss why) {
                told.add("deposed " + why.kind());
            }
        });
        set.countDown();
        campaign().onNext(elected(41));

        await().until(() -> sidecar.resign.requests().size() == 1);
        assertThat(told).containsExactly("deposed RESIGNED");
    }

    @Test
    void isPausedAndRestoredWithTheSameTokenWhenTheSidecarWasSilent() throws Exception {
        Candidacy candidacy = started();
        campaign().onNext(elected(41));
        candidacy.await(LONG);

        time.pauseProcess(10 * sidecar.ttl().toNanos());

        await().untilAsserted(() -> assertThat(told).containsExactly("elected 41", "jeopardy", "restored"));
        assertThat(candidacy.leadership()).hasValueSatisfying(held -> assertThat(held.isHeld()).isTrue());
    }

    @Test
    void isNotRestoredBeforeItsOwnStreamSaysThatItStillLeads() throws Exception {
        started().await(Duration.ZERO);
        StreamObserver<CampaignResponse> first = campaign();
        first.onNext(elected(41));
        await().until(() -> told.contains("elected 41"));

        first.onError(Status.UNAVAILABLE.asRuntimeException());
        StreamObserver<CampaignResponse> second = campaign();
        time.pauseProcess(10 * sidecar.ttl().toNanos());
        await().until(
                () -> coordination.session().state() == SessionState.ACTIVE && told.contains("jeopardy"));
        second.onNext(queued());

        await().untilAsserted(
                () -> assertThat(told).containsExactly("elected 41", "jeopardy", "deposed OTHER"));
    }

    @Test
    void goesOnLeadingWhenItsStreamBrokeAndTheTokenIsTheSame() throws Exception {
        Candidacy candidacy = started();
        StreamObserver<CampaignResponse> first = campaign();
        first.onNext(elected(41));
        candidacy.await(LONG);

        first.onError(Status.UNAVAILABLE.asRuntimeException());
        StreamObserver<CampaignResponse> second = campaign();
        second.onNext(elected(41));
        second.onNext(queued());

        await().untilAsserted(() -> assertThat(told).containsExactly("elected 41", "deposed OTHER"));
    }

    @Test
    void repeatsARequestThatWasNotAnsweredUnderItsId() throws Exception {
        started();

        campaign().onError(ScriptedSidecar.error(Status.Code.UNAVAILABLE, "NO_LEADER", true, 0));
        StreamObserver<CampaignResponse> second = campaign();
        second.onNext(queued());
        second.onError(Status.UNAVAILABLE.asRuntimeException());
        campaign();

        List<Long> ids = sidecar.campaign.requests().stream().map(CampaignRequest::getRequest)
                .map(request -> request.getRequestId()).toList();
        assertThat(ids.get(1)).isEqualTo(ids.get(0));
        assertThat(ids.get(2)).isNotEqualTo(ids.get(0));
    }

    @Test
    void isDeposedOnceThoughToldTwice() throws Exception {
        started();
        StreamObserver<CampaignResponse> campaign = campaign();
        campaign.onNext(elected(41));
        await().until(() -> told.contains("elected 41"));

        sidecar.tell(AttachSessionResponse.newBuilder()
                .setClaimLost(AttachSessionResponse.ClaimLost.newBuilder()
                        .setKind(ClaimKind.CLAIM_KIND_ELECTION).setNamespace("default").setName("e")
                        .setOwnerId("me")
                        .setFencingToken(41).setCause(Cause.CAUSE_TRANSFERRED))
                .build());
        await().until(() -> told.size() == 2);
        campaign.onNext(CampaignResponse.newBuilder().setDeposed(CampaignResponse.Deposed.newBuilder()
                .setFencingToken(41).setCause(Cause.CAUSE_TRANSFERRED)).build());
        campaign.onNext(queued());
        campaign.onNext(elected(50));

        await().untilAsserted(() -> assertThat(told)
                .containsExactly("elected 41", "deposed TRANSFERRED", "elected 50"));
    }

    @Test
    void isDeposedAndDoneWhenTheSessionExpires() throws Exception {
        Candidacy candidacy = started();
        campaign().onNext(elected(41));
        candidacy.await(LONG);

        sidecar.tell(SessionTest.expired());

        await().untilAsserted(
                () -> assertThat(told).containsExactly("elected 41", "deposed SESSION_EXPIRED"));
        assertThatThrownBy(() -> candidacy.await(LONG)).isInstanceOf(SessionExpiredException.class);
    }

    @Test
    void isPausedBeforeItIsHandedOver() throws Exception {
        Candidacy candidacy = started();
        campaign().onNext(elected(41));
        Leadership leadership = candidacy.await(LONG).orElseThrow();
        sidecar.transfer.next((request, out) -> {
            told.add("asked");
            ScriptedSidecar.answer(out,
                    dev.synod.coordination.v1.TransferLeadershipResponse.getDefaultInstance());
        });

        leadership.transferTo("other").get(20, TimeUnit.SECONDS);

        await().untilAsserted(() -> assertThat(told)
                .containsExactly("elected 41", "jeopardy", "asked", "deposed TRANSFERRED"));
    }

    @Test
    void goesOnWhenThereIsNobodyToHandOverTo() throws Exception {
        Candidacy candidacy = started();
        campaign().onNext(elected(41));
        Leadership leadership = candidacy.await(LONG).orElseThrow();
        sidecar.transfer.nextFailure(
                ScriptedSidecar.error(Status.Code.NOT_FOUND, "CANDIDATE_NOT_FOUND", false, 0));

        assertThatThrownBy(() -> leadership.transferTo("other").join())
                .hasCauseInstanceOf(CoordinationException.class);

        await().untilAsserted(() -> assertThat(told).containsExactly("elected 41", "jeopardy", "restored"));
        assertThat(leadership.isHeld()).isTrue();
    }

    @Test
    void proclaimsUnderItsToken() throws Exception {
        Candidacy candidacy = started();
        campaign().onNext(elected(41));

        candidacy.await(LONG).orElseThrow().proclaim(Value.of("10.0.0.7:80"));

        assertThat(sidecar.proclaim.requests()).singleElement().satisfies(request -> {
            assertThat(request.getFencingToken()).isEqualTo(41);
            assertThat(request.getValue().toStringUtf8()).isEqualTo("10.0.0.7:80");
        });
    }

    @Test
    void isDoneWhenItIsRefused() {
        Candidacy candidacy = started();

        campaign()
                .onError(ScriptedSidecar.error(Status.Code.PERMISSION_DENIED, "PERMISSION_DENIED", false, 0));

        assertThatThrownBy(() -> candidacy.await(LONG)).isInstanceOf(CoordinationException.class);
        assertThatThrownBy(() -> candidacy.ended().join()).hasCauseInstanceOf(CoordinationException.class);
    }

    @Test
    void isDoneWhenNobodyIsLetInAtItsFirstCampaign() {
        RuntimeException shut =
                ScriptedSidecar.error(Status.Code.UNAUTHENTICATED, "UNAUTHENTICATED", false, 0);
        sidecar.resign.nextFailure(shut);
        Candidacy candidacy = started();

        campaign().onError(shut);

        assertThatThrownBy(() -> candidacy.await(LONG)).isInstanceOf(CoordinationException.class);
        assertThat(sidecar.campaign.requests()).hasSize(1);
    }

    @Test
    void leavesTheElectionWhenItLedAndIsRefused() throws Exception {
        Candidacy candidacy = refusedAfterItLed();

        assertThatThrownBy(() -> candidacy.ended().get(20, TimeUnit.SECONDS))
                .hasCauseInstanceOf(CoordinationException.class);
        assertThat(told).containsExactly("elected 41", "deposed OTHER");
        assertThat(sidecar.resign.requests()).hasSize(1);
    }

    @Test
    void leavesTheElectionHoweverLongNobodyIsLetIn() throws Exception {
        sidecar.resign
                .nextFailure(ScriptedSidecar.error(Status.Code.UNAUTHENTICATED, "UNAUTHENTICATED", false, 0))
                .nextFailure(Status.UNAUTHENTICATED.asRuntimeException());
        Candidacy candidacy = refusedAfterItLed();

        assertThatThrownBy(() -> candidacy.ended().get(20, TimeUnit.SECONDS))
                .hasCauseInstanceOf(CoordinationException.class);
        assertThat(sidecar.resign.requests()).hasSize(3);
    }

    @Test
    void goesOnLeadingWhenNobodyIsLetInForAWhile() throws Exception {
        Candidacy candidacy = started();
        StreamObserver<CampaignResponse> first = campaign();
        first.onNext(elected(41));
        candidacy.await(LONG);

        first.onError(Status.UNAVAILABLE.asRuntimeException());
        campaign().onError(
                ScriptedSidecar.error(Status.Code.RESOURCE_EXHAUSTED, "CONNECTION_LIMIT", false, 256));
        campaign().onError(Status.UNAUTHENTICATED.asRuntimeException());
        StreamObserver<CampaignResponse> last = campaign();
        last.onNext(elected(41));
        last.onNext(queued());

        await().untilAsserted(() -> assertThat(told).containsExactly("elected 41", "deposed OTHER"));
        assertThat(sidecar.resign.requests()).isEmpty();
    }

    @Test
    void leavesTheElectionWhenItsLastCampaignIsRefusedAsItResigns() throws Exception {
        Candidacy candidacy = started();
        campaign().onError(Status.UNAVAILABLE.asRuntimeException());
        StreamObserver<CampaignResponse> second = campaign();

        var resigned = candidacy.resign();
        second.onError(ScriptedSidecar.error(Status.Code.PERMISSION_DENIED, "PERMISSION_DENIED", false, 0));

        resigned.get(20, TimeUnit.SECONDS);
        assertThat(sidecar.resign.requests()).hasSize(1);
    }

    @Test
    void standsOnceInAnElectionUnderOneName() {
        started();
        Candidacy again = started();

        assertThatThrownBy(() -> again.await(LONG)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("another name");
    }

    @Test
    void isDeposedBeforeTheClosingClientEndsTheSession() throws Exception {
        Candidacy candidacy = started();
        campaign().onNext(elected(41));
        candidacy.await(LONG);

        coordination.close();

        assertThat(told).containsExactly("elected 41", "deposed SESSION_CLOSED");
        assertThat(sidecar.closed).hasSize(1);
    }

    private Candidacy started() {
        return coordination.election("e").candidate("me").start(recorder);
    }

    private Candidacy refusedAfterItLed() throws InterruptedException {
        Candidacy candidacy = started();
        StreamObserver<CampaignResponse> first = campaign();
        first.onNext(elected(41));
        candidacy.await(LONG);
        first.onError(Status.UNAVAILABLE.asRuntimeException());
        campaign()
                .onError(ScriptedSidecar.error(Status.Code.PERMISSION_DENIED, "PERMISSION_DENIED", false, 0));
        return candidacy;
    }

    private StreamObserver<CampaignResponse> campaign() {
        try {
            StreamObserver<CampaignResponse> opened = campaigns.poll(20, TimeUnit.SECONDS);
            assertThat(opened).isNotNull();
            return opened;
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private static CampaignResponse queued() {
        return CampaignResponse.newBuilder().setQueued(CampaignResponse.Queued.newBuilder().setPosition(1))
                .build();
    }

    private static CampaignResponse elected(long token) {
        return CampaignResponse.newBuilder()
                .setElected(CampaignResponse.Elected.newBuilder().setFencingToken(token)).build();
    }
}
