package dev.synod.operator.reconcile;

import dev.synod.operator.act.Obstacle;
import dev.synod.operator.members.MemberException;
import dev.synod.operator.status.Outcome;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Failures that belong to life, in the words of a condition. All others are defects, and are thrown on. */
final class Trouble {
    /** Of what validation refuses. */
    private static final int UNPROCESSABLE = 422;

    private Trouble() {}

    /** Empty for a defect. */
    static Optional<Outcome.Failed> of(RuntimeException thrown) {
        return switch (thrown) {
            case Obstacle it -> failed(it.reason(), it.getMessage());
            case KubernetesClientException it -> failed(reason(it), "the API server refuses, or does not"
                    + " answer: " + message(it));
            case MemberException it -> failed("Member" + camel(it.reason().name()), it.getMessage());
            case IllegalArgumentException it -> failed("InvalidRequest", it.getMessage());
            default -> Optional.empty();
        };
    }

    /** Whether something had changed since it was looked at. */
    static boolean isConflict(RuntimeException thrown) {
        return thrown instanceof KubernetesClientException it
                && it.getCode() == HttpURLConnection.HTTP_CONFLICT;
    }

    /** Whether the API server understood the request and will not do it. */
    static boolean isRefusal(KubernetesClientException thrown) {
        return thrown.getCode() == HttpURLConnection.HTTP_FORBIDDEN || thrown.getCode() == UNPROCESSABLE;
    }

    private static Optional<Outcome.Failed> failed(String reason, @Nullable String message) {
        return Optional.of(new Outcome.Failed(reason, message == null ? "no details are known" : message));
    }

    private static String reason(KubernetesClientException thrown) {
        Status status = thrown.getStatus();
        String reason = status == null ? null : status.getReason();
        return reason == null || !reason.matches("[A-Za-z]+") ? "ApiServerError" : reason;
    }

    /** In the words of the API server, where it said any. */
    static String message(KubernetesClientException thrown) {
        Status status = thrown.getStatus();
        String message = status == null ? null : status.getMessage();
        if (message != null) {
            return message;
        }
        Throwable cause = thrown.getCause();
        return cause == null ? String.valueOf(thrown.getMessage()) : thrown.getMessage() + ": " + cause;
    }

    /** NOT_LEADER becomes NotLeader. */
    private static String camel(String name) {
        StringBuilder out = new StringBuilder();
        for (String word : name.split("_", -1)) {
            out.append(word.charAt(0)).append(word.substring(1).toLowerCase(java.util.Locale.ROOT));
        }
        return out.toString();
    }
}
