package dev.synod.node.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Duration;
import com.google.protobuf.Empty;
import dev.synod.coordination.v1.AcquireLockRequest;
import dev.synod.coordination.v1.AcquireLockResponse;
import dev.synod.coordination.v1.AttachSessionResponse;
import dev.synod.coordination.v1.BreakLockRequest;
import dev.synod.coordination.v1.CancelAcquireRequest;
import dev.synod.coordination.v1.CancelAcquireResponse;
import dev.synod.coordination.v1.Cause;
import dev.synod.coordination.v1.CheckFencingTokenRequest;
import dev.synod.coordination.v1.CheckFencingTokenResponse;
import dev.synod.coordination.v1.ClaimKind;
import dev.synod.coordination.v1.Fence;
import dev.synod.coordination.v1.FencingTokenState;
import dev.synod.coordination.v1.GetLockRequest;
import dev.synod.coordination.v1.ListLocksRequest;
import dev.synod.coordination.v1.ListLocksResponse;
import dev.synod.coordination.v1.Lock;
import dev.synod.coordination.v1.LockMode;
import dev.synod.coordination.v1.LockServiceGrpc;
import dev.synod.coordination.v1.ReadOptions;
import dev.synod.coordination.v1.ReleaseLockRequest;
import dev.synod.coordination.v1.Request;
import dev.synod.coordination.v1.WatchLockRequest;
import dev.synod.coordination.v1.WatchLockResponse;
import dev.synod.member.Failure;
import dev.synod.state.LockView;
import io.grpc.Status;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LockServiceTest {
    private final ServedCoordinator served = new ServedCoordinator();

    @AfterEach
    void close() throws InterruptedException {
        served.close();
        assertThat(served.defects()).isEmpty();
    }

    private static AcquireLockRequest.Builder ask(AttachedSession session, String name) {
        return AcquireLockRequest.newBuilder().setSessionId(session.id()).setName(name).setOwnerId("worker");
    }

    private long acquire(AttachedSession session, String name) {
        AcquireLockResponse response = served.locks().acquireLock(ask(session, name).build());
        assertThat(response.getAcquired()).isTrue();
        return response.getFencingToken();
    }

    private Received<AcquireLockResponse> waitFor(AcquireLockRequest.Builder request) {
        var received = new Received<AcquireLockResponse>();
        LockServiceGrpc.newStub(served.channel).acquireLock(request.build(), received);
        return received;
    }

    private LockView lock(String stored) {
        return served.coordinator.look(state -> state.lock(stored));
    }

    @Test
    void a_free_lock_is_granted_with_a_token_that_is_its_revision() {
        AttachedSession session = served.session("a");

        AcquireLockResponse response = served.locks().acquireLock(ask(session, "orders").build());

        assertThat(response.getAcquired()).isTrue();
        assertThat(response.getFencingToken()).isEqualTo(response.getRevision()).isPositive();
    }

    @Test
    void a_name_is_stored_with_its_namespace() {
        AttachedSession session = served.session("a");

        served.locks().acquireLock(ask(session, "orders").setNamespace("team-a").build());

        assertThat(lock("team-a/orders").holders()).hasSize(1);
        assertThat(lock("default/orders").holders()).isEmpty();
    }

    @Test
    void a_lock_of_another_namespace_is_another_lock() {
        AttachedSession session = served.session("a");

        long one = acquire(session, "orders");
        long other = served.locks().acquireLock(ask(session, "orders").setNamespace("b").build())
                .getFencingToken();

        assertThat(other).isGreaterThan(one);
    }

    @Test
    void a_try_that_fails_tells_the_holder_and_the_place_in_the_queue() {
        AttachedSession holder = served.session("holder");
        long token = acquire(holder, "orders");

        AcquireLockResponse response = served.locks().acquireLock(
                ask(served.session("b"), "orders").setNoWait(Empty.getDefaultInstance()).build());

        assertThat(response.getAcquired()).isFalse();
        assertThat(response.getQueuePosition()).isEqualTo(1);
        assertThat(response.getHoldersList()).singleElement().satisfies(h -> {
            assertThat(h.getClaimant().getSessionId()).isEqualTo(holder.id());
            assertThat(h.getClaimant().getOwnerId()).isEqualTo("worker");
            assertThat(h.getFencingToken()).isEqualTo(token);
            assertThat(h.getMode()).isEqualTo(LockMode.LOCK_MODE_EXCLUSIVE);
        });
    }

    @Test
    void who_waits_is_granted_the_lock_when_it_is_released() {
        AttachedSession first = served.session("first");
        long token = acquire(first, "orders");
        var waiter = waitFor(ask(served.session("b"), "orders").setWaitForever(Empty.getDefaultInstance()));
        await().until(() -> !lock("default/orders").queue().isEmpty());

        served.locks().releaseLock(ReleaseLockRequest.newBuilder().setSessionId(first.id()).setName("orders")
                .setOwnerId("worker").setFencingToken(token).build());

        AcquireLockResponse response = waiter.next();
        assertThat(response.getAcquired()).isTrue();
        assertThat(response.getFencingToken()).isGreaterThan(token);
    }

    @Test
    void who_waited_for_its_time_is_told_so_and_queues_no_longer() {
        acquire(served.session("a"), "orders");

        Shown shown = Shown.of(() -> served.locks().acquireLock(ask(served.session("b"), "orders")
                .setWaitFor(Duration.newBuilder().setNanos(50_000_000)).build()));

        assertThat(shown.code()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThat(shown.reason()).isEqualTo("LOCK_WAIT_TIMEOUT");
        assertThat(lock("default/orders").queue()).isEmpty();
    }

    @Test
    void the_deadline_of_a_call_bounds_its_wait_and_is_told_with_its_reason() {
        acquire(served.session("a"), "orders");
        AttachedSession waiter = served.session("b");

        Shown shown = Shown.of(() -> served.locks().withDeadlineAfter(1, TimeUnit.SECONDS).acquireLock(
                ask(waiter, "orders").setWaitForever(Empty.getDefaultInstance()).build()));

        assertThat(shown.code()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThat(shown.reason()).isEqualTo("LOCK_WAIT_TIMEOUT");
    }

    @Test
    void who_cancels_the_call_leaves_the_queue() {
        acquire(served.session("a"), "orders");
        var waiter = waitFor(ask(served.session("b"), "orders").setWaitForever(Empty.getDefaultInstance()));
        await().until(() -> !lock("default/orders").queue().isEmpty());

        waiter.cancel();

        await().until(() -> lock("default/orders").queue().isEmpty());
    }

    @Test
    void who_waits_is_told_at_once_that_its_session_ended() {
        acquire(served.session("a"), "orders");
        AttachedSession ends = served.session("b");
        var waiter = waitFor(ask(ends, "orders").setWaitForever(Empty.getDefaultInstance()));
        await().until(() -> !lock("default/orders").queue().isEmpty());

        served.coordinator.expire(ends.id());

        Shown shown = Shown.of(waiter.error());
        assertThat(shown.reason()).isEqualTo("CLAIM_LOST");
        assertThat(shown.metadata()).containsEntry("cause", "SESSION_EXPIRED");
    }

    @Test
    void a_request_that_is_sent_again_gets_its_first_reply() {
        AttachedSession session = served.session("a");
        var request = ask(session, "orders").setRequest(Request.newBuilder().setRequestId(7)).build();

        AcquireLockResponse first = served.locks().acquireLock(request);
        AcquireLockResponse second = served.locks().acquireLock(request);

        assertThat(second.getFencingToken()).isEqualTo(first.getFencingToken());
    }

    @Test
    void shared_holders_hold_a_lock_together() {
        AttachedSession one = served.session("a");
        AttachedSession other = served.session("b");

        for (AttachedSession session : List.of(one, other)) {
            assertThat(served.locks().acquireLock(
                    ask(session, "orders").setMode(LockMode.LOCK_MODE_SHARED).build()).getAcquired()).isTrue();
        }

        assertThat(lock("default/orders").holders()).hasSize(2);
    }

    @Test
    void a_semaphore_has_as_many_holders_as_permits() {
        var request = ask(served.session("a"), "pool").setMode(LockMode.LOCK_MODE_PERMIT).setMaxHolders(2);

        assertThat(served.locks().acquireLock(request.setOwnerId("1").build()).getAcquired()).isTrue();
        assertThat(served.locks().acquireLock(request.setOwnerId("2").build()).getAcquired()).isTrue();
        assertThat(served.locks().acquireLock(request.setOwnerId("3").build()).getAcquired()).isFalse();
    }

    @Test
    void a_mutex_is_not_to_be_had_as_a_semaphore() {
        AttachedSession session = served.session("a");
        acquire(session, "orders");

        Shown shown = Shown.of(() -> served.locks().acquireLock(ask(served.session("b"), "orders")
                .setMode(LockMode.LOCK_MODE_PERMIT).setMaxHolders(2).build()));

        assertThat(shown.code()).isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(shown.reason()).isEqualTo("LOCK_KIND_MISMATCH");
    }

    @Test
    void a_lock_is_not_released_by_who_does_not_hold_it() {
        AttachedSession session = served.session("a");

        Shown shown = Shown.of(() -> served.locks().releaseLock(ReleaseLockRequest.newBuilder()
                .setSessionId(session.id()).setName("orders").setOwnerId("worker").build()));

        assertThat(shown.code()).isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(shown.reason()).isEqualTo("LOCK_NOT_HELD");
    }

    @Test
    void a_claim_leaves_its_queue_by_another_call() {
        acquire(served.session("a"), "orders");
        AttachedSession waits = served.session("b");
        var waiter = waitFor(ask(waits, "orders").setWaitForever(Empty.getDefaultInstance()));
        await().until(() -> !lock("default/orders").queue().isEmpty());

        CancelAcquireResponse response = served.locks().cancelAcquire(CancelAcquireRequest.newBuilder()
                .setSessionId(waits.id()).setName("orders").setOwnerId("worker").build());

        assertThat(response.getCancelled()).isTrue();
        assertThat(Shown.of(waiter.error()).metadata()).containsEntry("cause", "CANCELLED");
    }

    @Test
    void a_cancel_that_comes_after_the_grant_tells_the_token() {
        AttachedSession session = served.session("a");
        long token = acquire(session, "orders");

        CancelAcquireResponse response = served.locks().cancelAcquire(CancelAcquireRequest.newBuilder()
                .setSessionId(session.id()).setName("orders").setOwnerId("worker").build());

        assertThat(response.getCancelled()).isFalse();
        assertThat(response.getFencingToken()).isEqualTo(token);
    }

    @Test
    void a_broken_lock_is_told_to_who_held_it_with_the_reason() {
        AttachedSession session = served.session("a");
        session.received().next();
        long token = acquire(session, "orders");

        served.locks().breakLock(BreakLockRequest.newBuilder().setName("orders").setReason("stuck").build());

        AttachSessionResponse.ClaimLost lost = session.received().next().getClaimLost();
        assertThat(lost.getKind()).isEqualTo(ClaimKind.CLAIM_KIND_LOCK);
        assertThat(lost.getNamespace()).isEqualTo("default");
        assertThat(lost.getName()).isEqualTo("orders");
        assertThat(lost.getFencingToken()).isEqualTo(token);
        assertThat(lost.getCause()).isEqualTo(Cause.CAUSE_BROKEN);
        assertThat(lost.getReason()).isEqualTo("stuck");
    }

    @Test
    void a_lock_is_shown_with_who_holds_it_and_who_waits() {
        AttachedSession holder = served.session("holder");
        acquire(holder, "orders");
        waitFor(ask(served.session("waiter"), "orders").setWaitForever(Empty.getDefaultInstance()));
        await().until(() -> !lock("default/orders").queue().isEmpty());

        Lock shown = served.locks().getLock(GetLockRequest.newBuilder().setName("orders").build()).getLock();

        assertThat(shown.getName()).isEqualTo("orders");
        assertThat(shown.getHolders(0).getClaimant().getIdentity()).isEqualTo("holder");
        assertThat(shown.getQueue(0).getClaimant().getIdentity()).isEqualTo("waiter");
        assertThat(shown.getQueue(0).getPosition()).isEqualTo(1);
    }

    @Test
    void a_lock_that_nobody_uses_is_shown_empty() {
        Lock shown = served.locks().getLock(GetLockRequest.newBuilder().setName("orders").build()).getLock();

        assertThat(shown.getHoldersCount() + shown.getQueueCount()).isZero();
    }

    @Test
    void locks_are_listed_page_by_page_within_their_namespace() {
        AttachedSession session = served.session("a");
        for (String name : List.of("c", "a", "b", "other")) {
            acquire(session, name);
        }
        served.locks().acquireLock(ask(session, "elsewhere").setNamespace("n").build());

        ListLocksResponse first = served.locks().listLocks(
                ListLocksRequest.newBuilder().setPageSize(3).build());
        ListLocksResponse second = served.locks().listLocks(ListLocksRequest.newBuilder().setPageSize(3)
                .setPageToken(first.getNextPageToken()).build());

        assertThat(first.getLocksList()).extracting(Lock::getName).containsExactly("a", "b", "c");
        assertThat(second.getLocksList()).extracting(Lock::getName).containsExactly("other");
        assertThat(second.getNextPageToken()).isEmpty();
    }

    @Test
    void locks_are_listed_by_prefix() {
        AttachedSession session = served.session("a");
        acquire(session, "orders/1");
        acquire(session, "orders/2");
        acquire(session, "bills/1");

        ListLocksResponse page = served.locks().listLocks(
                ListLocksRequest.newBuilder().setPrefix("orders/").build());

        assertThat(page.getLocksList()).extracting(Lock::getName).containsExactly("orders/1", "orders/2");
    }

    @Test
    void a_page_token_of_another_list_is_refused() {
        AttachedSession session = served.session("a");
        acquire(session, "a");
        acquire(session, "b");
        String token = served.locks().listLocks(ListLocksRequest.newBuilder().setPageSize(1).build())
                .getNextPageToken();

        Shown shown = Shown.of(() -> served.locks().listLocks(ListLocksRequest.newBuilder()
                .setPrefix("b").setPageToken(token).build()));

        assertThat(shown.fields()).containsExactly("page_token");
    }

    private CheckFencingTokenResponse check(long token) {
        return served.locks().checkFencingToken(CheckFencingTokenRequest.newBuilder()
                .setFence(Fence.newBuilder().setKind(ClaimKind.CLAIM_KIND_LOCK).setName("orders")
                        .setFencingToken(token))
                .build());
    }

    @Test
    void a_token_is_valid_while_its_grant_stands_and_stale_afterwards() {
        AttachedSession session = served.session("a");
        long token = acquire(session, "orders");

        assertThat(check(token).getState()).isEqualTo(FencingTokenState.FENCING_TOKEN_STATE_VALID);
        assertThat(check(token + 1_000).getState()).isEqualTo(FencingTokenState.FENCING_TOKEN_STATE_UNKNOWN);
        served.coordinator.expire(session.id());
        long next = acquire(served.session("b"), "orders");
        assertThat(check(token).getState()).isEqualTo(FencingTokenState.FENCING_TOKEN_STATE_STALE);
        assertThat(check(token).getCurrentFencingToken()).isEqualTo(next);
    }

    @Test
    void a_watch_shows_the_lock_first_and_then_what_happens_to_it() {
        var watch = new Received<WatchLockResponse>();
        LockServiceGrpc.newStub(served.channel).watchLock(
                WatchLockRequest.newBuilder().setName("orders").build(), watch);
        assertThat(watch.next().getState().getName()).isEqualTo("orders");

        AttachedSession session = served.session("a");
        long token = acquire(session, "orders");

        WatchLockResponse granted = watch.next();
        assertThat(granted.hasState()).isFalse();
        assertThat(granted.getRevision()).isEqualTo(token);
        assertThat(granted.getEventsList()).singleElement()
                .satisfies(e -> assertThat(e.getGranted().getFencingToken()).isEqualTo(token));
        served.coordinator.expire(session.id());
        assertThat(watch.next().getEvents(0).getLeft().getCause()).isEqualTo(Cause.CAUSE_SESSION_EXPIRED);
    }

    @Test
    void a_watch_of_a_quiet_lock_brings_bookmarks() {
        var watch = new Received<WatchLockResponse>();
        LockServiceGrpc.newStub(served.channel).watchLock(
                WatchLockRequest.newBuilder().setName("orders").build(), watch);
        watch.next();

        served.coordinator.bookmark();

        WatchLockResponse bookmark = watch.next();
        assertThat(bookmark.hasState()).isFalse();
        assertThat(bookmark.getEventsCount()).isZero();
    }

    @Test
    void a_watch_shows_the_lock_anew_after_a_gap() {
        var watch = new Received<WatchLockResponse>();
        LockServiceGrpc.newStub(served.channel).watchLock(
                WatchLockRequest.newBuilder().setName("orders").build(), watch);
        watch.next();

        served.coordinator.resetWatches();

        assertThat(watch.next().hasState()).isTrue();
    }

    @Test
    void a_lock_needs_a_session_that_is_attached_here() {
        AttachedSession session = served.session("a");
        served.coordinator.failNext(Failure.SESSION_NOT_ATTACHED, false, null, 0);

        Shown shown = Shown.of(() -> served.locks().acquireLock(ask(session, "orders").build()));

        assertThat(shown.code()).isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(shown.reason()).isEqualTo("SESSION_NOT_ATTACHED");
    }

    @Test
    void every_wrong_field_is_named() {
        Shown shown = Shown.of(() -> served.locks().acquireLock(AcquireLockRequest.newBuilder()
                .setNamespace("a/b").setSessionId(-1).setName("not a name").setMaxHolders(3)
                .setWaitFor(Duration.newBuilder().setSeconds(-1))
                .setRequest(Request.newBuilder().setRequestId(1).setAckedBelow(2)).build()));

        assertThat(shown.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(shown.reason()).isEqualTo("NAME_INVALID");
        assertThat(shown.fields()).contains("namespace", "name", "owner_id", "max_holders", "wait_for");
        assertThat(shown.text()).contains("and 5 more");
    }

    @Test
    void a_name_that_is_too_long_with_its_namespace_is_told_both_lengths() {
        Shown shown = Shown.of(() -> served.locks().getLock(GetLockRequest.newBuilder()
                .setNamespace("team-a").setName("x".repeat(250)).build()));

        assertThat(shown.reason()).isEqualTo("NAME_INVALID");
        assertThat(shown.text()).contains("250").contains("257").contains("256").contains("team-a/");
    }

    @Test
    void a_claim_without_a_session_is_told_to_open_one() {
        Shown shown = Shown.of(() -> served.locks().acquireLock(AcquireLockRequest.newBuilder()
                .setName("orders").setOwnerId("worker").build()));

        assertThat(shown.code()).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(shown.reason()).isEqualTo("SESSION_NOT_FOUND");
    }

    @Test
    void a_read_may_be_stale_or_at_least_of_a_revision() {
        for (ReadOptions read : List.of(
                ReadOptions.newBuilder().setStale(Empty.getDefaultInstance()).build(),
                ReadOptions.newBuilder().setAtLeastRevision(1).build(),
                ReadOptions.newBuilder().setLinearizable(Empty.getDefaultInstance()).build())) {
            assertThat(served.locks().getLock(GetLockRequest.newBuilder().setName("a").setRead(read).build())
                    .getRevision()).isPositive();
        }
    }
}
