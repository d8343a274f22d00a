package dev.synod.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import dev.synod.coordination.v1.AttachSessionRequest;
import dev.synod.coordination.v1.AttachSessionResponse;
import dev.synod.coordination.v1.Cause;
import dev.synod.coordination.v1.ClaimKind;
import dev.synod.coordination.v1.SessionServiceGrpc;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one session attached to the sidecar: heartbeats, the deadline by this process' own clock, and the way
 * back after the stream broke. Everything on the loop.
 */
final class Attachment {
    private static final long TICK_NANOS_MIN = TimeUnit.MILLISECONDS.toNanos(1);

    private final Client client;
    private final Listener listener;
    private final AttachSessionRequest.Attach attach;
    private final long ttlNanos;
    private final long graceNanos;
    private final Liveness liveness;
    private final Backoff backoff = new Backoff();
    private final Map<Long, Long> sentNanosBySequence = new HashMap<>();
    private @Nullable Stream stream;
    private @Nullable Future<?> timer;
    private SessionState toldState = SessionState.JEOPARDY;
    private long attachments;
    private long sequence;
    private long nextHeartbeatNanos;
    private long connectAtNanos;
    private long lastHeardNanos;
    private long lastNanos;
    private long lastWallMillis;
    private boolean closed;

    /** Told on the loop. */
    interface Listener {
        /** The deadline moved, or the state changed. */
        void stands(SessionState state, long deadlineNanos, boolean changed);

        /** The session has ended. */
        void ended(Loss loss);

        /** The session lives, and no longer has a claim. */
        void lost(Owned.Key key, String namespace, long token, Loss loss);

        /** Attached again: what was told meanwhile was told to nobody. */
        void reattached();

        /** The sidecar stops soon. */
        void draining(long withinNanos);
    }

    Attachment(
            Client client, long session, ByteString secret, Duration grace, long ttlNanos,
            Listener listener) {
        this.client = client;
        this.listener = listener;
        this.ttlNanos = ttlNanos;
        graceNanos = Times.nanos(grace);
        attach = AttachSessionRequest.Attach.newBuilder()
                .setSessionId(session).setSecret(secret).setOnDisconnectGrace(grace).build();
        lastNanos = client.time().nanos();
        lastWallMillis = client.time().wallMillis();
        liveness = new Liveness(ttlNanos, lastNanos);
    }

    void open() {
        connect();
        schedule();
    }

    /** Sends nothing more, and says nothing more. */
    void close() {
        closed = true;
        if (timer != null) {
            timer.cancel(false);
        }
        cut("the client closed the session");
    }

    private void connect() {
        Stream opened = new Stream();
        stream = opened;
        sentNanosBySequence.clear();
        long now = client.time().nanos();
        lastHeardNanos = now;
        opened.attachSentNanos = now;
        opened.send(AttachSessionRequest.newBuilder().setAttach(attach).build());
    }

    private void tick() {
        if (closed) {
            return;
        }
        long now = client.time().nanos();
        compareClocks(now);
        liveness.tick(now);
        Stream current = stream;
        if (current == null) {
            if (now - connectAtNanos >= 0) {
                connect();
            }
        } else if (now - lastHeardNanos > ttlNanos / 2) {
            // The stream looks open and says nothing: another one may reach a sidecar that answers.
            cut("the sidecar was silent for half the session's TTL");
            liveness.left(now, graceNanos);
            broken(now);
        } else if (current.attached && now - nextHeartbeatNanos >= 0) {
            heartbeat(current, now);
        }
        publish();
    }

    /** Where the monotonic clock stops while the machine sleeps, the time of day tells that it slept. */
    private void compareClocks(long now) {
        long wallMillis = client.time().wallMillis();
        long wallNanos = TimeUnit.MILLISECONDS.toNanos(wallMillis - lastWallMillis);
        if (wallNanos - (now - lastNanos) > 2 * liveness.heartbeatNanos()) {
            liveness.clocksDisagree(now);
        }
        lastNanos = now;
        lastWallMillis = wallMillis;
    }

    private void heartbeat(Stream current, long now) {
        sequence++;
        sentNanosBySequence.put(sequence, now);
        nextHeartbeatNanos = now + liveness.heartbeatNanos();
        current.send(AttachSessionRequest.newBuilder()
                .setHeartbeat(AttachSessionRequest.Heartbeat.newBuilder().setSequence(sequence)).build());
    }

    private void heard(Stream from, AttachSessionResponse message) {
        if (closed || from != stream) {
            return;
        }
        long now = client.time().nanos();
        lastHeardNanos = now;
        // An end that came before the message is told before it, whichever thread was late.
        compareClocks(now);
        liveness.tick(now);
        publish();
        switch (message.getMessageCase()) {
            case ATTACHED -> {
                AttachSessionResponse.Attached told = message.getAttached();
                from.attached = true;
                backoff.reset();
                nextHeartbeatNanos = now;
                liveness.answered(from.attachSentNanos, state(told.getState()),
                        nanos(told.getGuaranteedFor()), now);
                if (attachments++ > 0) {
                    listener.reattached();
                }
            }
            case HEARTBEAT_REPLY -> {
                AttachSessionResponse.HeartbeatReply told = message.getHeartbeatReply();
                Long sentNanos = sentNanosBySequence.remove(told.getSequence());
                if (sentNanos != null) {
                    liveness.answered(sentNanos, state(told.getState()), nanos(told.getGuaranteedFor()), now);
                }
            }
            case STATE_CHANGE -> changed(message.getStateChange(), now);
            case CLAIM_LOST -> {
                AttachSessionResponse.ClaimLost told = message.getClaimLost();
                listener.lost(
                        new Owned.Key(told.getKind() == ClaimKind.CLAIM_KIND_ELECTION, told.getName(),
                                told.getOwnerId()),
                        told.getNamespace(), told.getFencingToken(),
                        Loss.of(told.getCause(), told.getReason()));
            }
            case DRAINING -> listener.draining(nanos(message.getDraining().getStopsWithin()));
            case MESSAGE_NOT_SET -> {} // of a newer sidecar
        }
        tick();
    }

    private void changed(AttachSessionResponse.StateChange told, long now) {
        switch (told.getState()) {
            case SESSION_STATE_MOVED -> {
                // Only this process knows the secret: an earlier stream of its own was heard of later.
                cut("the sidecar says that the session moved");
                broken(now);
            }
            case SESSION_STATE_EXPIRED -> end(Loss.of(
                    told.getCause() == Cause.CAUSE_UNSPECIFIED
                            ? Cause.CAUSE_SESSION_EXPIRED
                            : told.getCause(),
                    ""));
            default -> liveness.told(state(told.getState()), nanos(told.getGuaranteedFor()), now);
        }
    }

    private void streamEnded(Stream from, @Nullable Throwable failure) {
        if (closed || from != stream) {
            return;
        }
        stream = null;
        if (failure != null
                && Failures.of(failure, "AttachSession", false) instanceof SessionExpiredException) {
            end(Loss.of(Cause.CAUSE_SESSION_EXPIRED, ""));
            return;
        }
        broken(client.time().nanos());
        publish();
        schedule();
    }

    private void broken(long now) {
        liveness.broken(now);
        connectAtNanos = now + backoff.nanos();
    }

    /** The session has ended; final. */
    private void end(Loss loss) {
        if (closed) {
            return;
        }
        liveness.expire(client.time().nanos());
        publish();
        close();
        listener.ended(loss);
    }

    private void cut(String why) {
        if (stream != null) {
            Stream old = stream;
            stream = null;
            old.cancel(why);
        }
    }

    private void publish() {
        if (closed) {
            return;
        }
        SessionState state = liveness.state();
        boolean changed = state != toldState;
        toldState = state;
        listener.stands(state, liveness.deadlineNanos(), changed);
        schedule();
    }

    private void schedule() {
        if (closed) {
            return;
        }
        if (timer != null) {
            timer.cancel(false);
        }
        long now = client.time().nanos();
        long due = liveness.nextChangeNanos(now) - now;
        Stream current = stream;
        if (current != null && current.attached) {
            due = Math.min(due, nextHeartbeatNanos - now);
        } else if (current == null) {
            due = Math.min(due, connectAtNanos - now);
        }
        due = Math.min(due, liveness.heartbeatNanos());
        timer = client.loop().schedule(this::tick, Math.max(due, TICK_NANOS_MIN));
    }

    private static long nanos(Duration duration) {
        return Times.nanos(duration);
    }

    private static SessionState state(dev.synod.coordination.v1.SessionState told) {
        return switch (told) {
            case SESSION_STATE_ACTIVE -> SessionState.ACTIVE;
            case SESSION_STATE_SUSPENDED -> SessionState.SUSPENDED;
            case SESSION_STATE_EXPIRED -> SessionState.EXPIRED;
            // What is not known is not relied upon.
            default -> SessionState.JEOPARDY;
        };
    }

    /** One stream; what it hears is handed to the loop. */
    private final class Stream
            implements
                ClientResponseObserver<AttachSessionRequest, AttachSessionResponse> {
        private final io.grpc.stub.StreamObserver<AttachSessionRequest> up;
        private @Nullable ClientCallStreamObserver<AttachSessionRequest> control;
        private long attachSentNanos;
        private boolean attached;

        Stream() {
            up = SessionServiceGrpc.newStub(client.link().channel()).withWaitForReady().attachSession(this);
        }

        void send(AttachSessionRequest message) {
            up.onNext(message);
        }

        void cancel(String why) {
            if (control != null) {
                control.cancel(why, null);
            }
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<AttachSessionRequest> requests) {
            control = requests;
        }

        @Override
        public void onNext(AttachSessionResponse message) {
            client.loop().execute(() -> heard(this, message));
        }

        @Override
        public void onError(Throwable failure) {
            client.loop().execute(() -> streamEnded(this, failure));
        }

        @Override
        public void onCompleted() {
            client.loop().execute(() -> streamEnded(this, null));
        }
    }
}
