package dev.synod.client;

import dev.synod.coordination.v1.ClaimKind;
import dev.synod.coordination.v1.CommitRequest;
import dev.synod.coordination.v1.Fence;
import dev.synod.coordination.v1.ValueServiceGrpc;
import java.util.concurrent.CompletableFuture;

/**
 * A transaction in the making: conditions, what is done when all hold, and what otherwise, all at one
 * revision or not at all. For one thread.
 */
public final class Commit {
    private final Coordination coordination;
    private final CommitRequest.Builder made = CommitRequest.newBuilder();

    Commit(Coordination coordination) {
        this.coordination = coordination;
    }

    /** Conditions, at most 128 in all. */
    public Commit when(Condition... conditions) {
        for (Condition condition : conditions) {
            made.addCompares(condition.proto());
        }
        return this;
    }

    /** What is done when all conditions hold, at most 128 in all. */
    public Commit then(Operation... operations) {
        for (Operation operation : operations) {
            made.addSuccess(operation.proto());
        }
        return this;
    }

    /** What is done otherwise, at most 128 in all. */
    public Commit otherwise(Operation... operations) {
        for (Operation operation : operations) {
            made.addFailure(operation.proto());
        }
        return this;
    }

    /** Nothing is done unless this lock is held still (FENCING_TOKEN_STALE). */
    public Commit whileHeld(LockHandle lock) {
        return fence(ClaimKind.CLAIM_KIND_LOCK, lock.name(), lock.fencingToken());
    }

    /** Nothing is done unless this leadership stands still (FENCING_TOKEN_STALE). */
    public Commit whileHeld(Leadership leadership) {
        return fence(ClaimKind.CLAIM_KIND_ELECTION, leadership.election(), leadership.fencingToken());
    }

    /** Nothing is done unless this token of a lock is valid, whoever holds it (FENCING_TOKEN_STALE). */
    public Commit whileValid(NamedLockToken lock) {
        return fence(ClaimKind.CLAIM_KIND_LOCK, lock.lock(), lock.token());
    }

    /**
     * A token with its lock, handed on from whoever holds it.
     *
     * @param lock the name
     * @param token of its grant
     */
    public record NamedLockToken(String lock, FencingToken token) {}

    /**
     * Carries it out.
     *
     * @throws CoordinationException FENCING_TOKEN_STALE, with the newest token as {@link
     *     CoordinationException#current}
     */
    public CommitResult run() {
        return Client.awaitBriefly(sent(), true);
    }

    /** As {@link #run}. */
    public CompletableFuture<CommitResult> runAsync() {
        return coordination.client().handedOut(sent());
    }

    private CompletableFuture<CommitResult> sent() {
        CommitRequest fixed = made.setNamespace(coordination.client().namespace()).build();
        return coordination
                .changing(ValueServiceGrpc.getCommitMethod(),
                        (session, request) -> fixed.toBuilder().setSessionId(session).setRequest(request)
                                .build())
                .thenApply(CommitResult::of);
    }

    private Commit fence(ClaimKind kind, String name, FencingToken token) {
        made.addFences(Fence.newBuilder().setKind(kind).setName(name).setFencingToken(token.value()));
        return this;
    }
}
