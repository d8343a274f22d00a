package dev.synod.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.synod.coordination.v1.AcquireLockRequest;
import dev.synod.coordination.v1.AcquireLockResponse;
import dev.synod.coordination.v1.AttachSessionResponse;
import dev.synod.coordination.v1.CancelAcquireResponse;
import dev.synod.coordination.v1.Cause;
import dev.synod.coordination.v1.CheckFencingTokenResponse;
import dev.synod.coordination.v1.ClaimKind;
import dev.synod.coordination.v1.ErrorReason;
import dev.synod.coordination.v1.FencingTokenState;
import dev.synod.coordination.v1.ReleaseLockRequest;
import dev.synod.coordination.v1.ReleaseLockResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LockTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final ScriptedSidecar sidecar = new ScriptedSidecar();
    private final SkippingTime time = new SkippingTime();
    private Coordination coordination;

    @BeforeEach
    void connect() {
        coordination = sidecar.client().time(time).connect();
    }

    @AfterEach
    void stop() {
        coordination.close();
        sidecar.close();
    }

    @Test
    void isHeldWithItsTokenUntilClosed() throws Exception {
        LockHandle handle = coordination.lock("orders/42").acquire(LONG);

        assertThat(handle.fencingToken().value()).isEqualTo(101);
        assertThat(handle.isHeld()).isTrue();
        assertThat(handle.guaranteedFor()).isPositive();
        handle.close();
        assertThat(handle.isHeld()).isFalse();
        ReleaseLockRequest release = only(sidecar.release.requests());
        assertThat(release.getFencingToken()).isEqualTo(101);
        assertThat(release.getName()).isEqualTo("orders/42");
    }

    @Test
    void isReleasedOnceHoweverOftenClosed() throws Exception {
        LockHandle handle = coordination.lock("a").acquire(LONG);

        handle.close();
        handle.close();

        assertThat(sidecar.release.requests()).hasSize(1);
    }

    @Test
    void isAskedForByAnOwnerOfItsOwnEachTime() throws Exception {
        coordination.lock("a").acquire(LONG);
        coordination.lock("a").acquire(LONG);

        assertThat(sidecar.acquire.requests()).extracting(AcquireLockRequest::getOwnerId)
                .doesNotHaveDuplicates();
    }

    @Test
    void isSharedByHandlesOfOneOwnerAndReleasedWithTheLast() throws Exception {
        sidecar.acquire.nextAnswer(granted(7)).nextAnswer(granted(7));
        NamedLock lock = coordination.lock("a").owner("me");

        LockHandle outer = lock.acquire(LONG);
        LockHandle inner = lock.acquire(LONG);

        assertThat(inner.fencingToken()).isEqualTo(outer.fencingToken());
        outer.close();
        assertThat(inner.isHeld()).isTrue();
        assertThat(sidecar.release.requests()).isEmpty();
        inner.close();
        assertThat(sidecar.release.requests()).hasSize(1);
    }

    @Test
    void isNotHadByATryWhenOthersHoldIt() throws Exception {
        sidecar.acquire.nextAnswer(AcquireLockResponse.newBuilder().setQueuePosition(1).build());

        assertThat(coordination.lock("a").tryAcquire()).isEmpty();
        assertThat(only(sidecar.acquire.requests()).hasNoWait()).isTrue();
    }

    @Test
    void timesOutAsTheSidecarSays() {
        sidecar.acquire.nextFailure(
                ScriptedSidecar.error(Status.Code.DEADLINE_EXCEEDED, "LOCK_WAIT_TIMEOUT", false, 0));

        assertThatThrownBy(() -> coordination.lock("a").acquire(Duration.ofMillis(10)))
                .isInstanceOf(LockTimeoutException.class);
    }

    @Test
    void isAskedForAgainUnderTheSameRequestIdAfterABreak() throws Exception {
        sidecar.acquire.nextFailure(ScriptedSidecar.error(Status.Code.UNAVAILABLE, "NO_LEADER", true, 0));

        coordination.lock("a").acquire(LONG);

        assertThat(sidecar.acquire.requests()).hasSize(2);
        assertThat(sidecar.acquire.requests()).extracting(request -> request.getRequest().getRequestId())
                .containsExactly(1L, 1L);
    }

    @Test
    void acknowledgesRepliesThatItHas() throws Exception {
        coordination.lock("a").acquire(LONG);
        coordination.lock("b").acquire(LONG);

        assertThat(sidecar.acquire.requests()).extracting(request -> request.getRequest().getAckedBelow())
                .containsExactly(1L, 2L);
    }

    @Test
    void isWithdrawnFromItsQueueWhenCancelled() {
        sidecar.acquire.nextSilence();
        CompletableFuture<LockHandle> pending = coordination.lock("a").acquireAsync();
        await().until(() -> sidecar.acquire.requests().size() == 1);

        pending.cancel(true);

        await().until(() -> sidecar.acquire.cancelled().size() == 1);
        await().until(() -> sidecar.cancel.requests().size() == 1);
        assertThat(only(sidecar.cancel.requests()).getOwnerId())
                .isEqualTo(only(sidecar.acquire.requests()).getOwnerId());
    }

    @Test
    void isGivenBackWhenItWasGrantedAsItWasCancelled() {
        sidecar.acquire.nextSilence();
        sidecar.cancel.nextAnswer(CancelAcquireResponse.newBuilder().setFencingToken(55).build());
        CompletableFuture<LockHandle> pending = coordination.lock("a").acquireAsync();
        await().until(() -> sidecar.acquire.requests().size() == 1);

        pending.cancel(true);

        await().until(() -> sidecar.release.requests().size() == 1);
        assertThat(only(sidecar.release.requests()).getFencingToken()).isEqualTo(55);
    }

    @Test
    void leavesItsQueueWhenTheWaitingThreadIsInterrupted() throws Exception {
        sidecar.acquire.nextSilence();
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread waiting = new Thread(() -> {
            try {
                coordination.lock("a").acquire();
            } catch (InterruptedException interrupted) {
                thrown.complete(interrupted);
            }
        });
        waiting.start();
        await().until(() -> sidecar.acquire.requests().size() == 1);

        waiting.interrupt();

        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        await().until(() -> sidecar.cancel.requests().size() == 1);
    }

    @Test
    void isLostOnceWhenItIsBrokenWithTheReasonGiven() throws Exception {
        LockHandle handle = coordination.lock("a").acquire(LONG);
        List<Loss> losses = new CopyOnWriteArrayList<>();
        handle.onLost(losses::add);

        sidecar.tell(broken(handle));
        sidecar.tell(broken(handle));

        await().until(() -> !losses.isEmpty());
        assertThat(only(losses).kind()).isEqualTo(Loss.Kind.BROKEN);
        assertThat(only(losses).text()).contains("deploying");
        assertThat(handle.isHeld()).isFalse();
        assertThatThrownBy(handle::ensureHeld).isInstanceOf(LockLostException.class);
    }

    @Test
    void tellsALateListenerOfTheLossAtOnce() throws Exception {
        LockHandle handle = coordination.lock("a").acquire(LONG);
        sidecar.tell(broken(handle));
        await().until(() -> !handle.isHeld());
        List<Loss> losses = new CopyOnWriteArrayList<>();

        handle.onLost(losses::add);

        await().until(() -> losses.size() == 1);
    }

    @Test
    void tellsNobodyOfALossAfterItWasClosed() throws Exception {
        LockHandle handle = coordination.lock("a").acquire(LONG);
        List<Loss> losses = new CopyOnWriteArrayList<>();
        handle.onLost(losses::add);
        handle.close();

        sidecar.tell(SessionTest.expired());

        await().until(() -> coordination.session().state() == SessionState.EXPIRED);
        assertThat(losses).isEmpty();
    }

    @Test
    void isLostWithoutAWordWhenTheSidecarFallsSilent() throws Exception {
        coordination.close();
        sidecar.ttl(ScriptedSidecar.SHORT);
        connect();
        LockHandle handle = coordination.lock("a").acquire(LONG);
        CompletableFuture<Loss> lost = new CompletableFuture<>();
        handle.onLost(lost::complete);

        sidecar.fallSilent();

        assertThat(lost.get().kind()).isEqualTo(Loss.Kind.GUARANTEE_ENDED);
        assertThat(handle.guaranteedFor()).isZero();
    }

    @Test
    void isNotHeldForWhoAsksAfterAPauseBeyondItsDeadline() throws Exception {
        LockHandle handle = coordination.lock("a").acquire(LONG);
        sidecar.fallSilent();

        time.pauseProcess(sidecar.ttl().toNanos());

        assertThat(handle.isHeld()).isFalse();
        assertThatThrownBy(handle::ensureHeld).isInstanceOf(LockLostException.class);
    }

    @Test
    void staysLostAfterAPauseThoughTheSessionComesBack() throws Exception {
        LockHandle handle = coordination.lock("a").acquire(LONG);
        List<Loss> losses = new CopyOnWriteArrayList<>();
        handle.onLost(losses::add);

        time.pauseProcess(10 * sidecar.ttl().toNanos());

        await().until(() -> losses.size() == 1);
        await().until(() -> coordination.session().state() == SessionState.ACTIVE);
        assertThat(handle.isHeld()).isFalse();
        handle.close();
        assertThat(sidecar.release.requests()).hasSize(1);
    }

    @Test
    void isFoundLostWhenItWasBrokenWhileTheStreamWas() throws Exception {
        LockHandle handle = coordination.lock("a").acquire(LONG);
        sidecar.check.nextAnswer(CheckFencingTokenResponse.newBuilder()
                .setState(FencingTokenState.FENCING_TOKEN_STATE_STALE).build());

        sidecar.cutStreams();

        await().until(() -> !handle.isHeld() && coordination.session().state() == SessionState.ACTIVE);
        assertThatThrownBy(handle::ensureHeld).isInstanceOf(LockLostException.class);
    }

    @Test
    void isStillHeldWhenTheStreamBrokeAndItsTokenStands() throws Exception {
        LockHandle handle = coordination.lock("a").acquire(LONG);

        sidecar.cutStreams();

        await().until(() -> sidecar.check.requests().size() == 1);
        await().until(() -> coordination.session().state() == SessionState.ACTIVE);
        assertThat(handle.isHeld()).isTrue();
    }

    @Test
    void isGivenBackOnceWhenItsLastHandleWasClosedWhileItWasAskedForAgain() throws Exception {
        NamedLock lock = coordination.lock("a").owner("me");
        StreamObserver<AcquireLockResponse> second = askedAgainAsItWasClosed(lock);

        second.onNext(granted(101));
        second.onCompleted();
        CompletableFuture<LockHandle> third = lock.acquireAsync();

        await().until(() -> sidecar.acquire.requests().size() == 3);
        assertThat(only(sidecar.release.requests()).getFencingToken()).isEqualTo(101);
        third.cancel(true);
    }

    @Test
    void isNotAskedForBeforeAllThatItsOwnerGivesBackIsSettled() throws Exception {
        BlockingQueue<StreamObserver<ReleaseLockResponse>> releases = new LinkedBlockingQueue<>();
        sidecar.release.next((request, out) -> releases.add(out)).next((request, out) -> releases.add(out));
        NamedLock lock = coordination.lock("a").owner("me");
        StreamObserver<AcquireLockResponse> second = askedAgainAsItWasClosed(lock);
        second.onNext(granted(102));
        second.onCompleted();
        CompletableFuture<LockHandle> third = lock.acquireAsync();
        await().until(() -> releases.size() == 2);

        ScriptedSidecar.answer(releases.remove(), ReleaseLockResponse.getDefaultInstance());

        coordination.values().get("k"); // what was answered before is heard before
        clientIsThrough();
        assertThat(sidecar.acquire.requests()).hasSize(2);
        ScriptedSidecar.answer(releases.remove(), ReleaseLockResponse.getDefaultInstance());
        await().until(() -> sidecar.acquire.requests().size() == 3);
        third.cancel(true);
    }

    @Test
    void isGivenBackHoweverLongNobodyIsLetIn() throws Exception {
        RuntimeException shut =
                ScriptedSidecar.error(Status.Code.UNAUTHENTICATED, "UNAUTHENTICATED", false, 0);
        LockHandle handle = coordination.lock("a").acquire(LONG);
        sidecar.release.nextFailure(shut);
        sidecar.cancel.nextFailure(shut).nextFailure(shut)
                .nextAnswer(CancelAcquireResponse.newBuilder().setFencingToken(101).build());

        handle.close();

        await().untilAsserted(() -> assertThat(sidecar.release.requests())
                .extracting(ReleaseLockRequest::getFencingToken).containsExactly(101L, 101L));
    }

    @Test
    void failsItsWaitersWhenTheSessionExpires() {
        sidecar.acquire.nextSilence();
        CompletableFuture<LockHandle> pending = coordination.lock("a").acquireAsync();
        await().until(() -> sidecar.acquire.requests().size() == 1);

        sidecar.tell(SessionTest.expired());

        assertThatThrownBy(pending::join).hasCauseInstanceOf(SessionExpiredException.class);
    }

    @Test
    void tellsItsHolderWhenTheClientIsClosedBeforeItIsGivenBack() throws Exception {
        LockHandle handle = coordination.lock("a").acquire(LONG);
        List<String> order = new CopyOnWriteArrayList<>();
        handle.onLost(loss -> order.add(loss.kind() + ", closed in the cluster: " + sidecar.closed.size()));

        coordination.close();

        assertThat(order).containsExactly("SESSION_CLOSED, closed in the cluster: 0");
        assertThat(sidecar.closed).hasSize(1);
    }

    @Test
    void returnsWhatTheTaskReturns() throws Exception {
        long token = coordination.lock("a").call(LONG, handle -> handle.fencingToken().value());

        assertThat(token).isEqualTo(101);
        assertThat(sidecar.release.requests()).hasSize(1);
    }

    @Test
    void throwsWhatTheTaskThrows() {
        assertThatThrownBy(() -> coordination.lock("a").call(LONG, handle -> {
            throw new java.io.IOException("no paper");
        })).isInstanceOf(java.io.IOException.class).hasMessage("no paper");
    }

    @Test
    void interruptsTheTaskWhenItIsLost() {
        CountDownLatch never = new CountDownLatch(1);

        assertThatThrownBy(() -> coordination.lock("a").call(LONG, handle -> {
            sidecar.tell(broken(handle));
            never.await();
            return "";
        })).isInstanceOf(LockLostException.class)
                .satisfies(lost -> assertThat(lost.getSuppressed())
                        .anyMatch(each -> each instanceof InterruptedException));
    }

    @Test
    void refusesANameThatIsNoneWhereItIsWritten() {
        assertThatThrownBy(() -> coordination.lock("a b")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"a b\"").hasMessageContaining("letters, digits");
    }

    @Test
    void saysWhyItWasRefusedInAWordAndANumber() {
        sidecar.acquire.nextFailure(
                ScriptedSidecar.error(Status.Code.FAILED_PRECONDITION, "LOCK_KIND_MISMATCH", false, 3));

        assertThatThrownBy(() -> coordination.lock("a").permits(2).acquire(LONG))
                .isInstanceOfSatisfying(CoordinationException.class, refused -> {
                    assertThat(refused.reason()).isEqualTo(ErrorReason.ERROR_REASON_LOCK_KIND_MISMATCH);
                    assertThat(refused.current()).isEqualTo(3);
                });
    }

    @Test
    void isHadByManyThreadsAtOnce() throws Exception {
        List<CompletableFuture<LockHandle>> all = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            all.add(coordination.lock("n/" + i).acquireAsync());
        }

        for (CompletableFuture<LockHandle> each : all) {
            each.get().closeLater();
        }

        await().until(() -> sidecar.release.requests().size() == 2_000);
    }

    /** Held with token 101, asked for again, closed, and then out of its guarantee; what is asked for. */
    private StreamObserver<AcquireLockResponse> askedAgainAsItWasClosed(NamedLock lock) throws Exception {
        BlockingQueue<StreamObserver<AcquireLockResponse>> asked = new LinkedBlockingQueue<>();
        sidecar.acquire.nextAnswer(granted(101)).next((request, out) -> asked.add(out)).nextSilence();
        LockHandle first = lock.acquire(LONG);
        CompletableFuture<LockHandle> unused = lock.acquireAsync();
        await().until(() -> asked.size() == 1);
        first.close();
        sidecar.fallSilent();
        time.pauseProcess(sidecar.ttl().toNanos());
        await().until(() -> coordination.session().state() == SessionState.JEOPARDY);
        return asked.remove();
    }

    /** Waits until the client has done what it was handed before. */
    private void clientIsThrough() throws InterruptedException {
        CountDownLatch through = new CountDownLatch(1);
        coordination.client().loop().execute(through::countDown);
        through.await();
    }

    private static AcquireLockResponse granted(long token) {
        return AcquireLockResponse.newBuilder().setAcquired(true).setFencingToken(token).build();
    }

    private static AttachSessionResponse broken(LockHandle handle) {
        return AttachSessionResponse.newBuilder().setClaimLost(AttachSessionResponse.ClaimLost.newBuilder()
                .setKind(ClaimKind.CLAIM_KIND_LOCK).setNamespace("default").setName(handle.name())
                .setOwnerId(handle.owner()).setFencingToken(handle.fencingToken().value())
                .setCause(Cause.CAUSE_BROKEN).setReason("deploying")).build();
    }

    private static <T> T only(List<T> all) {
        assertThat(all).hasSize(1);
        return all.get(0);
    }
}
