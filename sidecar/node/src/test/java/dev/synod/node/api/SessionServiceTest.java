package dev.synod.node.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import dev.synod.coordination.v1.AcquireLockRequest;
import dev.synod.coordination.v1.AttachSessionRequest;
import dev.synod.coordination.v1.AttachSessionResponse;
import dev.synod.coordination.v1.BreakLockRequest;
import dev.synod.coordination.v1.Cause;
import dev.synod.coordination.v1.CloseSessionRequest;
import dev.synod.coordination.v1.CreateSessionRequest;
import dev.synod.coordination.v1.CreateSessionResponse;
import dev.synod.coordination.v1.GetSessionRequest;
import dev.synod.coordination.v1.ListSessionsRequest;
import dev.synod.coordination.v1.ListSessionsResponse;
import dev.synod.coordination.v1.Session;
import dev.synod.coordination.v1.SessionServiceGrpc;
import dev.synod.coordination.v1.SessionState;
import dev.synod.member.SessionStatus;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SessionServiceTest {
    private final ServedCoordinator served = new ServedCoordinator();

    @AfterEach
    void close() throws InterruptedException {
        served.close();
        assertThat(served.defects()).isEmpty();
    }

    private CreateSessionResponse create(CreateSessionRequest.Builder request) {
        return served.sessions().createSession(request.build());
    }

    private boolean lives(long session) {
        return served.coordinator.look(state -> state.session(session)) != null;
    }

    private static boolean guarantees(ServedCoordinator served, long session) {
        boolean[] guarantees = new boolean[1];
        served.coordinator.play(() -> guarantees[0] = served.api.sessions().guarantees(session));
        return guarantees[0];
    }

    private static Duration seconds(long seconds) {
        return Duration.newBuilder().setSeconds(seconds).build();
    }

    @Test
    void a_session_is_created_with_a_secret_of_its_own() {
        CreateSessionResponse one = create(CreateSessionRequest.newBuilder());
        CreateSessionResponse other = create(CreateSessionRequest.newBuilder());

        assertThat(one.getSecret().size()).isEqualTo(32);
        assertThat(one.getSecret()).isNotEqualTo(other.getSecret());
        assertThat(one.getGrantedTtl()).isEqualTo(seconds(10));
        assertThat(one.getAttachGeneration()).isEqualTo(1);
        assertThat(one.getRevision()).isPositive();
    }

    @Test
    void the_log_never_sees_the_secret() {
        CreateSessionResponse created = create(CreateSessionRequest.newBuilder());

        var hash = served.coordinator.look(state -> state.session(created.getSessionId())).secretHash();

        assertThat(hash).isEqualTo(Secrets.hash(created.getSecret()));
        assertThat(hash.array()).isNotEqualTo(created.getSecret().toByteArray());
    }

    @Test
    void the_first_stream_of_a_new_session_costs_no_command() {
        CreateSessionResponse created = create(CreateSessionRequest.newBuilder());
        int applied = served.coordinator.applied();

        AttachSessionResponse first = served.attach(served.channel, created).received().next();

        assertThat(first.getAttached().getAttachGeneration()).isEqualTo(1);
        assertThat(first.getAttached().getState()).isEqualTo(SessionState.SESSION_STATE_ACTIVE);
        assertThat(first.getAttached().getGuaranteedFor()).isEqualTo(seconds(10));
        assertThat(first.getAttached().getTtl()).isEqualTo(seconds(10));
        assertThat(first.getRevision()).isPositive();
        assertThat(served.coordinator.applied()).isEqualTo(applied);
    }

    @Test
    void every_heartbeat_is_answered_with_its_sequence_and_the_guarantee() {
        AttachedSession session = served.session("a");
        session.received().next();

        session.heartbeat(1);
        session.heartbeat(5);

        assertThat(session.received().next().getHeartbeatReply().getSequence()).isEqualTo(1);
        AttachSessionResponse.HeartbeatReply reply = session.received().next().getHeartbeatReply();
        assertThat(reply.getSequence()).isEqualTo(5);
        assertThat(reply.getState()).isEqualTo(SessionState.SESSION_STATE_ACTIVE);
        assertThat(reply.getGuaranteedFor()).isEqualTo(seconds(10));
    }

    @Test
    void a_session_in_danger_is_told_so_at_once() {
        AttachedSession session = served.session("a");
        session.received().next();

        served.coordinator.stand(session.id(), SessionStatus.SUSPENDED, java.time.Duration.ofSeconds(3));
        served.coordinator.stand(session.id(), SessionStatus.JEOPARDY, java.time.Duration.ZERO);
        served.coordinator.stand(session.id(), SessionStatus.ACTIVE, java.time.Duration.ofSeconds(9));

        AttachSessionResponse.StateChange change = session.received().next().getStateChange();
        assertThat(change.getState()).isEqualTo(SessionState.SESSION_STATE_SUSPENDED);
        assertThat(change.getGuaranteedFor()).isEqualTo(seconds(3));
        change = session.received().next().getStateChange();
        assertThat(change.getState()).isEqualTo(SessionState.SESSION_STATE_JEOPARDY);
        assertThat(change.getGuaranteedFor()).isEqualTo(seconds(0));
        assertThat(session.received().next().getStateChange().getState())
                .isEqualTo(SessionState.SESSION_STATE_ACTIVE);
    }

    @Test
    void nothing_is_guaranteed_here_in_jeopardy() {
        AttachedSession session = served.session("a");
        session.received().next();
        assertThat(guarantees(served, session.id())).isTrue();

        served.coordinator.stand(session.id(), SessionStatus.JEOPARDY, java.time.Duration.ZERO);

        assertThat(guarantees(served, session.id())).isFalse();
    }

    @Test
    void an_expired_session_is_told_so_and_its_stream_ends() {
        AttachedSession session = served.session("a");
        session.received().next();

        served.coordinator.expire(session.id());

        AttachSessionResponse.StateChange change = session.received().next().getStateChange();
        assertThat(change.getState()).isEqualTo(SessionState.SESSION_STATE_EXPIRED);
        assertThat(change.getCause()).isEqualTo(Cause.CAUSE_SESSION_EXPIRED);
        session.received().end();
    }

    @Test
    void a_closed_session_is_told_that_it_was_closed() {
        AttachedSession session = served.session("a");
        session.received().next();
        var request = CloseSessionRequest.newBuilder().setSessionId(session.id()).build();

        assertThat(served.sessions().closeSession(request).getClosed()).isTrue();

        assertThat(session.received().next().getStateChange().getCause())
                .isEqualTo(Cause.CAUSE_SESSION_CLOSED);
        session.received().end();
        assertThat(served.sessions().closeSession(request).getClosed()).isFalse();
    }

    @Test
    void a_session_that_never_was_cannot_be_closed() {
        Shown shown = Shown.of(() -> served.sessions().closeSession(
                CloseSessionRequest.newBuilder().setSessionId(99).build()));

        assertThat(shown.reason()).isEqualTo("SESSION_NOT_FOUND");
    }

    @Test
    void a_stream_that_is_cut_leaves_the_grace_to_come_back() {
        CreateSessionResponse created = create(CreateSessionRequest.newBuilder());
        AttachedSession first = served.attach(served.channel, created);
        first.received().next();
        first.received().cancel();
        await().until(() -> !guarantees(served, first.id()));

        AttachedSession second = served.attach(served.channel, created);

        assertThat(second.received().next().getAttached().getAttachGeneration()).isEqualTo(2);
        assertThat(lives(created.getSessionId())).isTrue();
    }

    @Test
    void a_session_whose_application_does_not_come_back_is_ended() {
        AttachedSession session = served.session("a");
        session.received().next();

        session.requests().onCompleted();

        session.received().end();
        await().until(() -> !lives(session.id()));
    }

    @Test
    void connections_that_the_process_closes_at_its_own_end_end_no_session() {
        CreateSessionResponse created = create(CreateSessionRequest.newBuilder());
        var received = new Received<AttachSessionResponse>();
        SessionServiceGrpc.newStub(served.channel).attachSession(received)
                .onNext(AttachSessionRequest.newBuilder().setAttach(AttachSessionRequest.Attach.newBuilder()
                        .setSessionId(created.getSessionId()).setSecret(created.getSecret())
                        .setOnDisconnectGrace(Duration.getDefaultInstance())).build());
        received.next();

        served.coordinator.play(served.api::ending);
        received.cancel();

        await().until(() -> !guarantees(served, created.getSessionId()));
        assertThat(lives(created.getSessionId())).isTrue();
    }

    @Test
    void a_connection_that_breaks_before_the_stream_was_opened_ends_the_session() {
        ManagedChannel other = served.connect();
        CreateSessionResponse created = SessionServiceGrpc.newBlockingStub(other)
                .createSession(CreateSessionRequest.getDefaultInstance());

        other.shutdownNow();

        await().until(() -> !lives(created.getSessionId()));
    }

    @Test
    void a_session_that_is_attached_elsewhere_is_told_that_it_moved() {
        AttachedSession first = served.session("a");
        first.received().next();

        AttachedSession second = served.attach(served.connect(), first.created());

        assertThat(second.received().next().getAttached().getAttachGeneration()).isEqualTo(2);
        assertThat(first.received().next().getStateChange().getState())
                .isEqualTo(SessionState.SESSION_STATE_MOVED);
        first.received().end();
        assertThat(guarantees(served, first.id())).isTrue();
    }

    @Test
    void an_application_that_sends_no_heartbeat_for_the_ttl_loses_its_session() {
        CreateSessionResponse created = create(CreateSessionRequest.newBuilder().setTtl(seconds(1)));
        AttachedSession session = served.attach(served.channel, created);
        session.received().next();

        Shown shown = Shown.of(session.received().error());

        assertThat(shown.reason()).isEqualTo("SESSION_NOT_ATTACHED");
        assertThat(shown.text()).contains("1000 ms");
        await().until(() -> !lives(session.id()));
    }

    @Test
    void a_session_is_not_attached_with_a_wrong_secret() {
        CreateSessionResponse created = create(CreateSessionRequest.newBuilder());
        var forged = created.toBuilder().setSecret(ByteString.copyFrom(new byte[32])).build();

        Shown shown = Shown.of(served.attach(served.channel, forged).received().error());

        assertThat(shown.code()).isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(shown.reason()).isEqualTo("SESSION_SECRET_WRONG");
    }

    @Test
    void a_session_that_ended_is_not_attached() {
        CreateSessionResponse created = create(CreateSessionRequest.newBuilder());
        served.coordinator.expire(created.getSessionId());

        Shown shown = Shown.of(served.attach(served.channel, created).received().error());

        assertThat(shown.code()).isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(shown.reason()).isEqualTo("SESSION_EXPIRED");
    }

    @Test
    void what_was_lost_before_the_stream_came_is_told_on_it() {
        CreateSessionResponse created = create(CreateSessionRequest.newBuilder());
        served.locks().acquireLock(AcquireLockRequest.newBuilder().setSessionId(created.getSessionId())
                .setName("orders").setOwnerId("worker").build());
        served.locks().breakLock(BreakLockRequest.newBuilder().setName("orders").build());

        AttachedSession session = served.attach(served.channel, created);

        assertThat(session.received().next().hasAttached()).isTrue();
        assertThat(session.received().next().getClaimLost().getName()).isEqualTo("orders");
    }

    private Received<AttachSessionResponse> stream(AttachSessionRequest... requests) {
        var received = new Received<AttachSessionResponse>();
        var stream = SessionServiceGrpc.newStub(served.channel).attachSession(received);
        for (AttachSessionRequest request : requests) {
            stream.onNext(request);
        }
        return received;
    }

    @Test
    void a_stream_must_attach_before_it_beats() {
        var beat = AttachSessionRequest.newBuilder()
                .setHeartbeat(AttachSessionRequest.Heartbeat.newBuilder().setSequence(1)).build();

        assertThat(Shown.of(stream(beat).error()).reason()).isEqualTo("MALFORMED");
        assertThat(Shown.of(stream(AttachSessionRequest.getDefaultInstance()).error()).reason())
                .isEqualTo("MALFORMED");
    }

    @Test
    void a_stream_attaches_once() {
        CreateSessionResponse created = create(CreateSessionRequest.newBuilder());
        var attach = AttachSessionRequest.newBuilder().setAttach(AttachSessionRequest.Attach.newBuilder()
                .setSessionId(created.getSessionId()).setSecret(created.getSecret())).build();

        var received = stream(attach, attach);

        received.next();
        assertThat(Shown.of(received.error()).reason()).isEqualTo("MALFORMED");
    }

    @Test
    void a_session_is_shown_with_its_labels_and_without_its_secret() {
        CreateSessionResponse created = create(CreateSessionRequest.newBuilder().setIdentity("orders-0")
                .putLabels("pod", "orders-0").putLabels("container", "app").setTtl(seconds(30)));

        Session session = served.sessions().getSession(
                GetSessionRequest.newBuilder().setSessionId(created.getSessionId()).build()).getSession();

        assertThat(session.getIdentity()).isEqualTo("orders-0");
        assertThat(session.getLabelsMap()).containsEntry("pod", "orders-0").containsEntry("container", "app");
        assertThat(session.getTtl()).isEqualTo(seconds(30));
    }

    @Test
    void a_session_that_does_not_live_is_not_found() {
        Shown shown = Shown.of(() -> served.sessions().getSession(
                GetSessionRequest.newBuilder().setSessionId(7).build()));

        assertThat(shown.code()).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(shown.reason()).isEqualTo("SESSION_NOT_FOUND");
    }

    @Test
    void sessions_are_listed_page_by_page() {
        for (int i = 0; i < 3; i++) {
            create(CreateSessionRequest.newBuilder().setIdentity("app-" + i));
        }

        ListSessionsResponse first = served.sessions().listSessions(
                ListSessionsRequest.newBuilder().setPageSize(2).build());
        ListSessionsResponse second = served.sessions().listSessions(ListSessionsRequest.newBuilder()
                .setPageSize(2).setPageToken(first.getNextPageToken()).build());

        assertThat(first.getSessionsList()).extracting(Session::getIdentity)
                .containsExactly("app-0", "app-1");
        assertThat(second.getSessionsList()).extracting(Session::getIdentity).containsExactly("app-2");
        assertThat(second.getNextPageToken()).isEmpty();
    }

    @Test
    void what_is_wrong_with_a_new_session_is_named() {
        var request = CreateSessionRequest.newBuilder().setTtl(seconds(0)).setIdentity("x".repeat(257))
                .setOnDisconnectGrace(seconds(20)).putLabels("a", "y".repeat(257));

        Shown shown = Shown.of(() -> create(request));

        assertThat(shown.reason()).isEqualTo("ARGUMENT_INVALID");
        assertThat(shown.fields()).containsExactly("ttl", "identity", "labels[a]", "on_disconnect_grace");
        assertThat(shown.text()).contains("0 ms").contains("1000 to 3600000 ms").contains("3 more");
    }
}
