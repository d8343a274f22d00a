package dev.synod.client;

import dev.synod.coordination.v1.ErrorReason;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/** The lock was not had in time. The place in its queue is given up. */
@SuppressWarnings("serial") // exceptions here are thrown and caught in one process
public final class LockTimeoutException extends CoordinationException {
    LockTimeoutException(String text, @Nullable Throwable cause) {
        super(Status.Code.DEADLINE_EXCEEDED, ErrorReason.ERROR_REASON_LOCK_WAIT_TIMEOUT, text, false, 0, 0,
                cause);
    }
}
