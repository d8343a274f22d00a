package dev.synod.client;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.synod.coordination.v1.ErrorReason;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Makes exceptions of what gRPC says. */
final class Failures {
    private static final String DOMAIN = "coordination.synod.dev";
    private static final String PREFIX = "ERROR_REASON_";

    private Failures() {}

    /**
     * What {@code failure} of a call means.
     *
     * @param what the call, for the text
     * @param changes whether it could have changed anything
     */
    static CoordinationException of(Throwable failure, String what, boolean changes) {
        if (failure instanceof CoordinationException known) {
            return known;
        }
        Status status = Status.fromThrowable(failure);
        ErrorInfo info = ErrorInfo.getDefaultInstance();
        long retryAfterNanos = 0;
        com.google.rpc.Status details = StatusProto.fromThrowable(failure);
        if (details != null) {
            for (Any detail : details.getDetailsList()) {
                info = unpacked(detail, ErrorInfo.class, info);
                RetryInfo retry = unpacked(detail, RetryInfo.class, RetryInfo.getDefaultInstance());
                retryAfterNanos = Math.max(retryAfterNanos, TimeUnit.SECONDS.toNanos(
                        retry.getRetryDelay().getSeconds()) + retry.getRetryDelay().getNanos());
            }
        }
        boolean ours = info.getDomain().equals(DOMAIN);
        boolean maybeApplied = changes && (ours
                ? Boolean.parseBoolean(info.getMetadataOrDefault("maybe_applied", "false"))
                : isSilent(status.getCode()));
        String text = what + " failed: " + (ours ? described(status) : ofTransport(status));
        return ofReason(status.getCode(), ours ? reason(info.getReason()) : guessed(status.getCode()), text,
                maybeApplied, number(info.getMetadataOrDefault("current", "0")), retryAfterNanos, failure);
    }

    private static CoordinationException ofReason(
            Status.Code code, ErrorReason reason, String text, boolean maybeApplied, long current,
            long retryAfterNanos, Throwable cause) {
        return switch (reason) {
            case ERROR_REASON_SESSION_EXPIRED, ERROR_REASON_SESSION_NOT_FOUND ->
                    new SessionExpiredException(text, maybeApplied, cause);
            case ERROR_REASON_LOCK_WAIT_TIMEOUT -> new LockTimeoutException(text, cause);
            default -> new CoordinationException(code, reason, text, maybeApplied, current, retryAfterNanos,
                    cause);
        };
    }

    /** Codes that transports make up: whether the call arrived is not known. */
    private static boolean isSilent(Status.Code code) {
        return switch (code) {
            case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED, UNKNOWN, INTERNAL -> true;
            default -> false;
        };
    }

    private static ErrorReason guessed(Status.Code code) {
        return switch (code) {
            case UNAVAILABLE -> ErrorReason.ERROR_REASON_SIDECAR_UNAVAILABLE;
            case DEADLINE_EXCEEDED -> ErrorReason.ERROR_REASON_NO_LEADER;
            case UNAUTHENTICATED -> ErrorReason.ERROR_REASON_UNAUTHENTICATED;
            case PERMISSION_DENIED -> ErrorReason.ERROR_REASON_PERMISSION_DENIED;
            default -> ErrorReason.ERROR_REASON_UNSPECIFIED;
        };
    }

    private static ErrorReason reason(String name) {
        try {
            return ErrorReason.valueOf(PREFIX + name);
        } catch (IllegalArgumentException newer) {
            return ErrorReason.ERROR_REASON_UNSPECIFIED;
        }
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException notOurs) {
            return 0;
        }
    }

    /** What transports say of silence is about their own parts. */
    private static String ofTransport(Status status) {
        if (status.getCode() == Status.Code.DEADLINE_EXCEEDED) {
            return "no answer in time: no sidecar listens there, it hangs, or the cluster has no leader";
        }
        @Nullable
        Throwable cause = status.getCause();
        return status.getCode() == Status.Code.UNAVAILABLE && cause != null && cause.getMessage() != null
                ? "the sidecar cannot be reached: " + cause.getMessage()
                : described(status);
    }

    private static String described(Status status) {
        @Nullable
        String description = status.getDescription();
        return description == null || description.isEmpty() ? status.getCode().name() : description;
    }

    private static <T extends com.google.protobuf.Message> T unpacked(Any detail, Class<T> type,
            T otherwise) {
        if (!detail.is(type)) {
            return otherwise;
        }
        try {
            return detail.unpack(type);
        } catch (InvalidProtocolBufferException damaged) {
            return otherwise; // the status itself still tells the kind of failure
        }
    }
}
