package dev.synod.client;

import dev.synod.coordination.v1.ErrorReason;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * The session has ended, and with it every lock, leadership and bound key it had. What was written meanwhile
 * is for fencing to refuse. {@link Coordination#renew} opens another one, explicitly.
 */
@SuppressWarnings("serial") // exceptions here are thrown and caught in one process
public final class SessionExpiredException extends CoordinationException {
    SessionExpiredException(String text, boolean maybeApplied, @Nullable Throwable cause) {
        super(Status.Code.FAILED_PRECONDITION, ErrorReason.ERROR_REASON_SESSION_EXPIRED, text, maybeApplied,
                0, 0, cause);
    }
}
