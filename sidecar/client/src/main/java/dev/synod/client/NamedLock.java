package dev.synod.client;

import dev.synod.coordination.v1.BreakLockRequest;
import dev.synod.coordination.v1.CheckFencingTokenRequest;
import dev.synod.coordination.v1.ClaimKind;
import dev.synod.coordination.v1.Fence;
import dev.synod.coordination.v1.GetLockRequest;
import dev.synod.coordination.v1.LockServiceGrpc;
import dev.synod.coordination.v1.ReadOptions;
import dev.synod.coordination.v1.WatchLockRequest;
import dev.synod.coordination.v1.WatchLockResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A lock by its name, and how it is to be taken: as EXCLUSIVE by a new owner, unless said otherwise.
 * Immutable; may be kept and shared.
 */
public final class NamedLock {
    private static final AtomicLong OWNERS = new AtomicLong();
    private static final int PERMITS_MAX = 65_536;

    private final Coordination coordination;
    private final String name;
    private final LockMode mode;
    private final int permits;
    private final @Nullable String owner;

    NamedLock(Coordination coordination, String name) {
        this(coordination, name, LockMode.EXCLUSIVE, 0, null);
    }

    private NamedLock(
            Coordination coordination, String name, LockMode mode, int permits, @Nullable String owner) {
        this.coordination = coordination;
        this.name = name;
        this.mode = mode;
        this.permits = permits;
        this.owner = owner;
    }

    /** Held in another way. For PERMIT, {@link #permits} says of how many. */
    public NamedLock mode(LockMode other) {
        return new NamedLock(coordination, name, other, permits, owner);
    }

    /**
     * One permit of a semaphore.
     *
     * @param ofHowMany 1 to 65,536, the same for all who use the lock
     */
    public NamedLock permits(int ofHowMany) {
        if (ofHowMany < 1 || ofHowMany > PERMITS_MAX) {
            throw new IllegalArgumentException("a semaphore of " + ofHowMany + " permits; 1 to " + PERMITS_MAX
                    + " are allowed");
        }
        return new NamedLock(coordination, name, LockMode.PERMIT, ofHowMany, owner);
    }

    /**
     * Taken in the name of {@code other} within the session. Whoever acquires as an owner that holds the lock
     * already gets a handle that shares it, with the same token; the lock is given back with the last of
     * them. Without an owner, every acquire is one of its own and excludes the others.
     */
    public NamedLock owner(String other) {
        return new NamedLock(coordination, name, mode, permits, Names.checked("lock owner", other, ""));
    }

    /**
     * Waits for the lock, at most for {@code wait}.
     *
     * @throws LockTimeoutException when it was not had in time
     * @throws SessionExpiredException when the session ended, before or meanwhile
     * @throws InterruptedException when the thread was; the queue is left
     */
    public LockHandle acquire(Duration wait) throws InterruptedException {
        return Client.await(inner(LockClaim.Wait.TIMED, wait)).orElseThrow(() -> noWait());
    }

    /** As {@link #acquire(Duration)}, for as long as it takes. */
    public LockHandle acquire() throws InterruptedException {
        return Client.await(inner(LockClaim.Wait.FOR_EVER, Duration.ZERO)).orElseThrow(() -> noWait());
    }

    /** Takes the lock if it can be had at once; empty when others hold it or wait for it. */
    public Optional<LockHandle> tryAcquire() throws InterruptedException {
        return Client.await(inner(LockClaim.Wait.NOT_AT_ALL, Duration.ZERO));
    }

    /** As {@link #acquire()}; cancelling the future leaves the queue, or gives the lock back. */
    public CompletableFuture<LockHandle> acquireAsync() {
        return handedOut(inner(LockClaim.Wait.FOR_EVER, Duration.ZERO));
    }

    /** As {@link #acquire(Duration)}; cancelling the future leaves the queue, or gives the lock back. */
    public CompletableFuture<LockHandle> acquireAsync(Duration wait) {
        return handedOut(inner(LockClaim.Wait.TIMED, wait));
    }

    /**
     * Runs {@code task} with the lock held, on a thread of its own (a virtual one on Java 21 and later),
     * which is interrupted when the lock is lost.
     *
     * @param wait how long to wait for the lock
     * @return what the task returned
     * @throws LockLostException when the lock was lost before the task ended, whatever came of the task
     * @throws X what the task threw
     */
    public <R, X extends Exception> R call(Duration wait, LockTask<R, X> task)
            throws X, InterruptedException {
        try (LockHandle handle = acquire(wait)) {
            return LockedCall.run(handle, task);
        }
    }

    /** Who holds it and who waits; linearizable. */
    public LockView view() {
        return view(ReadLevel.linearizable());
    }

    /** Who holds it and who waits. */
    public LockView view(ReadLevel level) {
        Client client = coordination.client();
        GetLockRequest request = GetLockRequest.newBuilder()
                .setNamespace(client.namespace()).setName(name).setRead(level.proto()).build();
        return LockView.of(Client.awaitBriefly(
                Attempts.read(client, LockServiceGrpc.getGetLockMethod(), request), false).getLock());
    }

    /** What a token of this lock is worth now; linearizable. */
    public TokenState check(FencingToken token) {
        return check(coordination.client(), ClaimKind.CLAIM_KIND_LOCK, name, token);
    }

    static TokenState check(Client client, ClaimKind kind, String name, FencingToken token) {
        CheckFencingTokenRequest request = CheckFencingTokenRequest.newBuilder()
                .setNamespace(client.namespace())
                .setFence(Fence.newBuilder().setKind(kind).setName(name).setFencingToken(token.value()))
                .setRead(ReadOptions.getDefaultInstance())
                .build();
        return switch (Client.awaitBriefly(Attempts.read(
                client, LockServiceGrpc.getCheckFencingTokenMethod(), request), false).getState()) {
            case FENCING_TOKEN_STATE_VALID -> TokenState.VALID;
            case FENCING_TOKEN_STATE_STALE -> TokenState.STALE;
            default -> TokenState.UNKNOWN;
        };
    }

    /**
     * Takes the lock from all who hold it, without asking them; they are told.
     *
     * @param reason for them; at most 256 bytes of UTF-8
     * @throws CoordinationException LOCK_NOT_HELD when nobody holds it
     */
    public void breakLock(String reason) {
        Client.awaitBriefly(coordination.changing(LockServiceGrpc.getBreakLockMethod(),
                (session, request) -> BreakLockRequest.newBuilder()
                        .setNamespace(coordination.client().namespace()).setSessionId(session)
                        .setRequest(request)
                        .setName(name).setReason(reason).build()),
                true);
    }

    /**
     * Calls {@code listener} with the lock as it is now, and again after each change, one at a time, in
     * order, on a thread of its own. A broken stream is taken up again; states between may be missed then.
     */
    public Watch watch(Consumer<LockView> listener) {
        Client client = coordination.client();
        WatchLockRequest request =
                WatchLockRequest.newBuilder().setNamespace(client.namespace()).setName(name).build();
        return new StateWatch<WatchLockRequest, WatchLockResponse, LockView>(
                client, LockServiceGrpc.getWatchLockMethod(), request,
                (before, message) -> message.hasState() || before == null
                        ? LockView.of(message.getState())
                        : before.after(message.getEventsList()),
                listener).opened();
    }

    @Override
    public String toString() {
        return "lock " + name + ", " + mode + (owner == null ? "" : " as " + owner);
    }

    private CompletableFuture<LockHandle> handedOut(CompletableFuture<Optional<LockHandle>> inner) {
        CompletableFuture<LockHandle> handle = new CompletableFuture<>();
        Futures.whenDone(handle, (result, failure) -> {
            if (handle.isCancelled()) {
                inner.cancel(false);
            }
        });
        Futures.whenDone(inner, (had, failure) -> {
            if (failure != null) {
                handle.completeExceptionally(Client.bare(failure));
            } else if (had.isEmpty()) {
                handle.completeExceptionally(noWait());
            } else if (!handle.complete(had.get())) {
                had.get().closeLater();
            }
        });
        return coordination.client().handedOut(handle, LockHandle::closeLater);
    }

    private CompletableFuture<Optional<LockHandle>> inner(LockClaim.Wait wait, Duration atMost) {
        if (mode == LockMode.PERMIT && permits < 1) {
            throw new IllegalArgumentException("lock " + name + " is to be taken as PERMIT, of no number; "
                    + "say permits(n) instead of mode(PERMIT)");
        }
        Client client = coordination.client();
        Session session = coordination.session();
        long nanos = Math.max(0, Times.nanos(atMost));
        // Beyond 146 years, sums of nanoseconds would pass round.
        boolean forEver = wait == LockClaim.Wait.TIMED && nanos >= Long.MAX_VALUE / 2;
        LockClaim.Wanted wanted = new LockClaim.Wanted(mode, permits,
                forEver
                        ? LockClaim.Wait.FOR_EVER
                        : wait == LockClaim.Wait.TIMED && nanos == 0 ? LockClaim.Wait.NOT_AT_ALL : wait,
                client.time().nanos() + nanos);
        String as = owner != null ? owner : "o-" + OWNERS.incrementAndGet();
        Owned.Key key = new Owned.Key(false, name, as);
        client.loop().execute(() -> {
            Owned claim = session.own(key, made -> new LockClaim(client, session, made));
            ((LockClaim) claim).acquire(wanted);
        });
        return wanted.result;
    }

    private LockTimeoutException noWait() {
        return new LockTimeoutException(this + " was not had in time", null);
    }
}
