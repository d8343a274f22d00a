package dev.synod.member;

/**
 * Why a client's request got no reply from the state machine. Members tell each other the numbers of these:
 * new ones come last.
 */
public enum Failure {
    /** No leader was found in time, or the time ran out before the outcome was known. */
    NO_LEADER,
    /** Too much is waiting already: back off. */
    BUSY,
    /** The leader's disk is full. */
    DISK_FULL,
    /** The members' digests differ and no quorum agrees: nothing is written until an operator mended it. */
    DIVERGED,
    /** The command cannot fit into one entry of the log. */
    TOO_LARGE,
    /** This member is FAULTY, stops, or does not belong to the cluster (yet, or any more). */
    UNAVAILABLE,
    /**
     * The lock was not had within the time that the client would wait; its place in the queue is given up.
     */
    WAIT_TIMED_OUT,
    /** The session is not attached to this member: attach it first. */
    SESSION_NOT_ATTACHED,
    /** What the request waited for ended: its session expired, or its claim was broken or cancelled. */
    CLAIM_LOST,
    /** The history that a watch needs is gone; {@link Answer.Failed#current} is the lowest revision kept. */
    COMPACTED,
    /** The session ended before the outcome of a repeated request was known. */
    SESSION_OVER
}
