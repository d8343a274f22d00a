package dev.synod.client;

import dev.synod.coordination.v1.Cause;

/**
 * How a lock, a leadership or a place in a queue ended.
 *
 * @param kind in a word
 * @param text in a sentence, for logs; with the reason that whoever broke a lock gave
 */
public record Loss(Kind kind, String text) {
    /** How it ended. */
    public enum Kind {
        /** Its owner gave it back. */
        RELEASED,
        /** Its owner left the queue. */
        CANCELLED,
        /** The candidate resigned. */
        RESIGNED,
        /** Leadership was handed to another candidate. */
        TRANSFERRED,
        /** Somebody broke the lock. */
        BROKEN,
        /** The session was closed. */
        SESSION_CLOSED,
        /** The session expired. */
        SESSION_EXPIRED,
        /**
         * The guarantee ran out: no renewal came through in time, or this process stood still for too long.
         * The session may live or not.
         */
        GUARANTEE_ENDED,
        /** A newer sidecar gave a cause that this client does not know. */
        OTHER
    }

    static final Loss GUARANTEE_ENDED = new Loss(Kind.GUARANTEE_ENDED,
            "the session was not renewed in time, so it is no longer guaranteed");

    static Loss of(Cause cause, String reason) {
        return switch (cause) {
            case CAUSE_RELEASED -> new Loss(Kind.RELEASED, "its owner released it");
            case CAUSE_CANCELLED -> new Loss(Kind.CANCELLED, "its owner left the queue");
            case CAUSE_RESIGNED -> new Loss(Kind.RESIGNED, "the candidate resigned");
            case CAUSE_TRANSFERRED ->
                    new Loss(Kind.TRANSFERRED, "leadership was handed to another candidate");
            case CAUSE_BROKEN -> new Loss(Kind.BROKEN,
                    reason.isEmpty() ? "somebody broke it" : "somebody broke it: " + reason);
            case CAUSE_SESSION_CLOSED -> new Loss(Kind.SESSION_CLOSED, "the session was closed");
            case CAUSE_SESSION_EXPIRED -> new Loss(Kind.SESSION_EXPIRED, "the session has expired");
            default -> new Loss(Kind.OTHER, "it ended with cause " + cause.name());
        };
    }
}
