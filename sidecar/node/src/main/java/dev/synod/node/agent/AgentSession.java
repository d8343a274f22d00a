package dev.synod.node.agent;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import dev.synod.coordination.v1.AttachSessionRequest;
import dev.synod.coordination.v1.AttachSessionResponse;
import dev.synod.coordination.v1.Cause;
import dev.synod.coordination.v1.CloseSessionRequest;
import dev.synod.coordination.v1.CloseSessionResponse;
import dev.synod.coordination.v1.SessionServiceGrpc;
import dev.synod.coordination.v1.SessionState;
import dev.synod.member.Answer;
import dev.synod.member.Failure;
import dev.synod.node.api.Defect;
import dev.synod.node.api.Errors;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A session of an application beside this agent. Towards members it is attached to one after the other,
 * whichever the agent speaks to; towards its application it is one stream whose guarantee is counted from
 * when this agent sent its heartbeats, and which therefore tells of JEOPARDY while no member can be reached.
 *
 * <p>A stream to a member that breaks must not end the session before its TTL, for the application is alive:
 * the member is told a grace that long. That an application is gone, the agent knows, and closes its session.
 */
final class AgentSession {
    private static final long HEARTBEATS_A_TTL = 10;
    private static final long HEARTBEAT_MILLIS_MIN = 100;
    private static final long HEARTBEAT_MILLIS_MAX = 1_000;
    private static final long AGAIN_MILLIS = 100;
    private static final java.time.Duration GRACE_MAX = java.time.Duration.ofHours(1);

    private final long id;
    private final ByteString secret;
    private final AgentSessions all;
    private final Upstream upstream;
    private final EventLoop eventLoop;
    private final Guarantee guarantee = new Guarantee(System.nanoTime());
    private final List<CompletableFuture<Boolean>> waiting = new ArrayList<>();
    private final List<CompletableFuture<@Nullable StatusRuntimeException>> holdingBack = new ArrayList<>();
    private java.time.Duration grace;
    private @Nullable AppStream app;
    private @Nullable MemberStream stream;
    private @Nullable Future<?> beat;
    private @Nullable Future<?> farewell;
    private long sequence;
    private long generation;
    /**
     * Attachments that were asked for, and given up before they were answered: a member may bring each about
     * later still, and take the session from the member that it is attached to.
     */
    private long strays;
    private long revision;
    private long ttlMillis;
    private long heardNanos = System.nanoTime();
    private SessionState told = SessionState.SESSION_STATE_UNSPECIFIED;
    private @Nullable StatusRuntimeException whyOver;

    AgentSession(long id, ByteString secret, java.time.Duration grace, AgentSessions all, Upstream upstream,
            EventLoop eventLoop) {
        this.id = id;
        this.secret = secret;
        this.grace = grace;
        this.all = all;
        this.upstream = upstream;
        this.eventLoop = eventLoop;
    }

    long id() {
        return id;
    }

    ByteString secret() {
        return secret;
    }

    /** Of its attachment to the member that it was attached to last; 0 before the first. */
    long generation() {
        return generation;
    }

    private boolean isOver() {
        return whyOver != null;
    }

    boolean isGuaranteed() {
        return app != null && guarantee.leftNanos(System.nanoTime()) > 0;
    }

    /** Completed once it is attached to the member that {@code link} leads to; false when it ends before. */
    CompletableFuture<Boolean> attachedOver(Link link) {
        if (isOver() || stream != null && stream.attached && stream.link == link) {
            return CompletableFuture.completedFuture(!isOver());
        }
        var attached = new CompletableFuture<Boolean>();
        waiting.add(attached);
        return attached;
    }

    /** Completed once it is ACTIVE, with null; when it ends before, with why what was granted is not told. */
    CompletableFuture<@Nullable StatusRuntimeException> active() {
        if (isOver() || guarantee.state(System.nanoTime()) == SessionState.SESSION_STATE_ACTIVE) {
            return CompletableFuture.completedFuture(whyOver);
        }
        var active = new CompletableFuture<@Nullable StatusRuntimeException>();
        holdingBack.add(active);
        return active;
    }

    private void holdBackNoMore() {
        List<CompletableFuture<@Nullable StatusRuntimeException>> released = List.copyOf(holdingBack);
        holdingBack.clear();
        released.forEach(active -> active.complete(whyOver));
    }

    private void release(boolean done) {
        List<CompletableFuture<Boolean>> released = List.copyOf(waiting);
        waiting.clear();
        released.forEach(waits -> waits.complete(done));
    }

    // The application.

    /** Its application attaches, for the first time or again. */
    void join(AppStream joining, java.time.Duration graceFromNow) {
        AppStream before = app;
        app = joining;
        grace = graceFromNow;
        heardNanos = System.nanoTime();
        if (farewell != null) {
            farewell.cancel(false);
            farewell = null;
        }
        if (before != null) {
            before.end(stateChange(SessionState.SESSION_STATE_MOVED, null));
        }
        if (generation != 0) {
            welcome();
        } else if (stream == null) {
            connect();
        }
    }

    /** Its application's stream ended. */
    void leave(AppStream leaving) {
        if (app == leaving && !isOver()) {
            app = null;
            farewell = eventLoop.schedule(this::close, grace.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    void heartbeat(long heartbeat) {
        long now = System.nanoTime();
        heardNanos = now;
        AttachSessionResponse.Builder response = AttachSessionResponse.newBuilder();
        response.getHeartbeatReplyBuilder()
                .setSequence(heartbeat)
                .setState(guarantee.state(now))
                .setGuaranteedFor(nanos(guarantee.leftNanos(now)));
        say(response);
    }

    /** Its application is told for the first time on its stream, and heard from here on. */
    private void welcome() {
        told = announce();
        if (app != null) {
            app.listen();
        }
    }

    /**
     * Says that it is attached. Whenever another member was, too: what was lost after the one before was out
     * of hearing, and before the next one knew of the session, was told to nobody; so its application looks
     * what it still holds.
     */
    private SessionState announce() {
        long now = System.nanoTime();
        SessionState state = guarantee.state(now);
        AttachSessionResponse.Builder response = AttachSessionResponse.newBuilder();
        response.getAttachedBuilder()
                .setAttachGeneration(generation)
                .setTtl(nanos(TimeUnit.MILLISECONDS.toNanos(ttlMillis)))
                .setState(state)
                .setGuaranteedFor(nanos(guarantee.leftNanos(now)));
        say(response);
        return state;
    }

    void draining(java.time.Duration stopsWithin) {
        AttachSessionResponse.Builder response = AttachSessionResponse.newBuilder();
        response.getDrainingBuilder().setStopsWithin(nanos(stopsWithin.toNanos()));
        say(response);
    }

    private void say(AttachSessionResponse.Builder response) {
        if (app != null) {
            app.say(response.setRevision(revision).build());
        }
    }

    private AttachSessionResponse stateChange(SessionState state, @Nullable Cause cause) {
        AttachSessionResponse.Builder response = AttachSessionResponse.newBuilder().setRevision(revision);
        response.getStateChangeBuilder().setState(state)
                .setGuaranteedFor(nanos(guarantee.leftNanos(System.nanoTime())));
        if (cause != null) {
            response.getStateChangeBuilder().setCause(cause).setGuaranteedFor(Duration.getDefaultInstance());
        }
        return response.build();
    }

    private static Duration nanos(long nanos) {
        return Duration.newBuilder().setSeconds(nanos / 1_000_000_000).setNanos((int) (nanos % 1_000_000_000))
                .build();
    }

    // The members.

    /** Another member may be there: a session moves to the one that the agent speaks to. */
    void linkChanged() {
        Link link = upstream.current();
        if (!isOver() && link != null && (stream == null || stream.link != link)) {
            open(link);
        }
    }

    private void connect() {
        Defect.then(upstream.ready(java.time.Duration.ofSeconds(5)), link -> {
            if (isOver() || stream != null) {
                return;
            }
            if (link != null) {
                open(link);
            } else if (generation == 0) {
                fail(Errors.unreachable("no member of the cluster answers, so the session could not be"
                        + " attached; try again", false));
            }
            // An attached one waits for linkChanged.
        });
    }

    private void open(Link link) {
        MemberStream before = stream;
        var opened = new MemberStream(link);
        stream = opened;
        if (before != null) {
            before.abandon();
            strays += before.attached ? 0 : 1;
        }
        opened.open();
    }

    private void hear(AttachSessionResponse response, MemberStream from) {
        revision = Math.max(revision, response.getRevision());
        switch (response.getMessageCase()) {
            case ATTACHED -> attached(response.getAttached(), from);
            case HEARTBEAT_REPLY -> {
                var reply = response.getHeartbeatReply();
                guarantee.answered(reply.getSequence(), reply.getState(), nanos(reply.getGuaranteedFor()));
                look();
            }
            case STATE_CHANGE -> {
                var change = response.getStateChange();
                if (change.getState() == SessionState.SESSION_STATE_MOVED && strays > 0) {
                    from.abandon();
                    stream = null;
                    connectSoon();
                    return;
                }
                if (change.getState() == SessionState.SESSION_STATE_EXPIRED
                        || change.getState() == SessionState.SESSION_STATE_MOVED) {
                    end(change.getState(), change.getCause());
                    return;
                }
                guarantee.told(change.getState(), nanos(change.getGuaranteedFor()), System.nanoTime());
                look();
            }
            case CLAIM_LOST -> say(response.toBuilder());
            // The agent moves to another member when this one is no longer ready; its application stays.
            case DRAINING, MESSAGE_NOT_SET -> {}
        }
    }

    private void attached(AttachSessionResponse.Attached response, MemberStream from) {
        boolean first = generation == 0;
        if (!first) {
            // Whoever attached it between took a generation.
            long between = response.getAttachGeneration() - generation - 1;
            strays = Math.max(0, strays - Math.max(0, between));
        }
        generation = response.getAttachGeneration();
        ttlMillis = TimeUnit.NANOSECONDS.toMillis(nanos(response.getTtl()));
        long everyMillis =
                Math.clamp(ttlMillis / HEARTBEATS_A_TTL, HEARTBEAT_MILLIS_MIN, HEARTBEAT_MILLIS_MAX);
        guarantee.every(TimeUnit.MILLISECONDS.toNanos(everyMillis));
        guarantee.answered(from.attachSequence, response.getState(), nanos(response.getGuaranteedFor()));
        from.attached = true;
        release(true);
        if (first) {
            welcome();
            beat = eventLoop.scheduleAtFixedRate(this::beat, everyMillis, everyMillis, TimeUnit.MILLISECONDS);
        } else {
            SessionState _ = announce();
        }
        look();
    }

    private static long nanos(Duration duration) {
        return TimeUnit.SECONDS.toNanos(duration.getSeconds()) + duration.getNanos();
    }

    private void beat() {
        if (stream != null && stream.attached) {
            stream.heartbeat();
        }
        look();
        long silentMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - heardNanos);
        if (app != null && silentMillis >= ttlMillis) {
            AppStream silent = app;
            close();
            silent.fail(Errors.abandoned("no heartbeat of session " + id + " came for its TTL of " + ttlMillis
                    + " ms, so its sidecar ended it; send one every tenth of the TTL"));
        }
    }

    /** Tells the application if the session stands differently by now. */
    private void look() {
        SessionState now = guarantee.state(System.nanoTime());
        if (app != null && generation != 0 && now != told) {
            told = now;
            app.say(stateChange(now, null));
        }
        if (now == SessionState.SESSION_STATE_ACTIVE) {
            holdBackNoMore();
        }
    }

    private void streamEnded(MemberStream ended, Throwable error) {
        if (isOver() || stream != ended) {
            return;
        }
        stream = null;
        strays += ended.attached ? 0 : 1;
        var info = Errors.info(error);
        String reason = info == null ? "" : info.getReason();
        boolean gone = reason.equals("SESSION_EXPIRED") || reason.equals("SESSION_NOT_FOUND");
        boolean lost = ForwardedCall.isLost(
                Status.fromThrowable(error), Status.trailersFromThrowable(error));
        if (generation == 0 && (gone || !lost)) {
            fail(Status.fromThrowable(error).asRuntimeException(Status.trailersFromThrowable(error)));
        } else if (gone) {
            end(SessionState.SESSION_STATE_EXPIRED, Cause.CAUSE_SESSION_EXPIRED);
        } else {
            connectSoon();
        }
    }

    private void connectSoon() {
        long millis = AGAIN_MILLIS / 2 + ThreadLocalRandom.current().nextLong(AGAIN_MILLIS);
        eventLoop.schedule(() -> {
            if (!isOver() && stream == null) {
                connect();
            }
        }, millis, TimeUnit.MILLISECONDS);
    }

    // The end.

    private void end(SessionState state, Cause cause) {
        AppStream listening = app;
        AttachSessionResponse last = stateChange(state,
                state == SessionState.SESSION_STATE_EXPIRED ? cause : null);
        finish(switch (state) {
            case SESSION_STATE_EXPIRED -> claimLost(cause == Cause.CAUSE_SESSION_CLOSED
                    ? dev.synod.state.Cause.SESSION_CLOSED
                    : dev.synod.state.Cause.SESSION_EXPIRED);
            default -> notAttached();
        });
        if (listening != null) {
            listening.end(last);
        }
    }

    private static StatusRuntimeException claimLost(dev.synod.state.Cause cause) {
        return Errors.failed(new Answer.Failed(Failure.CLAIM_LOST, false, cause, 0));
    }

    private static StatusRuntimeException notAttached() {
        return Errors.failed(new Answer.Failed(Failure.SESSION_NOT_ATTACHED, true, null, 0));
    }

    private void fail(StatusRuntimeException why) {
        AppStream failed = app;
        finish(notAttached());
        if (failed != null) {
            failed.fail(why);
        }
    }

    /** The application is gone for good: so is what it held. */
    private void close() {
        if (isOver()) {
            return;
        }
        finish(claimLost(dev.synod.state.Cause.SESSION_CLOSED));
        long ttl = Math.max(ttlMillis, 1);
        Defect.then(upstream.ready(java.time.Duration.ofMillis(ttl)), link -> {
            if (link != null) {
                Context.ROOT.run(() -> SessionServiceGrpc.newStub(link.channel())
                        .withDeadlineAfter(ttl, TimeUnit.MILLISECONDS)
                        .closeSession(CloseSessionRequest.newBuilder().setSessionId(id).build(), IGNORED));
            }
        });
    }

    /**
     * Makes a call that does not end with the application's call in whose course it is made: gRPC cancels
     * what is called in the context of a call that is cancelled.
     */
    private static <T> T ofItsOwn(Supplier<T> call) {
        Context before = Context.ROOT.attach();
        try {
            return call.get();
        } finally {
            Context.ROOT.detach(before);
        }
    }

    /** What it comes to does not matter: a session that could not be closed ends by its TTL. */
    private static final StreamObserver<CloseSessionResponse> IGNORED = new StreamObserver<>() {
        @Override
        public void onNext(CloseSessionResponse response) {}

        @Override
        public void onError(Throwable error) {}

        @Override
        public void onCompleted() {}
    };

    /** The agent stops; that the session ends, a member decides. */
    void stop() {
        finish(Errors.failed(new Answer.Failed(Failure.UNAVAILABLE, true, null, 0)));
    }

    /** @param why told to those who wait to be told what it was granted */
    private void finish(StatusRuntimeException why) {
        whyOver = why;
        app = null;
        all.remove(this);
        release(false);
        holdBackNoMore();
        for (Future<?> timer : new @Nullable Future<?>[] {beat, farewell}) {
            if (timer != null) {
                timer.cancel(false);
            }
        }
        if (stream != null) {
            stream.abandon();
            stream = null;
        }
    }

    /** The stream to one member. */
    private final class MemberStream implements StreamObserver<AttachSessionResponse> {
        private final Link link;
        private @Nullable StreamObserver<AttachSessionRequest> requests;
        private long attachSequence;
        private boolean attached;
        private boolean abandoned;

        MemberStream(Link link) {
            this.link = link;
        }

        void open() {
            StreamObserver<AttachSessionRequest> opened = ofItsOwn(
                    () -> SessionServiceGrpc.newStub(link.channel()).attachSession(this));
            requests = opened;
            attachSequence = ++sequence;
            guarantee.sent(attachSequence, System.nanoTime());
            AttachSessionRequest.Builder request = AttachSessionRequest.newBuilder();
            request.getAttachBuilder().setSessionId(id).setSecret(secret)
                    .setOnDisconnectGrace(nanos(GRACE_MAX.toNanos()));
            opened.onNext(request.build());
        }

        void heartbeat() {
            if (requests != null && !abandoned) {
                AttachSessionRequest.Builder request = AttachSessionRequest.newBuilder();
                request.getHeartbeatBuilder().setSequence(++sequence);
                guarantee.sent(sequence, System.nanoTime());
                requests.onNext(request.build());
            }
        }

        void abandon() {
            if (!abandoned) {
                abandoned = true;
                if (requests != null) {
                    requests.onError(Status.CANCELLED.asRuntimeException());
                }
            }
        }

        @Override
        public void onNext(AttachSessionResponse response) {
            if (!abandoned && stream == this) {
                hear(response, this);
            }
        }

        @Override
        public void onError(Throwable error) {
            if (!abandoned) {
                abandoned = true;
                streamEnded(this, error);
            }
        }

        @Override
        public void onCompleted() {
            onError(Status.UNAVAILABLE.asRuntimeException());
        }
    }
}
