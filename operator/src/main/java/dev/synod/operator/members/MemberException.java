package dev.synod.operator.members;

import dev.synod.operator.plan.Slot;
import org.jspecify.annotations.Nullable;

/** A member did not do what it was asked to. The message says what was in the way, and what to do. */
public final class MemberException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What kind of failure. */
    public enum Reason {
        // spotless:off
        /** Nobody answers there. */
        UNREACHABLE,
        /** The certificates of the operator, or of the member, do not do. */
        CERTIFICATES,
        /** The member does not grant it to this certificate. */
        ROLE_MISSING,
        /** The request is wrong in itself. */
        INVALID_REQUEST,
        /** The volume is another member's, or another cluster's. */
        VOLUME_TAKEN,
        /** The volume is empty. */
        NOT_FORMATTED,
        /** The member starts, stops, or is FAULTY. */
        MEMBER_UNAVAILABLE,
        /** Nobody who was asked leads. */
        NOT_LEADER,
        /** No quorum answered in time. */
        NO_QUORUM,
        /** Not as things stand; another epoch than expected, for one. */
        NOT_ALLOWED,
        /** The leader's disk is full. */
        DISK_FULL,
        /** Too much is under way. */
        BUSY,
        /** Anything else. */
        OTHER
        // spotless:on
    }

    private final Reason reason;
    private final boolean maybeApplied;
    private final transient @Nullable Slot leader;

    MemberException(Reason reason, String message, boolean maybeApplied, @Nullable Slot leader,
            @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.maybeApplied = maybeApplied;
        this.leader = leader;
    }

    MemberException(Reason reason, String message) {
        this(reason, message, false, null, null);
    }

    /** What kind of failure. */
    public Reason reason() {
        return reason;
    }

    /** Whether it may take effect all the same: look before it is tried again. */
    public boolean maybeApplied() {
        return maybeApplied;
    }

    /** Where the leader is, as the member knows it; null when it did not say. */
    @Nullable
    Slot leader() {
        return leader;
    }

    /** Whether another member may do what this one did not. */
    boolean isWorthAskingAnother() {
        return !maybeApplied && switch (reason) {
            case UNREACHABLE, CERTIFICATES, NOT_FORMATTED, MEMBER_UNAVAILABLE, NOT_LEADER, NO_QUORUM -> true;
            case ROLE_MISSING, INVALID_REQUEST, VOLUME_TAKEN, NOT_ALLOWED, DISK_FULL, BUSY, OTHER -> false;
        };
    }
}
