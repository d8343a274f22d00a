package dev.synod.state;

/** What a command and the state may be at most; one table for all (the design's section 4). */
public final class Limits {
    /** A name: of a lock, an election, an owner, a candidate, or the key of a value. */
    public static final int NAME_BYTES_MAX = 256;

    /** A value, and what a candidate proclaims. */
    public static final int VALUE_BYTES_MAX = 1 << 20;

    /** A command as bytes. */
    public static final int REQUEST_BYTES_MAX = 3 << 19;

    /** The whole state, history included; beyond it only what frees or keeps is let through. */
    public static final long STATE_BYTES_MAX = 16L << 20;

    /** Replies kept of one session that it has not yet acknowledged. */
    public static final int REPLIES_MAX = 1_024;

    /** Shortest time to live of a session: 1 s. */
    public static final int TTL_MILLIS_MIN = 1_000;

    /** Longest time to live of a session: 1 h. */
    public static final int TTL_MILLIS_MAX = 3_600_000;

    /** Identity of a session, one side of a label, the reason of a break: free text in UTF-8. */
    public static final int TEXT_BYTES_MAX = 256;

    /** Labels of one session. */
    public static final int LABELS_MAX = 16;

    /** Digest of a session's secret (SHA-256). */
    public static final int SECRET_HASH_BYTES = 32;

    /** Holders of one semaphore. */
    public static final int HOLDERS_MAX = 65_536;

    /** Compares of one commit, and operations in each of its branches. */
    public static final int OPERATIONS_MAX = 128;

    /**
     * Keys and values that one read, or all ranges of one commit, answer with; the rest is paged. Any one key
     * with its value fits.
     */
    public static final int RANGE_BYTES_MAX = VALUE_BYTES_MAX + 1_024;

    /** Holders that a refused try is told of. */
    public static final int HOLDERS_TOLD_MAX = 16;

    /** A bound of a range of keys: one byte longer than a name, so that it can lie just after any name. */
    static final int BOUND_BYTES_MAX = NAME_BYTES_MAX + 1;

    /** The text of a refusal. */
    static final int REFUSAL_BYTES_MAX = 2_048;

    private Limits() {}
}
