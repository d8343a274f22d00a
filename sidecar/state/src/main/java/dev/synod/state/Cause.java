package dev.synod.state;

/** Why a claim, a leadership, a place in a queue or a session ended. */
public enum Cause {
    /** Its owner released the lock. */
    RELEASED,
    /** Its owner left the queue of the lock. */
    CANCELLED,
    /** The candidate resigned. */
    RESIGNED,
    /** Leadership was handed to another candidate. */
    TRANSFERRED,
    /** Somebody broke the lock. */
    BROKEN,
    /** The session was closed by its application. */
    SESSION_CLOSED,
    /** The session was not renewed in time. */
    SESSION_EXPIRED
}
