package dev.synod.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.coordination.v1.AcquireLockRequest;
import dev.synod.coordination.v1.AcquireLockResponse;
import dev.synod.coordination.v1.AttachSessionResponse;
import dev.synod.coordination.v1.CreateSessionResponse;
import dev.synod.coordination.v1.LockServiceGrpc;
import dev.synod.coordination.v1.SessionState;
import dev.synod.node.api.ApiSettings;
import dev.synod.node.api.AttachedSession;
import dev.synod.node.api.Received;
import dev.synod.node.api.ServedCoordinator;
import dev.synod.node.api.Shown;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an agent makes of members that answer late, or in an order that takes luck to meet. */
class AgentMovesTest {
    /** For its event loop and its servers. */
    private final ServedCoordinator served = new ServedCoordinator();
    private final ScriptedMember first = new ScriptedMember(served.group());
    private final ScriptedMember second = new ScriptedMember(served.group());
    private Agent agent;
    private ManagedChannel channel;

    @BeforeEach
    void open() {
        agent = new Agent(ApiSettings.of("orders", "app-7", null),
                new AgentSettings(List.of(first.address(), second.address())), () -> null, served.loop());
        channel = served.connect(served.serve(agent, 0).getPort());
    }

    @AfterEach
    void close() {
        served.coordinator.play(agent::close);
        first.close();
        second.close();
        served.close();
        assertThat(served.defects()).isEmpty();
    }

    /** The agent speaks to {@code to} from here on; the other one is gone. */
    private void moveTo(ScriptedMember to) {
        (to == first ? second : first).close();
        to.becomeReady();
    }

    /** The session 7, whose stream waits for its member. */
    private AttachedSession session() {
        return served.attach(channel, CreateSessionResponse.newBuilder().setSessionId(7).build());
    }

    private Received<AcquireLockResponse> acquire() {
        var received = new Received<AcquireLockResponse>();
        LockServiceGrpc.newStub(channel).acquireLock(AcquireLockRequest.newBuilder().setSessionId(7)
                .setName("orders").setOwnerId("worker").build(), received);
        return received;
    }

    private static void grant(StreamObserver<AcquireLockResponse> call, long token) {
        call.onNext(AcquireLockResponse.newBuilder().setAcquired(true).setFencingToken(token).build());
        call.onCompleted();
    }

    private static SessionState stateOf(AttachSessionResponse response) {
        return response.getStateChange().getState();
    }

    // Grants.

    @Test
    void a_grant_that_comes_in_jeopardy_is_not_told_when_the_session_has_ended() {
        moveTo(second);
        AttachedSession session = session();
        ScriptedMember.Attaching member = second.attaching();
        member.attached(1);
        assertThat(session.received().next().hasAttached()).isTrue();
        Received<AcquireLockResponse> asked = acquire();
        StreamObserver<AcquireLockResponse> call = second.acquiring();
        member.stands(SessionState.SESSION_STATE_JEOPARDY);
        assertThat(stateOf(session.received().next())).isEqualTo(SessionState.SESSION_STATE_JEOPARDY);

        grant(call, 5);
        member.end(SessionState.SESSION_STATE_EXPIRED);

        Shown shown = Shown.of(asked.error());
        assertThat(shown.code()).isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(shown.reason()).isEqualTo("CLAIM_LOST");
        assertThat(shown.metadata()).containsEntry("cause", "SESSION_EXPIRED");
    }

    @Test
    void a_grant_that_comes_in_jeopardy_is_told_once_the_session_is_active_again() {
        moveTo(second);
        AttachedSession session = session();
        ScriptedMember.Attaching member = second.attaching();
        member.attached(1);
        assertThat(session.received().next().hasAttached()).isTrue();
        Received<AcquireLockResponse> asked = acquire();
        StreamObserver<AcquireLockResponse> call = second.acquiring();
        member.stands(SessionState.SESSION_STATE_JEOPARDY);
        assertThat(stateOf(session.received().next())).isEqualTo(SessionState.SESSION_STATE_JEOPARDY);

        grant(call, 5);
        member.answerNext();

        assertThat(stateOf(session.received().next())).isEqualTo(SessionState.SESSION_STATE_ACTIVE);
        assertThat(asked.next().getFencingToken()).isEqualTo(5);
        asked.end();
    }

    @Test
    void that_a_lock_was_not_had_is_told_in_jeopardy_too() {
        moveTo(second);
        AttachedSession session = session();
        ScriptedMember.Attaching member = second.attaching();
        member.attached(1);
        assertThat(session.received().next().hasAttached()).isTrue();
        Received<AcquireLockResponse> asked = acquire();
        StreamObserver<AcquireLockResponse> call = second.acquiring();
        member.stands(SessionState.SESSION_STATE_JEOPARDY);

        call.onNext(AcquireLockResponse.getDefaultInstance());
        call.onCompleted();

        assertThat(asked.next().getAcquired()).isFalse();
        asked.end();
    }

    @Test
    void a_grant_held_back_while_its_session_moves_is_asked_for_anew_where_the_session_is() {
        first.becomeReady();
        AttachedSession session = session();
        ScriptedMember.Attaching before = first.attaching();
        before.attached(1);
        assertThat(session.received().next().hasAttached()).isTrue();
        Received<AcquireLockResponse> asked = acquire();
        StreamObserver<AcquireLockResponse> call = first.acquiring();
        before.stands(SessionState.SESSION_STATE_JEOPARDY);
        assertThat(stateOf(session.received().next())).isEqualTo(SessionState.SESSION_STATE_JEOPARDY);
        grant(call, 5);

        moveTo(second);
        second.attaching().attached(2);
        grant(second.acquiring(), 6);

        assertThat(asked.next().getFencingToken()).isEqualTo(6);
        asked.end();
    }

    // Attachments left behind.

    @Test
    void an_attachment_left_behind_that_comes_about_late_takes_nothing_from_the_application() {
        first.becomeReady();
        AttachedSession session = session();
        ScriptedMember.Attaching leftBehind = first.attaching();
        first.becomeUnready();
        second.becomeReady();
        ScriptedMember.Attaching member = second.attaching();
        member.attached(2);
        assertThat(session.received().next().getAttached().getAttachGeneration()).isEqualTo(2);

        leftBehind.attached(3);
        member.end(SessionState.SESSION_STATE_MOVED);
        member = second.attaching();
        member.attached(4);

        assertThat(session.received().next().getAttached().getAttachGeneration()).isEqualTo(4);

        // The next who takes it is another.
        member.end(SessionState.SESSION_STATE_MOVED);
        assertThat(stateOf(session.received().next())).isEqualTo(SessionState.SESSION_STATE_MOVED);
        session.received().end();
    }

    @Test
    void a_session_that_its_application_attached_elsewhere_is_not_fought_for() {
        moveTo(second);
        AttachedSession session = session();
        ScriptedMember.Attaching member = second.attaching();
        member.attached(1);
        assertThat(session.received().next().hasAttached()).isTrue();

        member.end(SessionState.SESSION_STATE_MOVED);

        assertThat(stateOf(session.received().next())).isEqualTo(SessionState.SESSION_STATE_MOVED);
        session.received().end();
    }
}
