package dev.synod.testkit;

import org.jspecify.annotations.Nullable;

/**
 * A member found that it could go on no longer, for a reason that would have ended its process: its disk
 * failed, or it has a bug. The test is of no use; what it was is in the message and the cause.
 */
public final class MemberHalted extends AssertionError {
    private static final long serialVersionUID = 1L;

    MemberHalted(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
