package dev.synod.node.door;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import dev.synod.node.api.Defect;
import dev.synod.node.api.Errors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.Map;
import java.util.concurrent.CompletionException;

/**
 * Errors as the door tells them: the status and reason of the native API, and the status of HTTP beside them.
 */
final class DoorErrors {
    private DoorErrors() {}

    /** An error of the door's own. */
    static DoorReply of(int http, Status.Code code, String reason, String text) {
        return new DoorReply(http, new Json().put("error", new Json()
                .put("code", code.name()).put("reason", reason).put("message", text)).bytes());
    }

    /** What a call of the native API ended in. */
    static DoorReply of(Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null
                ? error.getCause()
                : error;
        if (!(cause instanceof StatusRuntimeException status)) {
            Defect.report(cause);
            return of(500, Status.Code.INTERNAL, "DEFECT", "a defect of the sidecar: " + cause);
        }
        Status.Code code = status.getStatus().getCode();
        ErrorInfo info = Errors.info(status);
        var json = new Json()
                .put("code", code.name())
                .put("reason", info == null ? code.name() : info.getReason())
                .put("message", String.valueOf(status.getStatus().getDescription()));
        if (info != null && info.getMetadataCount() > 0) {
            var metadata = new Json();
            for (Map.Entry<String, String> entry : info.getMetadataMap().entrySet()) {
                metadata.put(entry.getKey(), entry.getValue());
            }
            json.put("metadata", metadata);
        }
        String fields = fields(status);
        if (!fields.isEmpty()) {
            json.raw("fields", "[" + fields + "]");
        }
        return new DoorReply(http(code), new Json().put("error", json).bytes());
    }

    private static String fields(StatusRuntimeException error) {
        var fields = new StringBuilder();
        com.google.rpc.Status status = StatusProto.fromThrowable(error);
        if (status == null) {
            return "";
        }
        for (Any detail : status.getDetailsList()) {
            if (!detail.is(BadRequest.class)) {
                continue;
            }
            try {
                for (BadRequest.FieldViolation v : detail.unpack(BadRequest.class).getFieldViolationsList()) {
                    fields.append(fields.isEmpty() ? "" : ",").append(new Json()
                            .put("field", v.getField()).put("description", v.getDescription()));
                }
            } catch (InvalidProtocolBufferException e) {
                return ""; // of another process, which may say anything
            }
        }
        return fields.toString();
    }

    private static int http(Status.Code code) {
        return switch (code) {
            case OK -> 200;
            case INVALID_ARGUMENT, OUT_OF_RANGE -> 400;
            case UNAUTHENTICATED -> 401;
            case PERMISSION_DENIED -> 403;
            case NOT_FOUND -> 404;
            case FAILED_PRECONDITION, ABORTED, ALREADY_EXISTS -> 409;
            case RESOURCE_EXHAUSTED -> 429;
            case CANCELLED -> 499;
            case UNIMPLEMENTED -> 501;
            case UNAVAILABLE -> 503;
            case DEADLINE_EXCEEDED -> 504;
            case INTERNAL, UNKNOWN, DATA_LOSS -> 500;
        };
    }
}
