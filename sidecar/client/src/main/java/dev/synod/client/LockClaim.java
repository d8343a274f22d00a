package dev.synod.client;

import com.google.protobuf.Empty;
import dev.synod.coordination.v1.AcquireLockRequest;
import dev.synod.coordination.v1.AcquireLockResponse;
import dev.synod.coordination.v1.CancelAcquireRequest;
import dev.synod.coordination.v1.CheckFencingTokenRequest;
import dev.synod.coordination.v1.CheckFencingTokenResponse;
import dev.synod.coordination.v1.ClaimKind;
import dev.synod.coordination.v1.ErrorReason;
import dev.synod.coordination.v1.Fence;
import dev.synod.coordination.v1.FencingTokenState;
import dev.synod.coordination.v1.LockServiceGrpc;
import dev.synod.coordination.v1.ReleaseLockRequest;
import dev.synod.coordination.v1.Request;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One owner's claim to one lock: asked for, held by any number of handles, given back with the last of them.
 * What one owner wants goes to the sidecar one after the other, or a release could overtake the acquire that
 * relies on what is released. Everything on the loop.
 */
final class LockClaim implements Owned {
    private final Client client;
    private final Session session;
    private final Owned.Key key;
    private final ArrayDeque<Wanted> waiting = new ArrayDeque<>();
    /** Tokens that were lost before the answer that grants them came. */
    private final Set<Long> lostEarly = new HashSet<>();
    private @Nullable Wanted asking;
    /** Calls under way that give back. The claim is asked for again after all: a late one would take it. */
    private int settlements;
    private final Backoff shutOut = new Backoff();
    private @Nullable Grant grant;

    /** One acquire. */
    static final class Wanted {
        final LockMode mode;
        final int permits;
        final Wait wait;
        /** In the clock of {@link Time#nanos}, when {@code wait} is {@link Wait#TIMED}. */
        final long untilNanos;
        /** Empty when it would have to wait, and did not want to. */
        final CompletableFuture<Optional<LockHandle>> result = new CompletableFuture<>();

        Wanted(LockMode mode, int permits, Wait wait, long untilNanos) {
            this.mode = mode;
            this.permits = permits;
            this.wait = wait;
            this.untilNanos = untilNanos;
        }
    }

    /** How long an acquire waits. */
    enum Wait {
        NOT_AT_ALL,
        TIMED,
        FOR_EVER
    }

    /** What was granted once, for all handles that share it. */
    static final class Grant {
        final long token;
        final List<LockHandle> handles = new ArrayList<>(); // on the loop
        volatile @Nullable Loss loss;

        Grant(long token) {
            this.token = token;
        }
    }

    LockClaim(Client client, Session session, Owned.Key key) {
        this.client = client;
        this.session = session;
        this.key = key;
    }

    String name() {
        return key.name();
    }

    String owner() {
        return key.owner();
    }

    Session session() {
        return session;
    }

    Client client() {
        return client;
    }

    /** Asks for the lock, after what was asked for before. */
    void acquire(Wanted wanted) {
        Futures.whenDone(wanted.result, (handle, failure) -> {
            if (wanted.result.isCancelled()) {
                client.loop().execute(() -> cancelled(wanted));
            }
        });
        if (asking != null && wanted.wait == Wait.NOT_AT_ALL) {
            wanted.result.complete(Optional.empty());
            return;
        }
        waiting.add(wanted);
        if (wanted.wait == Wait.TIMED && isBusy()) {
            client.loop().later(() -> timedOutHere(wanted),
                    Math.max(0, wanted.untilNanos - client.time().nanos()));
        }
        next();
    }

    /** A handle is closed; the last one gives the lock back. */
    CompletableFuture<Void> close(LockHandle handle, Grant of) {
        of.handles.remove(handle);
        if (!of.handles.isEmpty() || grant != of || asking != null) {
            return CompletableFuture.completedFuture(null); // with asking: its answer decides
        }
        return releaseUnused();
    }

    /** Gives back what no handle shares any more. */
    private CompletableFuture<Void> releaseUnused() {
        Grant unused = grant;
        if (unused == null || !unused.handles.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        grant = null;
        return settle(release(unused.token));
    }

    @Override
    public void sessionStands(SessionState state) {
        if (state == SessionState.JEOPARDY) {
            lose(grant, Loss.GUARANTEE_ENDED);
        }
    }

    @Override
    public void reattached() {
        Grant held = grant;
        if (held == null || held.loss != null) {
            return;
        }
        CheckFencingTokenRequest request = CheckFencingTokenRequest.newBuilder()
                .setNamespace(client.namespace())
                .setFence(Fence.newBuilder().setKind(ClaimKind.CLAIM_KIND_LOCK).setName(key.name())
                        .setFencingToken(held.token))
                .build();
        Futures.whenDone(
                Attempts.read(client, LockServiceGrpc.getCheckFencingTokenMethod(), request),
                (answer, failure) -> client.loop().execute(() -> checked(held.token, answer)));
    }

    private void checked(long token, @Nullable CheckFencingTokenResponse answer) {
        if (answer == null) {
            // Nobody knows; that comes down to a sidecar out of reach, which ends the guarantee by itself.
            return;
        }
        if (answer.getState() != FencingTokenState.FENCING_TOKEN_STATE_VALID) {
            lost(token, new Loss(Loss.Kind.BROKEN, "it was taken away while the sidecar was out of reach"));
        }
    }

    @Override
    public void sessionEnded(Loss loss) {
        lose(grant, loss);
        grant = null;
        Wanted wanted;
        while ((wanted = waiting.poll()) != null) {
            wanted.result.completeExceptionally(session.expired(false));
        }
    }

    @Override
    public void lost(long token, Loss loss) {
        Grant held = grant;
        if (held != null && held.token == token) {
            lose(held, loss);
            grant = null;
            next();
        } else if (asking != null) {
            lostEarly.add(token);
        }
    }

    private boolean isBusy() {
        return asking != null || settlements > 0;
    }

    private void next() {
        while (!isBusy()) {
            Wanted wanted = waiting.poll();
            if (wanted == null) {
                if (grant == null) {
                    session.disown(key, this);
                }
                return;
            }
            if (!wanted.result.isDone()) {
                ask(wanted);
            }
        }
    }

    private void ask(Wanted wanted) {
        asking = wanted;
        boolean waits = wanted.wait != Wait.NOT_AT_ALL;
        long budget = switch (wanted.wait) {
            case NOT_AT_ALL -> client.callNanos();
            case TIMED -> sum(Math.max(0, wanted.untilNanos - client.time().nanos()), client.callNanos());
            case FOR_EVER -> Long.MAX_VALUE;
        };
        CompletableFuture<AcquireLockResponse> answer = session.command(
                LockServiceGrpc.getAcquireLockMethod(),
                waits ? Attempts.Kind.WAITING : Attempts.Kind.REMEMBERED, budget,
                request -> request(wanted, request));
        Futures.whenDone(wanted.result, (handle, failure) -> answer.cancel(false));
        Futures.whenDone(answer,
                (granted, failure) -> client.loop().execute(() -> answered(wanted, granted, failure)));
    }

    private AcquireLockRequest request(Wanted wanted, Request request) {
        AcquireLockRequest.Builder made = AcquireLockRequest.newBuilder()
                .setNamespace(client.namespace()).setSessionId(session.id()).setRequest(request)
                .setName(key.name()).setOwnerId(key.owner())
                .setMode(wanted.mode.proto())
                .setMaxHolders(wanted.mode == LockMode.PERMIT ? wanted.permits : 0);
        switch (wanted.wait) {
            case NOT_AT_ALL -> made.setNoWait(Empty.getDefaultInstance());
            case FOR_EVER -> made.setWaitForever(Empty.getDefaultInstance());
            case TIMED -> {
                long left = wanted.untilNanos - client.time().nanos();
                if (left <= 0) {
                    throw timeout();
                }
                made.setWaitFor(Times.proto(left));
            }
        }
        return made.build();
    }

    private void answered(Wanted wanted, @Nullable AcquireLockResponse answer, @Nullable Throwable failure) {
        if (asking == wanted) {
            asking = null;
        }
        boolean early = answer != null && lostEarly.contains(answer.getFencingToken());
        lostEarly.clear();
        if (answer == null) {
            failed(wanted, Client.bare(java.util.Objects.requireNonNull(failure)));
        } else if (!answer.getAcquired()) {
            wanted.result.complete(Optional.empty());
        } else if (early || !session.isGuaranteed()) {
            Loss loss = early
                    ? new Loss(Loss.Kind.BROKEN, "it was broken as it was granted")
                    : Loss.GUARANTEE_ENDED;
            giveBack(answer.getFencingToken(), loss);
            wanted.result.completeExceptionally(early || session.state() != SessionState.EXPIRED
                    ? new LockLostException(this.toString(), loss)
                    : session.expired(false));
        } else {
            granted(wanted, answer.getFencingToken());
        }
        CompletableFuture<Void> unused = releaseUnused();
        next();
    }

    /** Gives back what was granted and cannot be had, for all handles that share it: once. */
    private void giveBack(long token, Loss loss) {
        Grant held = grant;
        if (held != null && held.token == token) {
            lose(held, loss);
            grant = null;
        }
        settleLater(release(token));
    }

    private void granted(Wanted wanted, long token) {
        Grant held = grant;
        if (held == null || held.token != token || held.loss != null) {
            lose(held, new Loss(Loss.Kind.OTHER, "it was granted anew, with another token"));
            held = new Grant(token);
            grant = held;
        }
        LockHandle handle = new LockHandle(this, held);
        held.handles.add(handle);
        if (!wanted.result.complete(Optional.of(handle))) {
            handle.closeLater(); // given up a moment ago
        }
    }

    private void failed(Wanted wanted, Throwable failure) {
        // Where the sidecar said that it is out of the queue, it is. Otherwise it may be in it still, or hold
        // it.
        boolean certain = failure instanceof CoordinationException known && !known.maybeApplied()
                && !(failure instanceof LockTimeoutException && failure.getCause() == null);
        boolean held = grant != null;
        if (!certain && !held && session.state() != SessionState.EXPIRED) {
            settleLater(withdraw());
        }
        wanted.result.completeExceptionally(failure);
    }

    private void cancelled(Wanted wanted) {
        waiting.remove(wanted);
        next();
    }

    private void timedOutHere(Wanted wanted) {
        if (waiting.remove(wanted)) {
            wanted.result.completeExceptionally(timeout());
        }
    }

    private LockTimeoutException timeout() {
        return new LockTimeoutException(this + " was not had in time; its place in the queue is given up",
                null);
    }

    /** Leaves the queue; a grant that came first is given back. */
    private CompletableFuture<?> withdraw() {
        return session.command(LockServiceGrpc.getCancelAcquireMethod(),
                request -> CancelAcquireRequest.newBuilder()
                        .setNamespace(client.namespace()).setSessionId(session.id()).setRequest(request)
                        .setName(key.name()).setOwnerId(key.owner()).build())
                .thenCompose(left -> left.getFencingToken() == 0
                        ? CompletableFuture.<Void>completedFuture(null)
                        : release(left.getFencingToken()).thenAccept(released -> {}));
    }

    private CompletableFuture<?> release(long token) {
        return session.command(LockServiceGrpc.getReleaseLockMethod(),
                request -> ReleaseLockRequest.newBuilder()
                        .setNamespace(client.namespace()).setSessionId(session.id()).setRequest(request)
                        .setName(key.name()).setOwnerId(key.owner()).setFencingToken(token).build());
    }

    /**
     * Holds back what comes next for this owner until {@code call} is through. What is neither had nor given
     * back for certain is tried again, for as long as the session lives: it would block others.
     */
    private CompletableFuture<Void> settle(CompletableFuture<?> call) {
        settlements++;
        CompletableFuture<Void> settled = new CompletableFuture<>();
        client.link().track(settled); // the loop drops what is for later when the client is closed
        settleBy(call, settled);
        return settled;
    }

    private void settleBy(CompletableFuture<?> call, CompletableFuture<Void> settled) {
        Futures.whenDone(call, (answer, failure) -> client.loop().execute(() -> {
            Throwable why = failure == null ? null : Client.bare(failure);
            if (session.state() != SessionState.EXPIRED) {
                if (why instanceof CoordinationException known && known.isShutOut()) {
                    client.loop().later(() -> settleBy(withdraw(), settled), shutOut.nanos());
                    return;
                }
                shutOut.reset();
                if (why != null && isUnknown(why)) {
                    settleBy(withdraw(), settled);
                    return;
                }
            }
            settlements--;
            settled.complete(null);
            next();
        }));
    }

    private void settleLater(CompletableFuture<?> call) {
        CompletableFuture<Void> unused = settle(call);
    }

    /** Refusals settle it: what is not held needs no release. */
    private static boolean isUnknown(Throwable failure) {
        return failure instanceof CoordinationException known
                && (known.maybeApplied() || known.isPassing()
                        || known.reason() == ErrorReason.ERROR_REASON_NO_LEADER);
    }

    private void lose(@Nullable Grant held, Loss loss) {
        if (held == null || held.loss != null) {
            return;
        }
        held.loss = loss;
        for (LockHandle handle : held.handles) {
            handle.tellLost(loss);
        }
    }

    private static long sum(long a, long b) {
        return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
    }

    @Override
    public String toString() {
        return "lock " + key.name() + " of owner " + key.owner() + " in session " + session.id();
    }
}
