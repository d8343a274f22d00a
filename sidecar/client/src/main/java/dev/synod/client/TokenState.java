package dev.synod.client;

/** What a fencing token is worth. */
public enum TokenState {
    /** Its grant stands. */
    VALID,
    /** Its grant is over, if it ever was one for that name. */
    STALE,
    /** The cluster has never been at such a revision: the token comes from elsewhere. */
    UNKNOWN
}
