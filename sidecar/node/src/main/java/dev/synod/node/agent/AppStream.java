package dev.synod.node.agent;

import dev.synod.coordination.v1.AttachSessionRequest;
import dev.synod.coordination.v1.AttachSessionResponse;
import dev.synod.node.api.Errors;
import dev.synod.node.api.Feed;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;

/** The stream between an application and its agent. */
final class AppStream implements StreamObserver<AttachSessionRequest> {
    private final AgentSessions sessions;
    private final ServerCallStreamObserver<AttachSessionResponse> out;
    private final Feed<AttachSessionResponse> feed;
    private @Nullable AgentSession session;
    private boolean gone;

    AppStream(ServerCallStreamObserver<AttachSessionResponse> out, Feed.Bounds bounds,
            AgentSessions sessions) {
        this.out = out;
        this.sessions = sessions;
        this.feed = new Feed<>(out, bounds, this::leave);
        out.disableAutoRequest();
        out.request(1);
    }

    @Override
    public void onNext(AttachSessionRequest request) {
        if (gone) {
            return;
        }
        switch (request.getMessageCase()) {
            case ATTACH -> {
                if (session != null) {
                    fail(Errors.malformed(
                            "a second attach on one stream; open another stream for another session"));
                    return;
                }
                session = sessions.attach(request.getAttach(), this);
            }
            case HEARTBEAT -> {
                if (session == null) {
                    fail(Errors.malformed("a heartbeat before attach; set attach in the first message"));
                    return;
                }
                session.heartbeat(request.getHeartbeat().getSequence());
                out.request(1);
            }
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

    /** It is attached, and its heartbeats are heard from here on. */
    void listen() {
        out.request(1);
    }

    void say(AttachSessionResponse response) {
        feed.add(response, 1, response.getRevision());
    }

    /** The last thing to say. */
    void end(AttachSessionResponse last) {
        gone = true;
        say(last);
        feed.complete();
    }

    void fail(StatusRuntimeException why) {
        feed.fail(why);
    }

    private void leave() {
        if (!gone) {
            gone = true;
            if (session != null) {
                session.leave(this);
            }
        }
    }
}
