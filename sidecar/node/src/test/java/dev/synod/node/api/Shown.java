package dev.synod.node.api;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.List;
import java.util.Map;

/** An error as a client sees it. */
public record Shown(
        Status.Code code, String reason, Map<String, String> metadata, String text, List<String> fields,
        boolean retryable) {

    /** What {@code call} ends in. */
    public static Shown of(Runnable call) {
        try {
            call.run();
        } catch (StatusRuntimeException e) {
            return of(e);
        }
        throw new AssertionError("the call succeeded");
    }

    public static Shown of(Throwable error) {
        Status status = Status.fromThrowable(error);
        ErrorInfo info = detail(error, ErrorInfo.class, ErrorInfo.getDefaultInstance());
        if (!info.getReason().isEmpty() && !info.getDomain().equals("coordination.synod.dev")) {
            throw new AssertionError("another domain: " + info);
        }
        List<String> fields = detail(error, BadRequest.class, BadRequest.getDefaultInstance())
                .getFieldViolationsList().stream().map(BadRequest.FieldViolation::getField).toList();
        boolean retryable = detail(error, RetryInfo.class, RetryInfo.getDefaultInstance()).hasRetryDelay();
        return new Shown(status.getCode(), info.getReason(), info.getMetadataMap(),
                String.valueOf(status.getDescription()), fields, retryable);
    }

    private static <M extends Message> M detail(Throwable error, Class<M> type, M none) {
        com.google.rpc.Status status = StatusProto.fromThrowable(error);
        if (status == null) {
            return none;
        }
        for (Any detail : status.getDetailsList()) {
            if (detail.is(type)) {
                try {
                    return detail.unpack(type);
                } catch (InvalidProtocolBufferException e) {
                    throw new AssertionError(e);
                }
            }
        }
        return none;
    }

    @Override
    public String toString() {
        return code + " " + reason + metadata + fields + ": " + text;
    }
}
