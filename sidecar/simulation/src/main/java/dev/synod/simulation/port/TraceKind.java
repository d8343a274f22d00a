package dev.synod.simulation.port;

/** Kinds of {@link TraceEvent}. */
public enum TraceKind {
    /** A process handed a frame to the network; peer is the receiving machine. */
    SENT,
    /** The network will not deliver that frame; detail says why. */
    LOST,
    /** A frame was handed to a process; peer is the sending machine. */
    DELIVERED,
    /** A process was told that the connection from peer is closed. */
    LINK_CLOSED,
    /** A timer of a process went off. */
    WOKEN,
    /** A piece of disk work was done. */
    DISK,
    /** A client's request reached a process; value is the client. */
    REQUEST,
    /** A process answered a client; value is the client. */
    REPLY,
    /** A client began an operation; value is the client, machine where it sends it. */
    INVOKED,
    /** An operation ended; value is the client, detail how. */
    COMPLETED,
    /** The operator's command reached a process. */
    ADMIN,
    /** A process answered the operator. */
    ANSWER,
    /** The operator did something of its own. */
    OPERATOR,
    /** A program has dealt with what it was called for; the view shows the state after. */
    STEPPED,
    /** A process started. */
    STARTED,
    /** A process ended; detail says how. */
    CRASHED,
    /** A machine stopped handing events to its process. */
    PAUSED,
    /** It went on. */
    RESUMED,
    /** A fault began; detail is the {@link Fault}. */
    FAULT,
    /** A fault ended; detail says which. */
    FAULT_ENDED,
    /** The run entered another phase; detail names it. */
    PHASE,
    /** An invariant broke; detail says which. */
    FAILED
}
