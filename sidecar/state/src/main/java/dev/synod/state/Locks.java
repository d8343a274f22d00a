package dev.synod.state;

import dev.synod.paxos.Defect;
import dev.synod.paxos.Defects;
import dev.synod.paxos.MalformedException;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** All locks: who holds and who waits. Whatever frees a lock grants it to the next in the same command. */
final class Locks {
    private final Ledger ledger;
    private final Defects defects;
    private final TreeMap<String, Lock> locks = new TreeMap<>();
    private final Belongings claims = new Belongings();
    /** Only a planted defect counts by itself (M27). */
    private long tokensOfOwn;

    Locks(Ledger ledger, Defects defects) {
        this.ledger = ledger;
        this.defects = defects;
    }

    Reply acquire(Command.AcquireLock command) {
        var claimant = new Claimant(command.request().session(), command.owner());
        var claim = new Claim(claimant, command.mode(), command.holdersMax());
        Lock lock = findOrNew(command.name());
        if (!lock.isOfKindOf(claim)) {
            return new Reply.Refused(Refusal.LOCK_KIND_MISMATCH, "lock " + lock.name()
                    + " is in use as another kind; while it is, ask for the same, mutex or semaphore, and as"
                    + " many permits");
        }
        Claim before = lock.claimOf(claimant);
        if (before != null) {
            return again(lock, before, command);
        }
        if (lock.admits(claim)) {
            return new Reply.Granted(grant(lock, claim, false));
        }
        if (!command.queue()) {
            return new Reply.Busy(lock.someHolders(), lock.line().size() + 1);
        }
        var waiter = new Waiter(claim, ledger.index());
        join(lock, waiter);
        ledger.report(new Event.LockQueued(lock.name(), waiter));
        return new Reply.Queued(lock.line().size());
    }

    /** What a claimant is told that asks for what it has asked for before: nothing changes. */
    private static Reply again(Lock lock, Claim before, Command.AcquireLock command) {
        if (before.mode() != command.mode()) {
            return new Reply.Refused(Refusal.LOCK_MODE_MISMATCH, before.claimant() + " claims lock "
                    + lock.name() + " " + before.mode() + " already; release it, or take another owner, for "
                    + command.mode());
        }
        Holder holder = lock.holders().get(before.claimant());
        if (holder != null) {
            return new Reply.Granted(holder.token());
        }
        int position = lock.line().positionOf(before.claimant());
        return command.queue() ? new Reply.Queued(position) : new Reply.Busy(lock.someHolders(), position);
    }

    Reply cancel(Command.CancelLock command) {
        return cancel(command.name(), new Claimant(command.request().session(), command.owner()));
    }

    /** Of a claim whose caller is gone. */
    Reply withdraw(Command.WithdrawLock command) {
        var claimant = new Claimant(command.session(), command.owner());
        if (command.token() == 0) {
            return cancel(command.name(), claimant);
        }
        Lock lock = locks.get(command.name());
        Holder holder = lock == null ? null : lock.holders().get(claimant);
        if (lock == null || holder == null || holder.token() != command.token()) {
            return new Reply.Done(false);
        }
        leave(lock, claimant, Cause.CANCELLED, "");
        settle(lock);
        return new Reply.Done(true);
    }

    private Reply cancel(String name, Claimant claimant) {
        Lock lock = locks.get(name);
        if (lock == null || lock.claimOf(claimant) == null) {
            return new Reply.Done(false);
        }
        Holder holder = lock.holders().get(claimant);
        if (holder != null) {
            return new Reply.Granted(holder.token());
        }
        leave(lock, claimant, Cause.CANCELLED, "");
        settle(lock);
        return new Reply.Done(true);
    }

    Reply release(Command.ReleaseLock command) {
        var claimant = new Claimant(command.request().session(), command.owner());
        Lock lock = locks.get(command.name());
        Holder holder = lock == null ? null : lock.holders().get(claimant);
        if (defects.has(Defect.M24_RELEASE_OF_ANYONES) && lock != null && !lock.holders().isEmpty()) {
            leave(lock, lock.holders().firstKey(), Cause.RELEASED, "");
            settle(lock);
            return new Reply.Done(true);
        }
        if (lock == null || holder == null) {
            return new Reply.Refused(Refusal.LOCK_NOT_HELD,
                    "lock " + command.name() + " is not held by " + claimant);
        }
        if (command.token() != 0 && command.token() != holder.token()) {
            return new Reply.Refused(Refusal.FENCING_TOKEN_STALE, claimant + " holds lock " + lock.name()
                    + " by token " + holder.token() + ", not " + command.token(), holder.token());
        }
        leave(lock, claimant, Cause.RELEASED, "");
        settle(lock);
        return new Reply.Done(true);
    }

    Reply breakUp(Command.BreakLock command) {
        Lock lock = locks.get(command.name());
        if (lock == null || lock.holders().isEmpty()) {
            return new Reply.Refused(Refusal.LOCK_NOT_HELD,
                    "lock " + command.name() + " is held by nobody; there is nothing to break");
        }
        if (command.token() == 0) {
            for (Claimant claimant : List.copyOf(lock.holders().keySet())) {
                leave(lock, claimant, Cause.BROKEN, command.reason());
            }
        } else {
            Holder holder = lock.holderOf(command.token());
            if (holder == null) {
                return new Reply.Refused(Refusal.FENCING_TOKEN_STALE, "nobody holds lock " + lock.name()
                        + " by token " + command.token(), lock.newestToken());
            }
            leave(lock, holder.claimant(), Cause.BROKEN, command.reason());
        }
        settle(lock);
        return new Reply.Done(true);
    }

    /** Drops all claims of a session that ended, then grants what they were in the way of. */
    void end(long session, Cause cause) {
        for (String name : claims.namesOf(session)) {
            Lock lock = existing(name);
            for (String owner : claims.ownersOf(session, name)) {
                var claimant = new Claimant(session, owner);
                if (!defects.has(Defect.M26_DEAD_WAITER_GRANTED) || lock.holders().containsKey(claimant)) {
                    leave(lock, claimant, cause, "");
                }
            }
            settle(lock);
        }
    }

    /** Grants all that can be granted, in order; forgets a lock that nobody uses any more. */
    private void settle(Lock lock) {
        for (Waiter next = lock.next(); next != null; next = lock.next()) {
            lock.line().leave(next.claimant());
            ledger.remove(new Element.OfWaiter(lock.name(), next));
            grant(lock, next.claim(), true);
        }
        if (lock.isUnused()) {
            locks.remove(lock.name());
        }
    }

    private long grant(Lock lock, Claim claim, boolean handedOn) {
        var holder = new Holder(claim, token(handedOn));
        hold(lock, holder);
        ledger.report(new Event.LockGranted(lock.name(), holder));
        return holder.token();
    }

    private long token(boolean handedOn) {
        if (handedOn && defects.has(Defect.M28_TOKEN_HANDED_ON)) {
            return ledger.revision();
        }
        long token = ledger.advance();
        return defects.has(Defect.M27_TOKEN_COUNTED_LOCALLY) ? ++tokensOfOwn : token;
    }

    private void hold(Lock lock, Holder holder) {
        locks.put(lock.name(), lock);
        lock.holders().put(holder.claimant(), holder);
        claims.add(holder.claimant().session(), lock.name(), holder.claimant().owner());
        ledger.add(new Element.OfHolder(lock.name(), holder));
    }

    private void join(Lock lock, Waiter waiter) {
        locks.put(lock.name(), lock);
        lock.line().join(waiter.claimant(), waiter.ticket(), waiter);
        claims.add(waiter.claimant().session(), lock.name(), waiter.claimant().owner());
        ledger.add(new Element.OfWaiter(lock.name(), waiter));
    }

    private void leave(Lock lock, Claimant claimant, Cause cause, String reason) {
        Holder holder = lock.holders().remove(claimant);
        Waiter waiter = lock.line().leave(claimant);
        if (holder != null) {
            ledger.remove(new Element.OfHolder(lock.name(), holder));
        }
        if (waiter != null) {
            ledger.remove(new Element.OfWaiter(lock.name(), waiter));
        }
        claims.remove(claimant.session(), lock.name(), claimant.owner());
        long token = holder == null ? 0 : holder.token();
        ledger.report(new Event.LockLeft(lock.name(), claimant, token, cause, reason));
    }

    /** Whether the claimant holds or waits for the lock. */
    boolean knows(String name, Claimant claimant) {
        Lock lock = locks.get(name);
        return lock != null && lock.claimOf(claimant) != null;
    }

    /** Whether a grant with that token stands. */
    boolean isHeldBy(String name, long token) {
        Lock lock = locks.get(name);
        return lock != null && lock.holderOf(token) != null;
    }

    /** The newest token that stands; 0 when nobody holds the lock. */
    long newestToken(String name) {
        Lock lock = locks.get(name);
        return lock == null ? 0 : lock.newestToken();
    }

    LockView view(String name) {
        Lock lock = locks.get(name);
        return lock == null ? new LockView(name, List.of(), List.of()) : lock.view();
    }

    /** All that somebody holds or waits for, by name. */
    NavigableMap<String, Lock> byName() {
        return locks;
    }

    /** A lock is among the others only once somebody claims it. */
    private Lock findOrNew(String name) {
        Lock lock = locks.get(name);
        return lock == null ? new Lock(name) : lock;
    }

    private Lock existing(String name) {
        Lock lock = locks.get(name);
        if (lock == null) {
            throw new IllegalStateException("a session claims lock " + name + ", which is not there");
        }
        return lock;
    }

    void restore(Element.OfHolder element) {
        Lock lock = findOrNew(element.name());
        Claim claim = element.holder().claim();
        check(lock.isOfKindOf(claim) && lock.hasRoomFor(claim));
        check(element.holder().token() <= ledger.revision());
        hold(lock, element.holder());
    }

    void restore(Element.OfWaiter element) {
        Lock lock = findOrNew(element.name());
        Claim claim = element.waiter().claim();
        check(lock.isOfKindOf(claim) && lock.claimOf(claim.claimant()) == null);
        check(element.waiter().ticket() <= ledger.index());
        join(lock, element.waiter());
    }

    /** What can be seen only when all was restored. */
    void checkRestored(Sessions sessions) {
        check(claims.belongTo(sessions) || defects.has(Defect.M26_DEAD_WAITER_GRANTED));
        for (Lock lock : locks.values()) {
            check(lock.next() == null);
        }
    }

    private static void check(boolean holds) {
        if (!holds) {
            throw new MalformedException("a claim on a lock that cannot be");
        }
    }

    void forEachHolder(Consumer<Element> sink) {
        for (Lock lock : locks.values()) {
            for (Holder holder : lock.holders().values()) {
                sink.accept(new Element.OfHolder(lock.name(), holder));
            }
        }
    }

    void forEachWaiter(Consumer<Element> sink) {
        for (Lock lock : locks.values()) {
            for (Waiter waiter : lock.line().waiting()) {
                sink.accept(new Element.OfWaiter(lock.name(), waiter));
            }
        }
    }
}
