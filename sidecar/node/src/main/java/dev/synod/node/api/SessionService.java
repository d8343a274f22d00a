package dev.synod.node.api;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.synod.coordination.v1.AttachSessionRequest;
import dev.synod.coordination.v1.AttachSessionResponse;
import dev.synod.coordination.v1.CloseSessionRequest;
import dev.synod.coordination.v1.CloseSessionResponse;
import dev.synod.coordination.v1.CreateSessionRequest;
import dev.synod.coordination.v1.CreateSessionResponse;
import dev.synod.coordination.v1.GetSessionRequest;
import dev.synod.coordination.v1.GetSessionResponse;
import dev.synod.coordination.v1.ListSessionsRequest;
import dev.synod.coordination.v1.ListSessionsResponse;
import dev.synod.coordination.v1.SessionServiceGrpc;
import dev.synod.member.Answer;
import dev.synod.member.Failure;
import dev.synod.member.Consistency;
import dev.synod.node.Coordinator;
import dev.synod.paxos.Bytes;
import dev.synod.state.Command;
import dev.synod.state.Label;
import dev.synod.state.Refusal;
import dev.synod.state.Reply;
import dev.synod.state.Session;
import dev.synod.state.StateMachine;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Sessions. */
final class SessionService extends SessionServiceGrpc.SessionServiceImplBase {
    private static final int TTL_MILLIS_DEFAULT = 10_000;
    private static final Duration GRACE_DEFAULT = Duration.ofMillis(500);

    private final Coordinator coordinator;
    private final Calls calls;
    private final Attachments attachments;
    private final Feed.Bounds bounds;
    private final Secrets secrets = new Secrets();

    SessionService(Coordinator coordinator, Calls calls, Attachments attachments, Feed.Bounds bounds) {
        this.coordinator = coordinator;
        this.calls = calls;
        this.attachments = attachments;
        this.bounds = bounds;
    }

    @Override
    public void createSession(CreateSessionRequest request, StreamObserver<CreateSessionResponse> out) {
        calls.answer(out, () -> {
            var fields = new Fields();
            fields.namespace(request.getNamespace());
            int ttlMillis = request.hasTtl() ? fields.ttlMillis(request.getTtl()) : TTL_MILLIS_DEFAULT;
            String identity = fields.text("identity", request.getIdentity());
            List<Label> labels = fields.labels(request.getLabelsMap());
            Duration grace = grace(
                    fields, request.hasOnDisconnectGrace(), request.getOnDisconnectGrace());
            if (request.hasOnDisconnectGrace() && grace.toMillis() > ttlMillis) {
                fields.invalid("on_disconnect_grace", "is " + grace.toMillis() + " ms; 0 to the TTL of "
                        + ttlMillis + " ms are allowed");
            }
            byte[] secret = secrets.next();
            Bytes hash = Secrets.hash(secret);
            var command = fields.checked(new Command.OpenSession(ttlMillis, identity, labels, hash));
            return open(command, grace, UnsafeByteOperations.unsafeWrap(secret));
        });
    }

    private CompletableFuture<CreateSessionResponse> open(Command.OpenSession command, Duration grace,
            ByteString secret) {
        CompletableFuture<Attachment> opened = attachments.open(command, grace, Connection.current());
        CompletableFuture<CreateSessionResponse> response = opened.thenCombine(
                calls.revision(), (attachment, revision) -> CreateSessionResponse.newBuilder()
                        .setSessionId(attachment.session)
                        .setSecret(secret)
                        .setGrantedTtl(Views.millis(attachment.ttlMillis))
                        .setAttachGeneration(attachment.generation)
                        .setRevision(revision)
                        .build());
        opened.thenAccept(attachment -> {
            if (response.isCancelled()) {
                // Nobody has its secret.
                attachments.giveUp(attachment, Duration.ZERO);
            }
        });
        return response;
    }

    /** How long an application may be gone. */
    static Duration grace(Fields fields, boolean set, com.google.protobuf.Duration grace) {
        return set ? fields.duration("on_disconnect_grace", grace) : GRACE_DEFAULT;
    }

    @Override
    public StreamObserver<AttachSessionRequest> attachSession(StreamObserver<AttachSessionResponse> out) {
        return new SessionStream((ServerCallStreamObserver<AttachSessionResponse>) out, bounds, coordinator,
                calls, attachments, Connection.current());
    }

    @Override
    public void getSession(GetSessionRequest request, StreamObserver<GetSessionResponse> out) {
        calls.answer(out, () -> {
            var fields = new Fields();
            fields.namespace(request.getNamespace());
            long id = fields.session(request.getSessionId());
            Consistency consistency = fields.consistency(request.getRead());
            fields.check();
            return calls.read(consistency, state -> {
                Session session = state.session(id);
                if (session == null) {
                    throw Errors.sessionNotFound(id);
                }
                return GetSessionResponse.newBuilder()
                        .setSession(Views.session(session))
                        .setRevision(state.revision())
                        .build();
            });
        });
    }

    @Override
    public void listSessions(ListSessionsRequest request, StreamObserver<ListSessionsResponse> out) {
        calls.answer(out, () -> {
            var fields = new Fields();
            fields.namespace(request.getNamespace());
            int size = fields.pageSize(request.getPageSize());
            Page page = fields.page(request.getPageToken(), "sessions");
            Consistency consistency = fields.consistency(request.getRead());
            fields.check();
            long after = page == null ? 0 : Page.number(page.after());
            return calls.read(consistency, state -> sessions(state, after, size));
        });
    }

    private static ListSessionsResponse sessions(StateMachine state, long after, int size) {
        var response = ListSessionsResponse.newBuilder().setRevision(state.revision());
        var filling = new Filling(size);
        for (Session session : state.sessions()) {
            if (session.id() <= after) {
                continue;
            }
            var view = Views.session(session);
            if (!filling.takes(Long.toString(session.id()), view)) {
                response.setNextPageToken(new Page(0, filling.last()).token("sessions"));
                break;
            }
            response.addSessions(view);
        }
        return response.build();
    }

    @Override
    public void closeSession(CloseSessionRequest request, StreamObserver<CloseSessionResponse> out) {
        calls.answer(out, () -> {
            var fields = new Fields();
            fields.namespace(request.getNamespace());
            long session = fields.session(request.getSessionId());
            Command command = fields.checked(new Command.CloseSession(session));
            attachments.closing(session, true);
            return coordinator.submit(command, calls.timeout())
                    .thenApply(SessionService::closed)
                    .whenComplete((response, error) -> {
                        if (error != null) {
                            attachments.closing(session, false);
                        }
                    });
        });
    }

    private static CloseSessionResponse closed(Answer answer) {
        if (answer instanceof Answer.Replied(long revision, Reply.Refused refused)
                && refused.reason() == Refusal.SESSION_ENDED) {
            return CloseSessionResponse.newBuilder().setRevision(revision).build();
        }
        if (answer instanceof Answer.Failed failed && failed.reason() == Failure.SESSION_OVER) {
            return CloseSessionResponse.newBuilder().setClosed(true).build(); // by the attempt before
        }
        Answer.Replied replied = Calls.replied(answer);
        return CloseSessionResponse.newBuilder().setClosed(true).setRevision(replied.revision()).build();
    }
}
