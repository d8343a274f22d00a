package dev.synod.node.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Empty;
import dev.synod.coordination.v1.AcquireLockRequest;
import dev.synod.coordination.v1.AcquireLockResponse;
import dev.synod.coordination.v1.AttachSessionResponse;
import dev.synod.coordination.v1.BreakLockRequest;
import dev.synod.coordination.v1.CheckFencingTokenRequest;
import dev.synod.coordination.v1.ClaimKind;
import dev.synod.coordination.v1.CreateSessionRequest;
import dev.synod.coordination.v1.CreateSessionResponse;
import dev.synod.coordination.v1.Fence;
import dev.synod.coordination.v1.FencingTokenState;
import dev.synod.coordination.v1.GetLockRequest;
import dev.synod.coordination.v1.GetValueRequest;
import dev.synod.coordination.v1.LockServiceGrpc;
import dev.synod.coordination.v1.PutValueRequest;
import dev.synod.coordination.v1.Request;
import dev.synod.coordination.v1.SessionServiceGrpc;
import dev.synod.coordination.v1.SessionState;
import dev.synod.coordination.v1.ValueServiceGrpc;
import dev.synod.coordination.v1.WatchLockRequest;
import dev.synod.coordination.v1.WatchLockResponse;
import dev.synod.member.Failure;
import dev.synod.node.api.ApiSettings;
import dev.synod.node.api.AttachedSession;
import dev.synod.node.api.NativeApi;
import dev.synod.node.api.Received;
import dev.synod.node.api.ServedCoordinator;
import dev.synod.node.api.Shown;
import dev.synod.node.door.Door;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("whole")
class AgentTest {
    private static final ApiSettings SETTINGS = ApiSettings.of("orders", "app-7", null);

    /** Two members over one state. */
    private final ServedCoordinator first = new ServedCoordinator();
    private final AtomicBoolean secondFit = new AtomicBoolean(false);
    private NativeApi second;
    private Server secondServer;
    private Agent agent;
    private ManagedChannel channel;

    @BeforeEach
    void open() {
        second = first.another(SETTINGS, secondFit);
        secondServer = first.serve(second, 0);
        agent = new Agent(SETTINGS,
                new AgentSettings(List.of(local(first.port()), local(secondServer.getPort()))),
                () -> null, first.loop());
        channel = first.connect(first.serve(agent, 0).getPort());
        await().until(this::connected);
    }

    private static InetSocketAddress local(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    @AfterEach
    void close() throws InterruptedException {
        first.coordinator.play(agent::close);
        first.close();
        assertThat(first.defects()).isEmpty();
    }

    private boolean connected() {
        return CompletableFuture.supplyAsync(agent::connected, first.group()).join();
    }

    private boolean guarantees(long session) {
        return CompletableFuture.supplyAsync(
                () -> agent.sessions().guarantees(session), first.group()).join();
    }

    /** From here on only the second member is ready. */
    private void moveToSecond() {
        secondFit.set(true);
        first.ready.set(false);
        first.coordinator.play(() -> {
            second.readinessChanged();
            first.api.readinessChanged();
        });
    }

    private LockServiceGrpc.LockServiceBlockingStub locks() {
        return LockServiceGrpc.newBlockingStub(channel);
    }

    private ValueServiceGrpc.ValueServiceBlockingStub values() {
        return ValueServiceGrpc.newBlockingStub(channel);
    }

    private CreateSessionResponse create(CreateSessionRequest.Builder request) {
        return SessionServiceGrpc.newBlockingStub(channel).createSession(request.build());
    }

    private AttachedSession session() {
        return first.attach(channel, create(CreateSessionRequest.newBuilder()));
    }

    private static AcquireLockRequest ask(AttachedSession session) {
        return AcquireLockRequest.newBuilder().setSessionId(session.id()).setName("orders")
                .setOwnerId("worker").build();
    }

    private static AttachSessionResponse nextState(AttachedSession session, SessionState state) {
        AttachSessionResponse next = session.received().next();
        while (next.getStateChange().getState() != state) {
            next = session.received().next();
        }
        return next;
    }

    private boolean lives(long session) {
        return first.coordinator.look(state -> state.session(session)) != null;
    }

    // Calls.

    @Test
    void a_call_is_passed_on_and_so_is_its_answer() {
        values().putValue(
                PutValueRequest.newBuilder().setKey("a").setValue(ByteString.copyFromUtf8("x")).build());

        assertThat(values().getValue(GetValueRequest.newBuilder().setKey("a").build()).getValue().getValue()
                .toStringUtf8()).isEqualTo("x");
    }

    @Test
    void an_error_comes_back_with_all_its_details() {
        Shown wrong = Shown.of(() -> locks().getLock(GetLockRequest.newBuilder().setName("a b").build()));
        first.coordinator.failNext(Failure.NO_LEADER, true, null, 0);
        Shown failed = Shown.of(() -> values().putValue(PutValueRequest.newBuilder().setKey("a").build()));

        assertThat(wrong.reason()).isEqualTo("NAME_INVALID");
        assertThat(wrong.fields()).containsExactly("name");
        assertThat(failed.reason()).isEqualTo("NO_LEADER");
        assertThat(failed.metadata()).containsEntry("maybe_applied", "true");
        assertThat(failed.retryable()).isTrue();
    }

    @Test
    void a_deadline_goes_with_its_call() {
        first.coordinator.fallSilent();

        Shown shown = Shown.of(() -> values().withDeadlineAfter(200, TimeUnit.MILLISECONDS)
                .putValue(PutValueRequest.newBuilder().setKey("a").build()));

        assertThat(shown.code()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    }

    @Test
    void a_watch_is_passed_on_and_its_cancel_too() {
        var watch = new Received<WatchLockResponse>();
        LockServiceGrpc.newStub(channel).watchLock(WatchLockRequest.newBuilder().setName("orders").build(),
                watch);
        assertThat(watch.next().hasState()).isTrue();
        assertThat(locks().acquireLock(ask(session())).getAcquired()).isTrue();
        assertThat(watch.next().getEvents(0).hasGranted()).isTrue();

        watch.cancel();

        await().until(() -> first.coordinator.watches() == 0);
    }

    @Test
    void who_cancels_a_call_that_waits_leaves_the_queue() {
        locks().acquireLock(ask(session()));
        var waiter = new Received<AcquireLockResponse>();
        LockServiceGrpc.newStub(channel).acquireLock(
                ask(session()).toBuilder().setWaitForever(Empty.getDefaultInstance()).build(), waiter);
        await().until(() -> first.coordinator.look(s -> s.lock("default/orders")).queue().size() == 1);

        waiter.cancel();

        await().until(() -> first.coordinator.look(s -> s.lock("default/orders")).queue().isEmpty());
    }

    @Test
    void a_reader_that_is_slow_behind_the_agent_is_slow_for_the_member() {
        var slow = new Received<dev.synod.coordination.v1.WatchValuesResponse>(false);
        ValueServiceGrpc.newStub(channel).watchValues(
                dev.synod.coordination.v1.WatchValuesRequest.getDefaultInstance(), slow);
        await().until(() -> first.coordinator.watches() == 1);
        ByteString value = ByteString.copyFrom(new byte[16 << 10]);

        while (first.coordinator.watches() > 0) {
            values().putValue(PutValueRequest.newBuilder().setKey("a").setValue(value).build());
        }

        slow.read(Integer.MAX_VALUE);
        Object next = slow.any();
        while (!(next instanceof Throwable)) {
            next = slow.any();
        }
        assertThat(Shown.of((Throwable) next).reason()).isEqualTo("SLOW_CONSUMER");
    }

    // Failing over.

    @Test
    void calls_go_to_another_member_when_the_first_is_no_longer_ready() {
        moveToSecond();
        first.server().shutdownNow();

        values().putValue(PutValueRequest.newBuilder().setKey("a").build());

        assertThat(values().getValue(GetValueRequest.newBuilder().setKey("a").build()).getFound()).isTrue();
    }

    @Test
    void a_call_waits_for_a_member_and_is_made_when_there_is_one() {
        first.ready.set(false);
        first.coordinator.play(first.api::readinessChanged);
        await().until(() -> !connected());
        var got = new Received<dev.synod.coordination.v1.GetValueResponse>();
        ValueServiceGrpc.newStub(channel).getValue(GetValueRequest.newBuilder().setKey("a").build(), got);

        secondFit.set(true);
        first.coordinator.play(second::readinessChanged);

        assertThat(got.next().getFound()).isFalse();
    }

    @Test
    void a_call_that_finds_no_member_in_time_says_so() {
        first.ready.set(false);
        first.coordinator.play(first.api::readinessChanged);
        await().until(() -> !connected());
        var got = new Received<dev.synod.coordination.v1.GetValueResponse>();
        first.server().shutdownNow();
        secondServer.shutdownNow();

        ValueServiceGrpc.newStub(channel).getValue(GetValueRequest.newBuilder().setKey("a").build(), got);

        Shown shown = Shown.of(got.error());
        assertThat(shown.code()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(shown.reason()).isEqualTo("SIDECAR_UNAVAILABLE");
        assertThat(shown.metadata()).doesNotContainKey("maybe_applied");
    }

    @Test
    void a_write_that_was_under_way_when_its_member_was_lost_may_have_been_applied() {
        first.coordinator.fallSilent();
        var put = new Received<dev.synod.coordination.v1.PutValueResponse>();
        ValueServiceGrpc.newStub(channel).putValue(PutValueRequest.newBuilder().setKey("a").build(), put);
        await().until(() -> CompletableFuture.supplyAsync(
                () -> first.api.status().join().calls(), first.group()).join() == 1);

        first.server().shutdownNow();

        Shown shown = Shown.of(put.error());
        assertThat(shown.code()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(shown.metadata()).containsEntry("maybe_applied", "true");
    }

    @Test
    void a_write_that_its_session_remembers_is_made_again_elsewhere() {
        AttachedSession session = session();
        session.received().next();
        first.coordinator.fallSilent();
        var put = new Received<dev.synod.coordination.v1.PutValueResponse>();
        ValueServiceGrpc.newStub(channel).putValue(PutValueRequest.newBuilder().setKey("a")
                .setSessionId(session.id()).setRequest(Request.newBuilder().setRequestId(1)).build(), put);
        await().until(() -> CompletableFuture.supplyAsync(
                () -> first.api.status().join().calls(), first.group()).join() == 2);
        first.coordinator.speakAgain();
        secondFit.set(true);
        first.coordinator.play(second::readinessChanged);

        first.server().shutdownNow();

        assertThat(put.next().getRevision()).isPositive();
    }

    @Test
    void the_agent_is_ready_while_a_member_is_and_alive_anyway() {
        var health = HealthGrpc.newBlockingStub(channel);
        var ready = HealthCheckRequest.newBuilder().setService("ready").build();
        assertThat(health.check(ready).getStatus()).isEqualTo(ServingStatus.SERVING);

        first.ready.set(false);
        first.coordinator.play(first.api::readinessChanged);

        await().until(() -> health.check(ready).getStatus() == ServingStatus.NOT_SERVING);
        assertThat(health.check(HealthCheckRequest.getDefaultInstance()).getStatus())
                .isEqualTo(ServingStatus.SERVING);
        first.ready.set(true);
        first.coordinator.play(first.api::readinessChanged);
        await().until(() -> health.check(ready).getStatus() == ServingStatus.SERVING);
    }

    // Sessions.

    @Test
    void a_session_is_attached_through_the_agent_and_its_heartbeats_answered_by_it() {
        AttachedSession session = session();

        AttachSessionResponse.Attached attached = session.received().next().getAttached();
        session.heartbeat(9);

        assertThat(attached.getState()).isEqualTo(SessionState.SESSION_STATE_ACTIVE);
        assertThat(attached.getTtl().getSeconds()).isEqualTo(10);
        assertThat(attached.getGuaranteedFor().getSeconds()).isBetween(1L, 9L);
        AttachSessionResponse.HeartbeatReply reply = session.received().next().getHeartbeatReply();
        assertThat(reply.getSequence()).isEqualTo(9);
        assertThat(reply.getState()).isEqualTo(SessionState.SESSION_STATE_ACTIVE);
        assertThat(guarantees(session.id())).isTrue();
    }

    @Test
    void a_session_moves_with_its_agent_to_another_member_and_keeps_its_lock() {
        AttachedSession session = session();
        session.received().next();
        long token = locks().acquireLock(ask(session)).getFencingToken();

        moveToSecond();
        await().until(() -> CompletableFuture.supplyAsync(
                () -> second.sessions().guarantees(session.id()), first.group()).join());

        assertThat(locks().acquireLock(ask(session)).getFencingToken()).isEqualTo(token);
        assertThat(session.received().next().hasAttached()).isTrue();
        session.heartbeat(1);
        assertThat(session.received().next().getHeartbeatReply().getState())
                .isEqualTo(SessionState.SESSION_STATE_ACTIVE);
    }

    @Test
    void an_application_is_told_of_jeopardy_while_no_member_can_be_reached_and_of_its_end() {
        AttachedSession session = first.attach(channel, create(CreateSessionRequest.newBuilder()
                .setTtl(Duration.newBuilder().setSeconds(1))));
        session.received().next();
        first.coordinator.play(() -> first.coordinator.keepAfterDetach(true));
        first.server().shutdownNow();

        var beating = first.group().scheduleAtFixedRate(() -> session.heartbeat(1), 0, 100,
                TimeUnit.MILLISECONDS);
        AttachSessionResponse jeopardy = nextState(session, SessionState.SESSION_STATE_JEOPARDY);
        assertThat(jeopardy.getStateChange().getGuaranteedFor()).isEqualTo(Duration.getDefaultInstance());
        assertThat(guarantees(session.id())).isFalse();

        secondFit.set(true);
        first.coordinator.play(second::readinessChanged);
        nextState(session, SessionState.SESSION_STATE_ACTIVE);
        first.coordinator.expire(session.id());
        nextState(session, SessionState.SESSION_STATE_EXPIRED);
        session.received().end();
        beating.cancel(false);
    }

    @Test
    void a_session_whose_application_is_gone_is_closed_after_its_grace() {
        AttachedSession session = session();
        session.received().next();

        session.received().cancel();

        await().until(() -> !lives(session.id()));
    }

    @Test
    void an_application_comes_back_to_its_session_within_the_grace() {
        AttachedSession session = session();
        long generation = session.received().next().getAttached().getAttachGeneration();
        session.received().cancel();
        await().until(() -> !guarantees(session.id()));

        AttachedSession again = first.attach(channel, session.created());

        assertThat(again.received().next().getAttached().getAttachGeneration()).isEqualTo(generation);
        again.heartbeat(1);
        assertThat(again.received().next().getHeartbeatReply().getState())
                .isEqualTo(SessionState.SESSION_STATE_ACTIVE);
    }

    @Test
    void a_second_stream_of_a_session_ends_the_first() {
        AttachedSession session = session();
        session.received().next();

        AttachedSession other = first.attach(channel, session.created());

        assertThat(other.received().next().hasAttached()).isTrue();
        nextState(session, SessionState.SESSION_STATE_MOVED);
        session.received().end();
    }

    @Test
    void a_wrong_secret_is_refused_for_a_session_that_is_here_and_one_that_is_not() {
        AttachedSession session = session();
        session.received().next();
        CreateSessionResponse other = create(CreateSessionRequest.newBuilder());
        ByteString wrong = ByteString.copyFrom(new byte[32]);

        for (CreateSessionResponse forged : List.of(session.created(), other)) {
            Shown shown = Shown.of(first.attach(channel, forged.toBuilder().setSecret(wrong).build())
                    .received().error());
            assertThat(shown.reason()).isEqualTo("SESSION_SECRET_WRONG");
        }
    }

    @Test
    void a_lost_claim_is_told_through_the_agent() {
        AttachedSession session = session();
        session.received().next();
        locks().acquireLock(ask(session));

        locks().breakLock(BreakLockRequest.newBuilder().setName("orders").setReason("stuck").build());

        assertThat(session.received().next().getClaimLost().getReason()).isEqualTo("stuck");
    }

    @Test
    void who_may_have_missed_a_lost_claim_is_told_that_it_is_attached_again_and_looks() {
        AttachedSession session = session();
        long generation = session.received().next().getAttached().getAttachGeneration();
        long token = locks().acquireLock(ask(session)).getFencingToken();
        ManagedChannel elsewhere = first.connect(first.serve(first.api, 0).getPort());
        first.server().shutdownNow();
        await().until(() -> !connected() && !CompletableFuture.supplyAsync(
                () -> first.api.sessions().guarantees(session.id()), first.group()).join());

        LockServiceGrpc.newBlockingStub(elsewhere)
                .breakLock(BreakLockRequest.newBuilder().setName("orders").build());
        secondFit.set(true);
        first.coordinator.play(second::readinessChanged);

        AttachSessionResponse next = session.received().next();
        while (!next.hasAttached()) {
            assertThat(next.hasClaimLost()).isFalse();
            next = session.received().next();
        }
        assertThat(next.getAttached().getAttachGeneration()).isGreaterThan(generation);
        assertThat(next.getAttached().getState()).isEqualTo(SessionState.SESSION_STATE_ACTIVE);
        assertThat(locks().checkFencingToken(CheckFencingTokenRequest.newBuilder()
                .setFence(Fence.newBuilder().setKind(ClaimKind.CLAIM_KIND_LOCK).setName("orders")
                        .setFencingToken(token))
                .build()).getState()).isNotEqualTo(FencingTokenState.FENCING_TOKEN_STATE_VALID);
    }

    @Test
    void an_application_that_is_silent_for_its_ttl_loses_its_session() {
        AttachedSession session = first.attach(channel, create(CreateSessionRequest.newBuilder()
                .setTtl(Duration.newBuilder().setSeconds(1))));
        session.received().next();

        Shown shown = Shown.of(session.received().error());

        assertThat(shown.reason()).isEqualTo("SESSION_NOT_ATTACHED");
        await().until(() -> !lives(session.id()));
    }

    // What it has in common with a member.

    @Test
    void applications_are_told_that_the_agent_drains() {
        AttachedSession session = session();
        session.received().next();

        first.coordinator.play(() -> agent.drain(java.time.Duration.ofSeconds(7)));

        assertThat(session.received().next().getDraining().getStopsWithin().getSeconds()).isEqualTo(7);
        Shown shown = Shown.of(() -> locks().getLock(GetLockRequest.newBuilder().setName("a").build()));
        assertThat(shown.reason()).isEqualTo("DRAINING");
    }

    @Test
    void reflection_lists_every_service_of_an_agent() {
        var received = new Received<ServerReflectionResponse>();
        var stream = ServerReflectionGrpc.newStub(channel).serverReflectionInfo(received);

        stream.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());

        assertThat(received.next().getListServicesResponse().getServiceList())
                .extracting(ServiceResponse::getName).contains("synod.coordination.v1.LockService");
        stream.onNext(ServerReflectionRequest.newBuilder()
                .setFileContainingSymbol("synod.coordination.v1.LockService.AcquireLock").build());
        assertThat(received.next().getFileDescriptorResponse().getFileDescriptorProtoCount()).isPositive();
        stream.onCompleted();
    }

    @Test
    void the_door_of_an_agent_answers_as_that_of_a_member() {
        AttachedSession session = session();
        session.received().next();
        var door = CompletableFuture.supplyAsync(() -> new Door(agent), first.group()).join();
        var campaign = new Received<dev.synod.coordination.v1.CampaignResponse>();
        dev.synod.coordination.v1.ElectionServiceGrpc.newStub(channel).campaign(
                dev.synod.coordination.v1.CampaignRequest.newBuilder().setSessionId(session.id())
                        .setName("scheduler").setCandidateId("one").build(),
                campaign);
        campaign.next();

        int status = CompletableFuture.supplyAsync(
                () -> door.probe("GET", "/v1/elections/scheduler/is-leader"), first.group()).join().join()
                .status();

        assertThat(status).isEqualTo(200);
    }

    @Test
    void an_agent_without_members_is_refused() {
        assertThatThrownBy(() -> new AgentSettings(List.of()))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("7401");
    }
}
