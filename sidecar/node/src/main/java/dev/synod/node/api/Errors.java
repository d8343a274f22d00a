package dev.synod.node.api;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.QuotaFailure;
import com.google.rpc.RetryInfo;
import dev.synod.coordination.v1.ErrorReason;
import dev.synod.member.Answer;
import dev.synod.member.Failure;
import dev.synod.state.Limits;
import dev.synod.state.Refusal;
import dev.synod.state.Reply;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one table of errors: which status, reason and details every refusal and failure has. Nothing else makes
 * a status.
 */
public final class Errors {
    /** Of every {@link ErrorInfo}. */
    public static final String DOMAIN = "coordination.synod.dev";

    private static final String PREFIX = "ERROR_REASON_";
    private static final int RETRY_MILLIS = 200;

    private Errors() {}

    /**
     * A row of the table.
     *
     * @param code of gRPC
     * @param reason told beside it
     */
    record Row(Status.Code code, ErrorReason reason) {}

    /** The row of a refusal. */
    static Row row(Refusal refusal) {
        return switch (refusal) {
            case MALFORMED -> new Row(Status.Code.INVALID_ARGUMENT, ErrorReason.ERROR_REASON_MALFORMED);
            case REQUEST_TOO_LARGE -> new Row(
                    Status.Code.INVALID_ARGUMENT, ErrorReason.ERROR_REASON_REQUEST_TOO_LARGE);
            case NAME_INVALID -> new Row(
                    Status.Code.INVALID_ARGUMENT, ErrorReason.ERROR_REASON_NAME_INVALID);
            case VALUE_TOO_LARGE -> new Row(
                    Status.Code.INVALID_ARGUMENT, ErrorReason.ERROR_REASON_VALUE_TOO_LARGE);
            case ARGUMENT_INVALID -> new Row(
                    Status.Code.INVALID_ARGUMENT, ErrorReason.ERROR_REASON_ARGUMENT_INVALID);
            case DUPLICATE_KEY -> new Row(
                    Status.Code.INVALID_ARGUMENT, ErrorReason.ERROR_REASON_DUPLICATE_KEY);
            case STATE_QUOTA -> new Row(
                    Status.Code.RESOURCE_EXHAUSTED, ErrorReason.ERROR_REASON_STATE_QUOTA);
            case SESSION_NOT_FOUND -> new Row(
                    Status.Code.NOT_FOUND, ErrorReason.ERROR_REASON_SESSION_NOT_FOUND);
            case SESSION_ENDED -> new Row(
                    Status.Code.FAILED_PRECONDITION, ErrorReason.ERROR_REASON_SESSION_EXPIRED);
            case SECRET_WRONG -> new Row(
                    Status.Code.PERMISSION_DENIED, ErrorReason.ERROR_REASON_SESSION_SECRET_WRONG);
            case REQUEST_ACKNOWLEDGED -> new Row(
                    Status.Code.FAILED_PRECONDITION, ErrorReason.ERROR_REASON_REQUEST_ACKNOWLEDGED);
            case TOO_MANY_OUTSTANDING -> new Row(
                    Status.Code.RESOURCE_EXHAUSTED, ErrorReason.ERROR_REASON_TOO_MANY_OUTSTANDING);
            case LOCK_KIND_MISMATCH -> new Row(
                    Status.Code.FAILED_PRECONDITION, ErrorReason.ERROR_REASON_LOCK_KIND_MISMATCH);
            case LOCK_MODE_MISMATCH -> new Row(
                    Status.Code.FAILED_PRECONDITION, ErrorReason.ERROR_REASON_LOCK_MODE_MISMATCH);
            case LOCK_NOT_HELD -> new Row(
                    Status.Code.FAILED_PRECONDITION, ErrorReason.ERROR_REASON_LOCK_NOT_HELD);
            case FENCING_TOKEN_STALE -> new Row(
                    Status.Code.FAILED_PRECONDITION, ErrorReason.ERROR_REASON_FENCING_TOKEN_STALE);
            case FENCING_TOKEN_UNKNOWN -> new Row(
                    Status.Code.FAILED_PRECONDITION, ErrorReason.ERROR_REASON_FENCING_TOKEN_UNKNOWN);
            case NOT_LEADER -> new Row(
                    Status.Code.FAILED_PRECONDITION, ErrorReason.ERROR_REASON_NOT_LEADER);
            case CANDIDATE_NOT_FOUND -> new Row(
                    Status.Code.NOT_FOUND, ErrorReason.ERROR_REASON_CANDIDATE_NOT_FOUND);
            case REVISION_COMPACTED -> new Row(
                    Status.Code.OUT_OF_RANGE, ErrorReason.ERROR_REASON_REVISION_COMPACTED);
            case REVISION_FUTURE -> new Row(
                    Status.Code.OUT_OF_RANGE, ErrorReason.ERROR_REASON_REVISION_FUTURE);
        };
    }

    /** The row of a failure. */
    static Row row(Failure failure) {
        return switch (failure) {
            case NO_LEADER -> new Row(Status.Code.UNAVAILABLE, ErrorReason.ERROR_REASON_NO_LEADER);
            case BUSY -> new Row(Status.Code.RESOURCE_EXHAUSTED, ErrorReason.ERROR_REASON_OVERLOADED);
            case DISK_FULL -> new Row(
                    Status.Code.RESOURCE_EXHAUSTED, ErrorReason.ERROR_REASON_DISK_FULL);
            case DIVERGED -> new Row(
                    Status.Code.FAILED_PRECONDITION, ErrorReason.ERROR_REASON_STATE_DIVERGED);
            case TOO_LARGE -> new Row(
                    Status.Code.INVALID_ARGUMENT, ErrorReason.ERROR_REASON_REQUEST_TOO_LARGE);
            case UNAVAILABLE -> new Row(
                    Status.Code.UNAVAILABLE, ErrorReason.ERROR_REASON_SIDECAR_UNAVAILABLE);
            case WAIT_TIMED_OUT -> new Row(
                    Status.Code.DEADLINE_EXCEEDED, ErrorReason.ERROR_REASON_LOCK_WAIT_TIMEOUT);
            case SESSION_NOT_ATTACHED -> new Row(
                    Status.Code.FAILED_PRECONDITION, ErrorReason.ERROR_REASON_SESSION_NOT_ATTACHED);
            case CLAIM_LOST -> new Row(
                    Status.Code.FAILED_PRECONDITION, ErrorReason.ERROR_REASON_CLAIM_LOST);
            case COMPACTED -> new Row(
                    Status.Code.OUT_OF_RANGE, ErrorReason.ERROR_REASON_REVISION_COMPACTED);
            case SESSION_OVER -> new Row(
                    Status.Code.FAILED_PRECONDITION, ErrorReason.ERROR_REASON_SESSION_EXPIRED);
        };
    }

    private static String text(Answer.Failed failed) {
        String text = switch (failed.reason()) {
            case NO_LEADER -> "no leader confirmed this in time: the cluster has no quorum that this sidecar"
                    + " reaches, or is electing; try again";
            case BUSY -> "too much is waiting at this sidecar already; back off and try again";
            case DISK_FULL -> "the leader's disk is full: only what frees something is written until there is"
                    + " room";
            case DIVERGED -> "the members' states differ and no quorum agrees: nothing is written until an"
                    + " operator has mended it";
            case TOO_LARGE -> "the request does not fit into one entry of the log; "
                    + Limits.REQUEST_BYTES_MAX + " bytes are allowed";
            case UNAVAILABLE -> "this sidecar does not serve now: it starts, stops, or is faulty; try again,"
                    + " or elsewhere";
            case WAIT_TIMED_OUT -> "the lock was not had within the time to wait; its place in the queue is"
                    + " given up";
            case SESSION_OVER -> "the session ended before the outcome of the request was known; open"
                    + " another, and look what took effect";
            case SESSION_NOT_ATTACHED -> "the session is not attached to this sidecar; call AttachSession"
                    + " first and keep its stream open";
            case CLAIM_LOST -> "what the call waited for has ended: " + causeName(failed)
                    + "; open a session or ask anew";
            case COMPACTED -> "the history asked for is gone; revisions from " + failed.current()
                    + " on can be read: read the state anew and watch from its revision";
        };
        return failed.maybeApplied()
                ? text + "; it may have been applied: send it again with the same request id, and only so"
                : text;
    }

    private static String causeName(Answer.Failed failed) {
        return failed.cause() == null ? "" : failed.cause().name();
    }

    /** What the state machine refused. */
    static StatusRuntimeException refused(Reply.Refused refused) {
        return refused(refused, "");
    }

    /** What the state machine refused, for the value of {@code field}; empty when that is not known. */
    static StatusRuntimeException refused(Reply.Refused refused, String field) {
        Row row = row(refused.reason());
        var problem = new Problem(row, refused.text());
        if (refused.current() != 0) {
            problem.with("current", Long.toString(refused.current()));
        }
        if (row.code() == Status.Code.INVALID_ARGUMENT) {
            problem.detail(violations(List.of(violation(field, refused.text()))));
        }
        if (refused.reason() == Refusal.STATE_QUOTA) {
            problem.with("current", Long.toString(Limits.STATE_BYTES_MAX));
            problem.detail(quota("state", refused.text()));
        }
        if (refused.reason() == Refusal.TOO_MANY_OUTSTANDING) {
            problem.detail(quota("session", refused.text()));
        }
        return problem.raise();
    }

    /** What got no reply. */
    public static StatusRuntimeException failed(Answer.Failed failed) {
        Row row = row(failed.reason());
        var problem = new Problem(row, text(failed));
        if (failed.maybeApplied()) {
            problem.with("maybe_applied", "true");
        }
        if (failed.cause() != null) {
            problem.with("cause", failed.cause().name());
        }
        if (failed.current() != 0) {
            problem.with("current", Long.toString(failed.current()));
        }
        if (row.code() == Status.Code.UNAVAILABLE || failed.reason() == Failure.BUSY) {
            problem.retryable();
        }
        if (row.code() == Status.Code.INVALID_ARGUMENT) {
            problem.detail(violations(List.of(violation("", text(failed)))));
        }
        return problem.raise();
    }

    /** A request whose fields are wrong; the first of them names the reason. */
    static StatusRuntimeException invalid(ErrorReason reason, List<BadRequest.FieldViolation> wrong) {
        String text = wrong.getFirst().getDescription();
        if (wrong.size() > 1) {
            text += " (and " + (wrong.size() - 1) + " more)";
        }
        return new Problem(new Row(Status.Code.INVALID_ARGUMENT, reason), text).detail(violations(wrong))
                .raise();
    }

    static BadRequest.FieldViolation violation(String field, String text) {
        return BadRequest.FieldViolation.newBuilder().setField(field).setDescription(text).build();
    }

    /** The key is not at the revision that a put or delete is bound to. */
    static StatusRuntimeException revisionMismatch(String key, long wanted, long current) {
        String found = current == 0 ? "is not there" : "is at mod_revision " + current;
        return new Problem(new Row(Status.Code.ABORTED, ErrorReason.ERROR_REASON_REVISION_MISMATCH),
                "key \"" + key + "\" " + found + ", not at " + wanted
                        + ", so nothing was done; read it again")
                .with("current", Long.toString(current)).raise();
    }

    /** The sidecar is about to stop. */
    public static StatusRuntimeException draining() {
        return new Problem(new Row(Status.Code.UNAVAILABLE, ErrorReason.ERROR_REASON_DRAINING),
                "this sidecar is about to stop and takes no new calls; go to another, or wait for its"
                        + " successor")
                .retryable().raise();
    }

    /** A member that an agent speaks to, or all of them, cannot be reached. */
    public static StatusRuntimeException unreachable(String text, boolean maybeApplied) {
        var problem = new Problem(
                new Row(Status.Code.UNAVAILABLE, ErrorReason.ERROR_REASON_SIDECAR_UNAVAILABLE), text);
        if (maybeApplied) {
            problem.with("maybe_applied", "true");
        }
        return problem.retryable().raise();
    }

    /** The connection has as much open as it may. */
    static StatusRuntimeException connectionLimit(String what, int bound) {
        String text =
                "this connection has " + bound + " " + what + " open, as many as are allowed; close some,"
                        + " or open another connection";
        return new Problem(
                new Row(Status.Code.RESOURCE_EXHAUSTED, ErrorReason.ERROR_REASON_CONNECTION_LIMIT), text)
                .with("current", Integer.toString(bound)).detail(quota("connection", text)).raise();
    }

    /** The caller does not read what it asked for. */
    static StatusRuntimeException slowConsumer(int eventsMax, int bytesMax, long revision) {
        return new Problem(
                new Row(Status.Code.RESOURCE_EXHAUSTED, ErrorReason.ERROR_REASON_SLOW_CONSUMER),
                "the stream is more than " + eventsMax + " events or " + bytesMax
                        + " bytes behind; take it up"
                        + " again from revision " + (revision + 1) + ", and read faster")
                .with("current", Long.toString(revision)).raise();
    }

    /** No token, or not the right one. */
    static StatusRuntimeException unauthenticated(String text) {
        return new Problem(
                new Row(Status.Code.UNAUTHENTICATED, ErrorReason.ERROR_REASON_UNAUTHENTICATED), text).raise();
    }

    /** A session that nobody knows. */
    static StatusRuntimeException sessionNotFound(long session) {
        return new Problem(row(Refusal.SESSION_NOT_FOUND), "there is no session " + session
                + "; open one by CreateSession").raise();
    }

    /** A session whose application was silent for its TTL, or does not listen. */
    public static StatusRuntimeException abandoned(String text) {
        return new Problem(row(Failure.SESSION_NOT_ATTACHED), text).raise();
    }

    /** Not the secret that the session was opened with. */
    public static StatusRuntimeException secretWrong(long session) {
        return new Problem(row(Refusal.SECRET_WRONG), "that is not the secret of session " + session
                + "; attach with the one that CreateSession gave").raise();
    }

    /** A stream was used in another way than it is meant. */
    public static StatusRuntimeException malformed(String text) {
        return new Problem(row(Refusal.MALFORMED), text).detail(violations(List.of(violation("", text))))
                .raise();
    }

    /** A defect of this program, told to whom it hits. */
    static StatusRuntimeException defect(Throwable cause) {
        return new Problem(new Row(Status.Code.INTERNAL, ErrorReason.ERROR_REASON_DEFECT),
                "a defect of the sidecar: " + cause).raise();
    }

    private static BadRequest violations(List<BadRequest.FieldViolation> wrong) {
        return BadRequest.newBuilder().addAllFieldViolations(wrong).build();
    }

    private static QuotaFailure quota(String subject, String text) {
        return QuotaFailure.newBuilder().addViolations(
                QuotaFailure.Violation.newBuilder().setSubject(subject).setDescription(text)).build();
    }

    /** The {@link ErrorInfo} of an error that came of this table, here or in another process. */
    public static @Nullable ErrorInfo info(Throwable error) {
        com.google.rpc.Status status = StatusProto.fromThrowable(error);
        if (status != null) {
            for (Any detail : status.getDetailsList()) {
                if (detail.is(ErrorInfo.class)) {
                    try {
                        return detail.unpack(ErrorInfo.class);
                    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
                        return null; // from another process, which may say anything
                    }
                }
            }
        }
        return null;
    }

    /** A status under construction. */
    private static final class Problem {
        private final com.google.rpc.Status.Builder status;
        private final ErrorInfo.Builder info;

        Problem(Row row, String text) {
            status = com.google.rpc.Status.newBuilder().setCode(row.code().value()).setMessage(text);
            info = ErrorInfo.newBuilder().setDomain(DOMAIN)
                    .setReason(row.reason().name().substring(PREFIX.length()));
        }

        Problem with(String key, String value) {
            info.putMetadata(key, value);
            return this;
        }

        Problem detail(com.google.protobuf.Message detail) {
            status.addDetails(Any.pack(detail));
            return this;
        }

        /** Clients add their own jitter to the delay. */
        Problem retryable() {
            return detail(RetryInfo.newBuilder()
                    .setRetryDelay(Duration.newBuilder().setNanos(RETRY_MILLIS * 1_000_000)).build());
        }

        StatusRuntimeException raise() {
            return StatusProto.toStatusRuntimeException(
                    status.addDetails(0, Any.pack(info.build())).build());
        }
    }
}
