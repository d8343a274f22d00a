package dev.synod.client;

/** How a session stands, as this process knows it. */
public enum SessionState {
    /** Renewed in time. */
    ACTIVE,
    /**
     * The sidecar, or it its leader, was silent for two heartbeats. What is held is still guaranteed: begin
     * nothing new.
     */
    SUSPENDED,
    /** The guarantee is over; the session may live or not. Side effects stop. */
    JEOPARDY,
    /** The session has ended, and all that it held with it. Final. */
    EXPIRED
}
