package dev.synod.cli.sidecar;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import dev.synod.cli.ExitStatus;
import dev.synod.client.CoordinationException;
import dev.synod.coordination.v1.ErrorReason;
import dev.synod.state.Limits;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;

/**
 * What a failed call means to a shell.
 *
 * @param status of the process
 * @param message one line
 */
public record CallFailure(ExitStatus status, String message) {
    static final String MAYBE = "; it may have taken effect, or still may: look before asking again";

    private static final String PREFIX = "ERROR_REASON_";

    /** Of what gRPC threw; {@link Unanswered} has told what the transport found. */
    public static CallFailure of(StatusRuntimeException failure) {
        ErrorInfo info = info(failure);
        Status.Code code = failure.getStatus().getCode();
        String reason = info.getReason().startsWith(PREFIX)
                ? info.getReason().substring(PREFIX.length())
                : info.getReason();
        String text = failure.getStatus().getDescription();
        if (reason.isEmpty()) {
            return ofTransport(code, text == null ? code.name() : text);
        }
        String told = (text == null ? code.name() : text) + " (" + reason + ")";
        if (info.getMetadataOrDefault("maybe_applied", "false").equals("true")) {
            told += MAYBE;
        }
        return new CallFailure(status(reason, code), told);
    }

    /** Of what the client threw. */
    public static CallFailure of(CoordinationException failure) {
        String reason = failure.reason() == ErrorReason.ERROR_REASON_UNSPECIFIED
                ? ""
                : failure.reason().name().substring(PREFIX.length());
        String text = String.valueOf(failure.getMessage());
        if (failure.maybeApplied()) {
            text += MAYBE;
        }
        return new CallFailure(status(reason, failure.status()), text);
    }

    /** Whether a sidecar said so, and not the transport that there was none to say anything. */
    static boolean isAnswered(CoordinationException failure) {
        return failure.getCause() instanceof StatusRuntimeException cause
                && !info(cause).getReason().isEmpty();
    }

    private static ErrorInfo info(StatusRuntimeException failure) {
        com.google.rpc.Status status = StatusProto.fromThrowable(failure);
        if (status != null) {
            for (Any detail : status.getDetailsList()) {
                if (detail.is(ErrorInfo.class)) {
                    try {
                        return detail.unpack(ErrorInfo.class);
                    } catch (InvalidProtocolBufferException e) {
                        return ErrorInfo.getDefaultInstance(); // the status itself still tells the kind
                    }
                }
            }
        }
        return ErrorInfo.getDefaultInstance();
    }

    private static CallFailure ofTransport(Status.Code code, String text) {
        return switch (code) {
            case UNIMPLEMENTED -> new CallFailure(ExitStatus.UNAVAILABLE, text);
            case RESOURCE_EXHAUSTED -> new CallFailure(ExitStatus.USAGE, "the request is too large: " + text
                    + "; a value may have " + Limits.VALUE_BYTES_MAX + " bytes");
            default -> new CallFailure(status("", code), text);
        };
    }

    private static ExitStatus status(String reason, Status.Code code) {
        if (reason.equals("LOCK_WAIT_TIMEOUT")) {
            return ExitStatus.BUSY;
        }
        return switch (code) {
            case UNAVAILABLE, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, CANCELLED -> ExitStatus.UNAVAILABLE;
            case INVALID_ARGUMENT -> ExitStatus.USAGE;
            case PERMISSION_DENIED, UNAUTHENTICATED -> ExitStatus.DENIED;
            case NOT_FOUND, FAILED_PRECONDITION, ABORTED, OUT_OF_RANGE, ALREADY_EXISTS -> ExitStatus.NO;
            default -> ExitStatus.SOFTWARE;
        };
    }
}
