package dev.synod.cli.demo;

import dev.synod.cli.CommandException;
import dev.synod.cli.ExitStatus;
import dev.synod.client.Commit.NamedLockToken;
import dev.synod.client.Coordination;
import dev.synod.client.CoordinationException;
import dev.synod.client.LockHandle;
import dev.synod.client.Operation;
import dev.synod.client.Value;
import dev.synod.coordination.v1.ErrorReason;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One number, counted up under a lock. The store is Synod itself, which knows whether a token stands. Any
 * other one remembers the greatest token it has seen:
 *
 * <pre>
 * UPDATE stock SET n = :n, fence = :token WHERE fence &lt;= :token     -- no row: somebody newer has the lock
 * </pre>
 *
 * <p>For one thread.
 */
final class Counter {
    private final Coordination coordination;
    private final String name;
    private @Nullable NamedLockToken before;

    Counter(Coordination coordination, String name) {
        this.coordination = coordination;
        this.name = name;
    }

    /**
     * Takes the lock, counts, and gives it back.
     *
     * @param wait how long for the lock
     * @return what happened, in one line
     */
    String turn(Duration wait) throws InterruptedException {
        try (LockHandle handle = coordination.lock(name).acquire(wait)) {
            NamedLockToken now = new NamedLockToken(name, handle.fencingToken());
            // Refused before anything is written: this grant is newer than that one.
            String refused = before == null ? "" : "; " + refused(before);
            before = now;
            long next = number() + 1;
            return store(next, now)
                    ? "token " + now.token() + ": stored " + next + refused
                    : "token " + now.token() + ": too late for " + next + refused;
        }
    }

    private String refused(NamedLockToken old) {
        if (store(0, old)) {
            throw new CommandException(ExitStatus.SOFTWARE, "FAULT: token " + old.token() + " of " + name
                    + " was taken, though a newer one was granted; please report it");
        }
        return "token " + old.token() + ": refused";
    }

    private long number() {
        String text = coordination.values().get(name).map(found -> found.value().text()).orElse("0");
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new CommandException(ExitStatus.DATA, "the value " + name + " is no number, and is left as"
                    + " it is: name another", e);
        }
    }

    /** False when the token does not stand any more. */
    private boolean store(long number, NamedLockToken token) {
        try {
            coordination.values().commit().whileValid(token)
                    .then(Operation.put(name, Value.of(Long.toString(number)))).run();
            return true;
        } catch (CoordinationException e) {
            if (e.reason() == ErrorReason.ERROR_REASON_FENCING_TOKEN_STALE) {
                return false;
            }
            throw e;
        }
    }
}
