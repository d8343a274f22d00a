package dev.synod.state;

/** Why a command or read was refused. A refused command has changed nothing. */
public enum Refusal {
    /** The bytes are no command. */
    MALFORMED,
    /** The command is longer than {@link Limits#REQUEST_BYTES_MAX}. */
    REQUEST_TOO_LARGE,
    /** A name is not 1 to 256 characters of {@code [A-Za-z0-9._/-]}. */
    NAME_INVALID,
    /** A value is longer than {@link Limits#VALUE_BYTES_MAX}. */
    VALUE_TOO_LARGE,
    /** Another part of the command is not as it must be. */
    ARGUMENT_INVALID,
    /** The state is full: only what frees or keeps is let through. */
    STATE_QUOTA,

    /** There was never such a session, or none was named where one is needed. */
    SESSION_NOT_FOUND,
    /** The session was closed or has expired. */
    SESSION_ENDED,
    /** Not the secret that the session was opened with. */
    SECRET_WRONG,
    /** The client said that it has the reply of this request. */
    REQUEST_ACKNOWLEDGED,
    /** The session has {@link Limits#REPLIES_MAX} replies that it has not acknowledged. */
    TOO_MANY_OUTSTANDING,

    /** The lock is in use as another kind: mutex or semaphore, or with another number of permits. */
    LOCK_KIND_MISMATCH,
    /** The claimant holds or waits for the lock in another mode; there is no upgrade. */
    LOCK_MODE_MISMATCH,
    /** The lock is not held by whom the command says. */
    LOCK_NOT_HELD,
    /** The token's grant is over; {@link Reply.Refused#current} is the newest one that stands. */
    FENCING_TOKEN_STALE,
    /** The token is not of this cluster. */
    FENCING_TOKEN_UNKNOWN,
    /** Another candidate leads, or none. */
    NOT_LEADER,
    /** Nobody of that name stands in the election. */
    CANDIDATE_NOT_FOUND,

    /** The history asked for is gone; {@link Reply.Refused#current} is the lowest revision to be read. */
    REVISION_COMPACTED,
    /** The revision has not come yet; {@link Reply.Refused#current} is the current one. */
    REVISION_FUTURE,
    /** A branch of a commit puts a key twice, or puts and deletes it. */
    DUPLICATE_KEY
}
