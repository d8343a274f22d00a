package dev.synod.state;

/** What a fencing token was granted in: locks and elections have names of their own. */
public enum Domain {
    /** A lock. */
    LOCK,
    /** An election. */
    ELECTION
}
