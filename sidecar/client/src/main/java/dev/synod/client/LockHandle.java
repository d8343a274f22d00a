package dev.synod.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A lock, held. It belongs to whoever has the handle, not to a thread. Once lost it stays lost, even if the
 * session recovers: close it and acquire again.
 *
 * <p>All methods may be called on any thread.
 */
public final class LockHandle implements AutoCloseable {
    private final LockClaim claim;
    private final LockClaim.Grant grant;
    private final Callbacks.Queue queue;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Consumer<Loss>> listeners = new ArrayList<>();
    private @Nullable CompletableFuture<Void> closed;

    LockHandle(LockClaim claim, LockClaim.Grant grant) {
        this.claim = claim;
        this.grant = grant;
        queue = claim.client().callbacks().newQueue();
    }

    /** Larger than that of every grant before, and the same for all handles that share this one. */
    public FencingToken fencingToken() {
        return new FencingToken(grant.token);
    }

    /** The name of the lock. */
    public String name() {
        return claim.name();
    }

    /** Who holds it, within the session. */
    public String owner() {
        return claim.owner();
    }

    /**
     * Whether it is held and guaranteed, by this process' own clock. True says nothing about the next moment:
     * a process may be paused between this answer and what it does with it; that is what the token is for.
     */
    public boolean isHeld() {
        return grant.loss == null && !isClosed() && claim.session().isGuaranteed();
    }

    /** Throws {@link LockLostException} unless {@link #isHeld}. */
    public void ensureHeld() {
        Loss loss = grant.loss;
        if (loss != null) {
            throw new LockLostException(claim.toString(), loss);
        }
        if (isClosed()) {
            throw new LockLostException(claim.toString(),
                    new Loss(Loss.Kind.RELEASED, "this handle was closed"));
        }
        if (!claim.session().isGuaranteed()) {
            throw new LockLostException(claim.toString(), Loss.GUARANTEE_ENDED);
        }
    }

    /** How long it is guaranteed from now; zero when it is not. */
    public Duration guaranteedFor() {
        return isHeld() ? claim.session().guaranteedFor() : Duration.ZERO;
    }

    /**
     * Calls {@code listener} once if the lock is lost before this handle is closed, at once if it is lost
     * already; before the guarantee ends, on a thread of its own. It may close the handle.
     */
    public LockHandle onLost(Consumer<Loss> listener) {
        lock.lock();
        try {
            if (closed != null) {
                return this;
            }
            Loss loss = grant.loss;
            if (loss == null) {
                listeners.add(listener);
            } else {
                queue.add(() -> listener.accept(loss));
            }
            return this;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Gives the lock back, if this is the last handle that shares it, and waits until that is done, for as
     * long as a call may take. Never throws, not even when the lock was lost; what could not be given back
     * now is tried again in the background. A second close does nothing.
     */
    @Override
    public void close() {
        CompletableFuture<Void> closing = closeAsync();
        try {
            closing.get(claim.client().callNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt(); // it goes on in the background
        } catch (TimeoutException | ExecutionException later) {
            // it goes on in the background, until the session ends
        }
    }

    /** As {@link #close}, without waiting. */
    public CompletableFuture<Void> closeAsync() {
        lock.lock();
        try {
            if (closed == null) {
                CompletableFuture<Void> closing = new CompletableFuture<>();
                claim.client().loop().execute(() -> Futures.whenDone(
                        claim.close(this, grant), (nothing, failure) -> closing.complete(null)));
                closed = claim.client().handedOut(closing);
                listeners.clear();
            }
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #closeAsync}, for who does not want to know. */
    void closeLater() {
        CompletableFuture<Void> unused = closeAsync();
    }

    @Override
    public String toString() {
        return claim + ", token " + grant.token;
    }

    /** On the loop, once, after the grant's loss is set. */
    void tellLost(Loss loss) {
        lock.lock();
        try {
            for (Consumer<Loss> listener : listeners) {
                queue.add(() -> listener.accept(loss));
            }
            listeners.clear();
        } finally {
            lock.unlock();
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed != null;
        } finally {
            lock.unlock();
        }
    }
}
