package dev.synod.operator.members;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import dev.synod.operator.members.MemberAdmin.Target;
import dev.synod.operator.members.MemberException.Reason;
import dev.synod.operator.plan.Slot;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.net.ConnectException;
import java.security.GeneralSecurityException;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What a failed call means: the reason that a member gave, or what kept it from answering. */
final class Failures {
    private static final String DOMAIN = "admin.synod.dev";
    private static final Map<String, Reason> REASONS = Map.of(
            "INVALID_REQUEST", Reason.INVALID_REQUEST,
            "VOLUME_TAKEN", Reason.VOLUME_TAKEN,
            "NOT_FORMATTED", Reason.NOT_FORMATTED,
            "MEMBER_UNAVAILABLE", Reason.MEMBER_UNAVAILABLE,
            "NOT_LEADER", Reason.NOT_LEADER,
            "NO_QUORUM", Reason.NO_QUORUM,
            "NOT_ALLOWED", Reason.NOT_ALLOWED,
            "DISK_FULL", Reason.DISK_FULL,
            "BUSY", Reason.BUSY,
            "ROLE_MISSING", Reason.ROLE_MISSING);

    private Failures() {}

    /**
     * As an exception.
     *
     * @param what was to be done: "cannot ..." is written before it
     */
    static MemberException of(Target target, Slot slot, String what, Throwable thrown) {
        if (thrown instanceof MemberException already) {
            return already;
        }
        String where = "pod " + target.names().pod(slot) + " (" + target.hosts().get(slot) + ":"
                + target.adminPort() + ")";
        ErrorInfo info = info(thrown);
        return info == null
                ? unanswered(target, "cannot " + what + ": " + where, thrown)
                : answered(target, "cannot " + what + ": " + where, info, thrown);
    }

    private static MemberException answered(Target target, String start, ErrorInfo info, Throwable thrown) {
        Map<String, String> metadata = info.getMetadataMap();
        String leader = metadata.getOrDefault("leader_address", "");
        return new MemberException(REASONS.getOrDefault(info.getReason(), Reason.OTHER),
                start + " says " + info.getReason() + ", "
                        + Status.fromThrowable(thrown).getDescription(),
                metadata.getOrDefault("maybe_applied", "").toLowerCase(Locale.ROOT).equals("true"),
                leader.isEmpty() ? null : target.names().slotOfAddress(leader), thrown);
    }

    private static MemberException unanswered(Target target, String start, Throwable thrown) {
        Status status = Status.fromThrowable(thrown);
        String cause = rootCause(thrown);
        if (hasCause(thrown, SSLException.class) || hasCause(thrown, GeneralSecurityException.class)) {
            return new MemberException(Reason.CERTIFICATES, start + " and the operator do not accept each"
                    + " other's certificates: " + cause + "; compare ca.crt of the Secrets "
                    + target.names().memberTls() + " and " + target.names().operatorTls()
                    + ", and whether they have expired", false, null, thrown);
        }
        return switch (status.getCode()) {
            case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED -> new MemberException(Reason.UNREACHABLE,
                    start + " does not answer: " + cause + "; look whether the pod runs, and whether a"
                            + " NetworkPolicy keeps the operator from port " + target.adminPort(),
                    // Only when nobody listened is it sure that nobody heard.
                    !hasCause(thrown, ConnectException.class), null, thrown);
            default -> new MemberException(Reason.OTHER, start + " answers " + status.getCode() + ", "
                    + status.getDescription() + "; look at its log", true, null, thrown);
        };
    }

    private static @Nullable ErrorInfo info(Throwable thrown) {
        com.google.rpc.Status status = StatusProto.fromThrowable(thrown);
        if (status != null) {
            for (Any detail : status.getDetailsList()) {
                ErrorInfo info = info(detail);
                if (info != null && info.getDomain().equals(DOMAIN)) {
                    return info;
                }
            }
        }
        return null;
    }

    private static @Nullable ErrorInfo info(Any detail) {
        try {
            return detail.is(ErrorInfo.class) ? detail.unpack(ErrorInfo.class) : null;
        } catch (InvalidProtocolBufferException e) {
            return null; // a detail that cannot be read says nothing; the code and the text remain
        }
    }

    private static boolean hasCause(Throwable thrown, Class<?> type) {
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            if (type.isInstance(each)) {
                return true;
            }
        }
        return false;
    }

    /** What it came from, in one line. */
    static String rootCause(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String text = root.getMessage();
        return text == null ? root.getClass().getSimpleName() : text;
    }
}
