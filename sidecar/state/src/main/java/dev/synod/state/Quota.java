package dev.synod.state;

import org.jspecify.annotations.Nullable;

/**
 * Keeps the state within {@link Limits#STATE_BYTES_MAX}. What frees or keeps is always let through, or a full
 * state could never be emptied, and a session not be kept alive in it.
 */
final class Quota {
    private final Ledger ledger;
    private final Locks locks;
    private final Elections elections;

    Quota(Ledger ledger, Locks locks, Elections elections) {
        this.ledger = ledger;
        this.locks = locks;
        this.elections = elections;
    }

    /** Why {@code command}, of so many bytes, has no room; null when it has, or needs none. */
    Reply.@Nullable Refused refusalOf(Command command, int frameBytes) {
        long used = ledger.tally().bytes();
        if (used + frameBytes <= Limits.STATE_BYTES_MAX || !grows(command)) {
            return null;
        }
        return new Reply.Refused(Refusal.STATE_QUOTA, "the state has " + used + " bytes, and "
                + Limits.STATE_BYTES_MAX + " are allowed; delete values, release locks or compact history",
                Limits.STATE_BYTES_MAX);
    }

    private boolean grows(Command command) {
        return switch (command) {
            case Command.OpenSession c -> true;
            case Command.AcquireLock c ->
                    !locks.knows(c.name(), new Claimant(c.request().session(), c.owner()));
            case Command.Campaign c ->
                    !elections.knows(c.name(), new Claimant(c.request().session(), c.candidate()));
            case Command.Proclaim c -> true;
            case Command.Commit c -> grows(c.success()) || grows(c.failure());
            default -> false;
        };
    }

    /** A put keeps a value; the reply with what a range found is kept too. */
    private static boolean grows(Iterable<Operation> operations) {
        for (Operation operation : operations) {
            if (!(operation instanceof Operation.Delete)) {
                return true;
            }
        }
        return false;
    }
}
