package dev.synod.member;

/** How a session stands, as the member that its application is attached to knows it. */
public enum SessionStatus {
    /** Renewed in time. */
    ACTIVE,
    /** Three renewals in a row were not acknowledged; what the session holds is still guaranteed. */
    SUSPENDED,
    /**
     * The guarantee is over; the session may live or not. What it held may belong to others by now: side
     * effects stop.
     */
    JEOPARDY,
    /** The session has ended; final. */
    EXPIRED,
    /** Its application attached somewhere else; final here. */
    MOVED
}
