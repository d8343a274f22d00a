package dev.synod.node.api;

import com.google.protobuf.Duration;
import dev.synod.coordination.v1.AttachSessionRequest;
import dev.synod.coordination.v1.AttachSessionResponse;
import dev.synod.coordination.v1.AttachSessionResponse.StateChange;
import dev.synod.coordination.v1.Cause;
import dev.synod.coordination.v1.ClaimKind;
import dev.synod.coordination.v1.SessionState;
import dev.synod.member.Answer;
import dev.synod.member.Failure;
import dev.synod.member.MemberEffects.SessionNotice;
import dev.synod.member.SessionStatus;
import dev.synod.node.Coordinator;
import dev.synod.node.Coordinator.Standing;
import dev.synod.state.Command;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The stream between an application and its sidecar. Heartbeats are asked for one by one, so that an
 * application that does not read its replies is not heard either, and ends by its silence.
 */
final class SessionStream implements StreamObserver<AttachSessionRequest> {
    private final Coordinator coordinator;
    private final Calls calls;
    private final Attachments attachments;
    private final Connection connection;
    private final ServerCallStreamObserver<AttachSessionResponse> out;
    private final Feed<AttachSessionResponse> feed;
    private final Turns turns = new Turns();
    private @Nullable Attachment attachment;
    private boolean attaching;
    private boolean gone;

    SessionStream(ServerCallStreamObserver<AttachSessionResponse> out, Feed.Bounds bounds,
            Coordinator coordinator, Calls calls, Attachments attachments, Connection connection) {
        this.out = out;
        this.coordinator = coordinator;
        this.calls = calls;
        this.attachments = attachments;
        this.connection = connection;
        this.feed = new Feed<>(out, bounds, this::leave);
        out.disableAutoRequest();
        out.request(1);
    }

    // From the application.

    @Override
    public void onNext(AttachSessionRequest request) {
        if (gone) {
            return;
        }
        switch (request.getMessageCase()) {
            case ATTACH -> attach(request.getAttach());
            case HEARTBEAT -> heartbeat(request.getHeartbeat());
            case MESSAGE_NOT_SET -> fail(Errors.malformed(
                    "a message of AttachSession says nothing; set attach first, and heartbeat later"));
        }
    }

    @Override
    public void onError(Throwable error) {
        leave();
    }

    @Override
    public void onCompleted() {
        leave();
        feed.complete();
    }

    private void attach(AttachSessionRequest.Attach attach) {
        if (attaching) {
            fail(Errors.malformed("a second attach on one stream; open another stream for another session"));
            return;
        }
        attaching = true;
        CompletableFuture<Attachment> attached;
        try {
            var fields = new Fields();
            long session = fields.session(attach.getSessionId());
            java.time.Duration grace = SessionService.grace(
                    fields, attach.hasOnDisconnectGrace(), attach.getOnDisconnectGrace());
            var command = new Command.AttachSession(session, Secrets.hash(attach.getSecret()));
            attached = attachments.attach(fields.checked(command), grace, connection);
        } catch (StatusRuntimeException e) {
            fail(e);
            return;
        }
        Defect.whenDone(attached, (done, error) -> {
            if (error != null || done == null) {
                fail(Calls.status(error == null ? Calls.unexpected("nothing") : error));
            } else if (gone) {
                attachments.disconnected(done);
            } else {
                join(done);
            }
        });
    }

    private void join(Attachment joined) {
        attachment = joined;
        attachments.heard(joined);
        withStanding(joined, standing -> {
            AttachSessionResponse.Builder response = AttachSessionResponse.newBuilder();
            response.getAttachedBuilder()
                    .setAttachGeneration(joined.generation)
                    .setTtl(Views.millis(joined.ttlMillis))
                    .setState(state(standing.status()))
                    .setGuaranteedFor(Views.duration(standing.guaranteedFor()));
            return response;
        });
        joined.join(this);
        out.request(1);
    }

    private void heartbeat(AttachSessionRequest.Heartbeat heartbeat) {
        Attachment alive = attachment;
        if (alive == null) {
            fail(Errors.malformed("a heartbeat before attach; set attach in the first message"));
            return;
        }
        attachments.heard(alive);
        withStanding(alive, standing -> {
            out.request(1);
            AttachSessionResponse.Builder response = AttachSessionResponse.newBuilder();
            response.getHeartbeatReplyBuilder()
                    .setSequence(heartbeat.getSequence())
                    .setState(state(standing.status()))
                    .setGuaranteedFor(Views.duration(standing.guaranteedFor()));
            return response;
        });
    }

    // To the application.

    /** The session stands differently. */
    void changed(SessionStatus status, boolean closed) {
        boolean last = status == SessionStatus.EXPIRED || status == SessionStatus.MOVED;
        if (!last && attachment != null) {
            withStanding(attachment, standing -> stateChange(standing.status(), standing.guaranteedFor()));
            return;
        }
        AttachSessionResponse.Builder response = stateChange(status, java.time.Duration.ZERO);
        if (status == SessionStatus.EXPIRED) {
            response.getStateChangeBuilder().setCause(
                    closed ? Cause.CAUSE_SESSION_CLOSED : Cause.CAUSE_SESSION_EXPIRED);
        }
        say(response);
        turns.then(feed::complete);
    }

    private static AttachSessionResponse.Builder stateChange(SessionStatus status,
            java.time.Duration guaranteedFor) {
        return AttachSessionResponse.newBuilder().setStateChange(StateChange.newBuilder()
                .setState(state(status)).setGuaranteedFor(Views.duration(guaranteedFor)));
    }

    /** The session lost what it held. */
    void lost(SessionNotice.ClaimLost notice) {
        Namespace namespace = Namespace.of(notice.name());
        AttachSessionResponse.Builder response = AttachSessionResponse.newBuilder();
        response.getClaimLostBuilder()
                .setKind(notice.election() ? ClaimKind.CLAIM_KIND_ELECTION : ClaimKind.CLAIM_KIND_LOCK)
                .setNamespace(namespace.name())
                .setName(namespace.shown(notice.name()))
                .setOwnerId(notice.owner())
                .setFencingToken(notice.token())
                .setCause(Views.cause(notice.cause()))
                .setReason(notice.reason());
        say(response);
    }

    /** The process is about to stop. */
    void draining(java.time.Duration stopsWithin) {
        AttachSessionResponse.Builder response = AttachSessionResponse.newBuilder();
        Duration within = Views.duration(stopsWithin);
        response.getDrainingBuilder().setStopsWithin(within);
        say(response);
    }

    void fail(StatusRuntimeException status) {
        turns.then(() -> feed.fail(status));
    }

    private void say(AttachSessionResponse.Builder response) {
        turns.then(calls.revision(), at -> feed.add(response.setRevision(at).build(), 1, at));
    }

    /** Says how the session stands, as it is now; what comes up meanwhile is said behind it. */
    private void withStanding(Attachment of, Function<Standing, AttachSessionResponse.Builder> words) {
        turns.then(coordinator.standing(of.session).thenCombine(calls.revision(), Moment::new), moment -> {
            if (moment.standing != null) {
                feed.add(words.apply(moment.standing).setRevision(moment.revision).build(), 1,
                        moment.revision);
            } else if (!of.over) {
                feed.fail(Errors.failed(new Answer.Failed(Failure.SESSION_NOT_ATTACHED, false, null, 0)));
            }
        });
    }

    private record Moment(@Nullable Standing standing, long revision) {}

    /** Its application is gone, unless the session ended before. */
    private void leave() {
        if (!gone) {
            gone = true;
            if (attachment != null) {
                attachments.disconnected(attachment);
            }
        }
    }

    private static SessionState state(SessionStatus status) {
        return switch (status) {
            case ACTIVE -> SessionState.SESSION_STATE_ACTIVE;
            case SUSPENDED -> SessionState.SESSION_STATE_SUSPENDED;
            case JEOPARDY -> SessionState.SESSION_STATE_JEOPARDY;
            case EXPIRED -> SessionState.SESSION_STATE_EXPIRED;
            case MOVED -> SessionState.SESSION_STATE_MOVED;
        };
    }
}
