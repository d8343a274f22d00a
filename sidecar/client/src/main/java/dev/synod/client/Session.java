package dev.synod.client;

import dev.synod.coordination.v1.CloseSessionRequest;
import dev.synod.coordination.v1.CloseSessionResponse;
import dev.synod.coordination.v1.CreateSessionRequest;
import dev.synod.coordination.v1.CreateSessionResponse;
import dev.synod.coordination.v1.ErrorReason;
import dev.synod.coordination.v1.Request;
import dev.synod.coordination.v1.SessionServiceGrpc;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The liveness of this application, as its cluster sees it. It owns the locks, leaderships and bound keys
 * that are taken through it; its end ends them all. It is never replaced silently: once {@link
 * SessionState#EXPIRED}, everything of it fails, until {@link Coordination#renew} opens another one.
 *
 * <p>All methods may be called on any thread.
 */
public final class Session {
    private final Client client;
    private final long id;
    private final long ttlNanos;
    private final String identity;
    private final Attachment attachment;
    private final RequestWindow window = new RequestWindow();
    private final OpenCalls inFlight = new OpenCalls();
    private final Map<Owned.Key, Owned> owned = new HashMap<>(); // on the loop
    private final List<StateListener> stateListeners = new CopyOnWriteArrayList<>();
    private final List<StateListener> drainListeners = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Session> guaranteed = new CompletableFuture<>();
    private volatile Standing standing;

    private record Standing(SessionState state, long deadlineNanos) {}

    private record StateListener(Callbacks.Queue queue, Consumer<SessionStatus> states,
            Consumer<Duration> drain) {}

    private Session(Client client, Settings settings, CreateSessionResponse created) {
        this.client = client;
        id = created.getSessionId();
        ttlNanos = Times.nanos(created.getGrantedTtl());
        identity = settings.identity();
        standing = new Standing(SessionState.JEOPARDY, client.time().nanos());
        attachment = new Attachment(client, id, created.getSecret(),
                Times.proto(Times.nanos(settings.grace())), ttlNanos, new Events());
    }

    /**
     * What a session is opened with.
     *
     * @param ttl asked for
     * @param grace how long the process may be away before its session is ended
     * @param identity who it is
     * @param labels what else shall be shown
     */
    record Settings(Duration ttl, Duration grace, String identity, Map<String, String> labels) {}

    /** Opens a session and attaches to it; completed once it is guaranteed for the first time. */
    static CompletableFuture<Session> open(Client client, Settings settings, long timeoutNanos) {
        CreateSessionRequest request = CreateSessionRequest.newBuilder()
                .setNamespace(client.namespace())
                .setTtl(Times.proto(Times.nanos(settings.ttl())))
                .setIdentity(settings.identity())
                .putAllLabels(settings.labels())
                .setOnDisconnectGrace(Times.proto(Times.nanos(settings.grace())))
                .build();
        // Safe to repeat: a session that nobody attached to again dies by its TTL, and owns nothing.
        return Attempts.read(client, SessionServiceGrpc.getCreateSessionMethod(), request, timeoutNanos)
                .thenCompose(created -> {
                    Session session = new Session(client, settings, created);
                    client.loop().execute(session.attachment::open);
                    client.loop().later(session::giveUpUnlessGuaranteed, timeoutNanos);
                    return session.guaranteed;
                });
    }

    /** Nobody knows of it yet, so nothing is lost with it. */
    private void giveUpUnlessGuaranteed() {
        if (guaranteed.completeExceptionally(new CoordinationException(Status.Code.UNAVAILABLE,
                ErrorReason.ERROR_REASON_SIDECAR_UNAVAILABLE,
                "the sidecar opened session " + id + " and did not keep it alive in time; see its log"))) {
            attachment.close();
        }
    }

    /** Its id, never used again by its cluster. */
    public long id() {
        return id;
    }

    /** How long it outlives its last renewal, as granted. */
    public Duration ttl() {
        return Duration.ofNanos(ttlNanos);
    }

    /** Who it is, as shown to others. */
    public String identity() {
        return identity;
    }

    /** How it stands now, by this process' own clock too. */
    public SessionState state() {
        Standing now = standing;
        boolean over = client.time().nanos() - now.deadlineNanos >= 0;
        return over && now.state != SessionState.EXPIRED ? SessionState.JEOPARDY : now.state;
    }

    /** How long what it holds is guaranteed from now; zero when it is not. */
    public Duration guaranteedFor() {
        Standing now = standing;
        return now.state == SessionState.EXPIRED
                ? Duration.ZERO
                : Duration.ofNanos(Math.max(0, now.deadlineNanos - client.time().nanos()));
    }

    /**
     * Calls {@code listener} at each change of its state, one at a time, in order, on a thread of its own.
     * JEOPARDY is told before the guarantee ends.
     */
    public Subscription onState(Consumer<SessionStatus> listener) {
        return added(stateListeners,
                new StateListener(client.callbacks().newQueue(), listener, within -> {}));
    }

    /** Calls {@code listener} when the sidecar says that it stops within the given time. */
    public Subscription onDraining(Consumer<Duration> listener) {
        return added(drainListeners,
                new StateListener(client.callbacks().newQueue(), status -> {}, listener));
    }

    @Override
    public String toString() {
        return "session " + id + " (" + identity + "), " + state();
    }

    boolean isGuaranteed() {
        SessionState now = state();
        return now == SessionState.ACTIVE || now == SessionState.SUSPENDED;
    }

    /** A command that may be sent again; it fails at once when the session ends. */
    <Q, R> CompletableFuture<R> command(MethodDescriptor<Q, R> method, Function<Request, Q> maker) {
        return command(method, Attempts.Kind.REMEMBERED, client.callNanos(), maker);
    }

    /** A command that may be sent again; see {@link Attempts#under}. */
    <Q, R> CompletableFuture<R> command(
            MethodDescriptor<Q, R> method, Attempts.Kind kind, long budgetNanos, Function<Request, Q> maker) {
        if (standing.state == SessionState.EXPIRED) {
            return CompletableFuture.failedFuture(expired(false));
        }
        CompletableFuture<R> result = Attempts.under(client, window, kind, method, budgetNanos, maker);
        inFlight.add(result);
        return result;
    }

    RequestWindow window() {
        return window;
    }

    SessionExpiredException expired(boolean maybeApplied) {
        return new SessionExpiredException("session " + id + " (" + identity
                + ") has ended, and all that it held with it; renew() opens another one", maybeApplied, null);
    }

    /** What has to be told; on the loop. The one that is there already, or {@code made}. */
    Owned own(Owned.Key key, Function<Owned.Key, Owned> made) {
        return owned.computeIfAbsent(key, made);
    }

    /** Has to be told no longer; on the loop. */
    void disown(Owned.Key key, Owned what) {
        owned.remove(key, what);
    }

    /**
     * Ends it: first here, so that whoever holds something is told, then in the cluster, which gives all of
     * it to the next.
     *
     * @param stopped waited for between the two; on the loop
     */
    CompletableFuture<Void> close(Supplier<CompletableFuture<Void>> stopped) {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        client.loop().execute(() -> {
            boolean lived = standing.state != SessionState.EXPIRED;
            new Events().ended(new Loss(Loss.Kind.SESSION_CLOSED, "the client was closed"));
            if (!lived) {
                closed.complete(null);
                return;
            }
            Futures.whenDone(stopped.get(),
                    (nothing, failure) -> Futures.whenDone(closeRemotely(), (answer, cause) -> {
                        client.loop().execute(attachment::close);
                        closed.complete(null); // otherwise the grace time, or the TTL, ends it
                    }));
        });
        return closed;
    }

    private CompletableFuture<CloseSessionResponse> closeRemotely() {
        return Attempts.read(client, SessionServiceGrpc.getCloseSessionMethod(),
                CloseSessionRequest.newBuilder().setNamespace(client.namespace()).setSessionId(id).build());
    }

    private static Subscription added(List<StateListener> listeners, StateListener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** What the attachment says, on the loop. */
    private final class Events implements Attachment.Listener {
        @Override
        public void stands(SessionState state, long deadlineNanos, boolean changed) {
            if (standing.state == SessionState.EXPIRED || state == SessionState.EXPIRED) {
                return; // the end is told by ended()
            }
            standing = new Standing(state, deadlineNanos);
            if (!changed) {
                return;
            }
            for (Owned each : new ArrayList<>(owned.values())) {
                each.sessionStands(state);
            }
            tell(state);
            if (isGuaranteed()) {
                guaranteed.complete(Session.this);
            }
        }

        @Override
        public void ended(Loss loss) {
            if (standing.state == SessionState.EXPIRED) {
                return;
            }
            standing = new Standing(SessionState.EXPIRED, client.time().nanos());
            List<Owned> all = new ArrayList<>(owned.values());
            owned.clear();
            for (Owned each : all) {
                each.sessionEnded(loss);
            }
            inFlight.end(() -> expired(true));
            tell(SessionState.EXPIRED);
            guaranteed.completeExceptionally(expired(false));
        }

        @Override
        public void lost(Owned.Key key, String namespace, long token, Loss loss) {
            Owned one = namespace.equals(client.namespace()) ? owned.get(key) : null;
            if (one != null) {
                one.lost(token, loss);
            }
        }

        @Override
        public void reattached() {
            for (Owned each : new ArrayList<>(owned.values())) {
                each.reattached();
            }
        }

        @Override
        public void draining(long withinNanos) {
            for (StateListener listener : drainListeners) {
                listener.queue.add(() -> listener.drain.accept(Duration.ofNanos(withinNanos)));
            }
        }

        private void tell(SessionState state) {
            SessionStatus status = new SessionStatus(state, guaranteedFor());
            for (StateListener listener : stateListeners) {
                listener.queue.add(() -> listener.states.accept(status));
            }
        }
    }
}
