package dev.synod.client;

import dev.synod.coordination.v1.ErrorReason;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * A call failed. {@link #reason} says why in a word that programs can act on; the message says it in a
 * sentence.
 */
@SuppressWarnings("serial") // exceptions here are thrown and caught in one process
public class CoordinationException extends RuntimeException {
    private final Status.Code status;
    private final ErrorReason reason;
    private final boolean maybeApplied;
    private final long current;
    private final long retryAfterNanos;

    CoordinationException(
            Status.Code status, ErrorReason reason, String text, boolean maybeApplied, long current,
            long retryAfterNanos, @Nullable Throwable cause) {
        super(text, cause);
        this.status = status;
        this.reason = reason;
        this.maybeApplied = maybeApplied;
        this.current = current;
        this.retryAfterNanos = retryAfterNanos;
    }

    CoordinationException(Status.Code status, ErrorReason reason, String text) {
        this(status, reason, text, false, 0, 0, null);
    }

    CoordinationException(CoordinationException other, boolean maybeApplied) {
        this(other.status, other.reason, String.valueOf(other.getMessage()), maybeApplied, other.current,
                other.retryAfterNanos, other.getCause());
    }

    /** Why; UNSPECIFIED when the sidecar gave none that this version knows. */
    public final ErrorReason reason() {
        return reason;
    }

    /** gRPC's coarser word for it. */
    public final Status.Code status() {
        return status;
    }

    /**
     * Whether the call may have taken effect, or still may. The client has given up repeating it by then;
     * look before asking again.
     */
    public final boolean maybeApplied() {
        return maybeApplied;
    }

    /** The number that the reason speaks of: a newest token, a lowest revision; 0 for none. */
    public final long current() {
        return current;
    }

    /** How long the sidecar wants to be left alone; 0 when it did not say. */
    final long retryAfterNanos() {
        return retryAfterNanos;
    }

    /** Whether another attempt may do better, of a call that may be repeated. */
    final boolean isPassing() {
        return switch (reason) {
            case ERROR_REASON_OVERLOADED, ERROR_REASON_SESSION_NOT_ATTACHED -> true;
            case ERROR_REASON_TOO_MANY_OUTSTANDING -> true;
            default -> status == Status.Code.UNAVAILABLE;
        };
    }

    /**
     * Whether the call was not let in, whatever it wanted: the connection is full, or the token could not be
     * shown. That says nothing of what the session has already.
     */
    final boolean isShutOut() {
        return reason == ErrorReason.ERROR_REASON_CONNECTION_LIMIT
                || reason == ErrorReason.ERROR_REASON_UNAUTHENTICATED;
    }
}
