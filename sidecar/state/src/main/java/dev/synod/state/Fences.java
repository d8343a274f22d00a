package dev.synod.state;

import org.jspecify.annotations.Nullable;

/** What fencing tokens are worth. */
final class Fences {
    private final Ledger ledger;
    private final Locks locks;
    private final Elections elections;

    Fences(Ledger ledger, Locks locks, Elections elections) {
        this.ledger = ledger;
        this.locks = locks;
        this.elections = elections;
    }

    TokenCheck check(Fence fence) {
        long current = switch (fence.domain()) {
            case LOCK -> locks.newestToken(fence.name());
            case ELECTION -> elections.token(fence.name());
        };
        if (fence.token() < 1 || fence.token() > ledger.revision()) {
            return new TokenCheck(TokenCheck.State.UNKNOWN, current);
        }
        boolean stands = switch (fence.domain()) {
            case LOCK -> locks.isHeldBy(fence.name(), fence.token());
            case ELECTION -> fence.token() == current;
        };
        return new TokenCheck(stands ? TokenCheck.State.VALID : TokenCheck.State.STALE, current);
    }

    /** Why nothing may be done in the name of {@code fence}; null when its token is valid. */
    Reply.@Nullable Refused refusalOf(Fence fence) {
        TokenCheck check = check(fence);
        return switch (check.state()) {
            case VALID -> null;
            case STALE -> new Reply.Refused(Refusal.FENCING_TOKEN_STALE, "token " + fence.token()
                    + " of " + fence.domain() + " " + fence.name() + " is no longer valid; "
                    + (check.current() == 0 ? "nobody holds it" : check.current() + " is"), check.current());
            case UNKNOWN -> new Reply.Refused(Refusal.FENCING_TOKEN_UNKNOWN, "token " + fence.token()
                    + " of " + fence.domain() + " " + fence.name() + " was never given out by this cluster, "
                    + "which is at revision " + ledger.revision(), check.current());
        };
    }
}
