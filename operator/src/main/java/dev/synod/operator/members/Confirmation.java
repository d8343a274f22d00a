package dev.synod.operator.members;

import com.google.common.util.concurrent.FutureCallback;
import dev.synod.admin.v1.ConfirmStatusResponse;
import dev.synod.admin.v1.MemberStatus;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One of several answers, of which the first good one is taken.
 *
 * @param first completed by it; with nothing when none was good
 * @param left how many are still out
 */
record Confirmation(CompletableFuture<Optional<MemberStatus>> first, AtomicInteger left)
        implements
        FutureCallback<ConfirmStatusResponse> {
    @Override
    public void onSuccess(ConfirmStatusResponse answer) {
        try {
            Statuses.check(answer.getStatus());
            first.complete(Optional.of(answer.getStatus()));
        } catch (IllegalArgumentException e) {
            onFailure(e);
        }
    }

    @Override
    public void onFailure(Throwable thrown) {
        if (left.decrementAndGet() == 0) {
            first.complete(Optional.empty());
        }
    }
}
