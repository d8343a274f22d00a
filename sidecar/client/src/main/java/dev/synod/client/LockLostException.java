package dev.synod.client;

import dev.synod.coordination.v1.ErrorReason;
import io.grpc.Status;

/** The lock, or the leadership, is no longer guaranteed: side effects stop. */
@SuppressWarnings("serial") // exceptions here are thrown and caught in one process
public final class LockLostException extends CoordinationException {
    private final Loss loss;

    LockLostException(String what, Loss loss) {
        super(Status.Code.FAILED_PRECONDITION, ErrorReason.ERROR_REASON_CLAIM_LOST,
                what + " is lost: " + loss.text());
        this.loss = loss;
    }

    /** How it was lost. */
    public Loss loss() {
        return loss;
    }
}
