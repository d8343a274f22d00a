package dev.synod.state;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Bytes;
import dev.synod.paxos.Defect;
import dev.synod.paxos.Defects;
import dev.synod.paxos.MalformedException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The replicated state: sessions, locks, elections and values. Every member applies the decided entries of
 * the log to it in order, and what comes of them is a function of those entries alone.
 *
 * <p>For one thread. Reads change nothing; what they return is immutable and stays as it is.
 */
public final class StateMachine {
    private final Ledger ledger = new Ledger();
    private final Sessions sessions;
    private final Replies replies;
    private final Locks locks;
    private final Elections elections = new Elections(ledger);
    private final Values values;
    private final Fences fences;
    private final Quota quota;
    private final Commits commits;
    private final Defects defects;
    private UUID clusterId;

    /** The state of {@code clusterId} before its first entry: empty, at revision 1. */
    public StateMachine(UUID clusterId) {
        this(clusterId, Defects.NONE);
    }

    /**
     * The same, with planted bugs.
     *
     * @param defects {@link Defects#NONE} in production
     */
    public StateMachine(UUID clusterId, Defects defects) {
        this.clusterId = clusterId;
        this.defects = defects;
        sessions = new Sessions(ledger, defects);
        replies = new Replies(ledger, sessions, defects);
        locks = new Locks(ledger, defects);
        values = new Values(ledger, defects);
        fences = new Fences(ledger, locks, elections);
        quota = new Quota(ledger, locks, elections);
        commits = new Commits(ledger, sessions, fences, values);
    }

    // Applying.

    /**
     * Applies the command in the entry at {@code index}. Bytes that are no command are refused in the reply.
     *
     * @throws IllegalArgumentException when {@code index} does not follow {@link #appliedIndex()}
     */
    public Applied apply(long index, Bytes command) {
        ledger.begin(index);
        Reply reply = switch (CommandCodec.decode(command)) {
            case Reply.Refused refused -> refused;
            case Command.OfClient c when c.request().isRemembered() -> once(c, command.length());
            case Command.OfClient c when c.request().session() != 0 -> again(c, command.length());
            case Command c -> admit(c, command.length());
        };
        return ledger.applied(reply);
    }

    /**
     * Passes over the entry at {@code index}, which holds no command.
     *
     * @throws IllegalArgumentException when {@code index} does not follow {@link #appliedIndex()}
     */
    public void skip(long index) {
        ledger.begin(index);
    }

    /** A request that was carried out is answered again, and not carried out again. */
    private Reply once(Command.OfClient command, int frameBytes) {
        Reply recalled = replies.recall(command.request());
        if (recalled != null) {
            return recalled;
        }
        Reply reply = admit(command, frameBytes);
        replies.keep(command.request(), reply);
        return reply;
    }

    /** A request that its session does not remember is carried out as often as it is decided. */
    private Reply again(Command.OfClient command, int frameBytes) {
        Reply.Refused refused = sessions.refusalOf(command.request().session());
        return refused == null ? admit(command, frameBytes) : refused;
    }

    private Reply admit(Command command, int frameBytes) {
        Reply.Refused refused = quota.refusalOf(command, frameBytes);
        return refused == null ? carryOut(command) : refused;
    }

    private Reply carryOut(Command command) {
        return switch (command) {
            case Command.OpenSession c -> sessions.open(c);
            case Command.AttachSession c -> sessions.attach(c);
            case Command.CloseSession c -> close(c.session());
            case Command.ExpireSession c -> expire(c);
            case Command.LeaderEstablished c -> sessions.establish(c.term());
            case Command.AcquireLock c -> locks.acquire(c);
            case Command.CancelLock c -> locks.cancel(c);
            case Command.ReleaseLock c -> locks.release(c);
            case Command.WithdrawLock c -> withdraw(c);
            case Command.BreakLock c -> locks.breakUp(c);
            case Command.Campaign c -> elections.campaign(c);
            case Command.Proclaim c -> elections.proclaim(c);
            case Command.Resign c -> elections.resign(c);
            case Command.TransferLeadership c -> elections.transfer(c);
            case Command.Commit c -> commits.commit(c);
            case Command.Compact c -> values.compact(c.revision());
            case Command.NewEra c -> beginEra(c.clusterId());
        };
    }

    private Reply close(long id) {
        Reply.Refused refused = sessions.refusalOf(id);
        if (refused != null) {
            return refused;
        }
        end(id, Cause.SESSION_CLOSED);
        return new Reply.Done(true);
    }

    private Reply expire(Command.ExpireSession command) {
        boolean current = sessions.isCurrent(command);
        if (current) {
            end(command.session(), Cause.SESSION_EXPIRED);
        }
        return new Reply.Done(current);
    }

    private Reply withdraw(Command.WithdrawLock command) {
        Session session = sessions.find(command.session());
        boolean current = session != null && session.attachGeneration() == command.attachGeneration();
        return current ? locks.withdraw(command) : new Reply.Done(false);
    }

    /** Bound keys go before the next grants: whoever holds a lock next finds them gone. */
    private void end(long id, Cause cause) {
        sessions.end(id, cause);
        replies.end(id);
        values.end(id);
        locks.end(id, cause);
        elections.end(id, cause);
    }

    private Reply beginEra(UUID next) {
        if (next.equals(clusterId)) {
            return new Reply.Done(false);
        }
        if (defects.has(Defect.C04_NO_NEW_ERA)) {
            clusterId = next;
            return new Reply.Done(true);
        }
        clusterId = next;
        sessions.beginEra();
        ledger.leap(Command.NewEra.LEAP);
        return values.compact(ledger.revision());
    }

    // Reading.

    /** The last entry applied or skipped; 0 for none. */
    public long appliedIndex() {
        return ledger.index();
    }

    /** The revision of the last grant or change of a value; 1 for none. */
    public long revision() {
        return ledger.revision();
    }

    /** The lowest revision that can be read; replays begin above it. */
    public long compactedRevision() {
        return values.compacted();
    }

    /** Whose state it is. */
    public UUID clusterId() {
        return clusterId;
    }

    /** Of the last leader established. */
    public Ballot term() {
        return sessions.term();
    }

    /** What the state counts for against {@link Limits#STATE_BYTES_MAX}: its snapshot, but for framing. */
    public long bytes() {
        return ledger.tally().bytes();
    }

    /** 64 bits that differ between members whose states differ; costs nothing worth mentioning. */
    public long digest() {
        return ledger.tally().digest(header());
    }

    /** A session that lives; null for others. */
    public @Nullable Session session(long id) {
        return sessions.find(id);
    }

    /** All sessions that live, by id. */
    public List<Session> sessions() {
        return sessions.all();
    }

    /** Who holds and who waits; nobody, for a lock that nobody uses. */
    public LockView lock(String name) {
        return locks.view(name);
    }

    /** Names in {@code range} of locks in use, at most {@code limit}. */
    public List<String> locks(KeyRange range, int limit) {
        return namesIn(locks.byName(), range, limit);
    }

    /** Who leads and who stands; nobody, in an election that nobody stands in. */
    public ElectionView election(String name) {
        return elections.view(name);
    }

    /** Names in {@code range} of elections that somebody stands in, at most {@code limit}. */
    public List<String> elections(KeyRange range, int limit) {
        return namesIn(elections.byName(), range, limit);
    }

    private static List<String> namesIn(NavigableMap<String, ?> map, KeyRange range, int limit) {
        List<String> names = new ArrayList<>();
        for (String name : map.navigableKeySet().tailSet(range.from(), true)) {
            if (names.size() >= limit || !range.contains(name)) {
                break;
            }
            names.add(name);
        }
        return names;
    }

    /** What a fencing token is worth now. */
    public TokenCheck check(Fence fence) {
        return fences.check(fence);
    }

    /**
     * Reads values.
     *
     * @param wanted which, and how many
     * @param revision as of when; 0 for now
     * @return {@link Reply.Ranged}, or {@link Reply.Refused} with {@link Refusal#REVISION_COMPACTED} or
     *     {@link Refusal#REVISION_FUTURE}
     */
    public Reply range(Operation.Range wanted, long revision) {
        long at = revision == 0 ? ledger.revision() : revision;
        Reply.Refused refused = values.refusalOf(at);
        return refused == null
                ? new Reply.Ranged(at, values.range(wanted, at, Limits.RANGE_BYTES_MAX))
                : refused;
    }

    /**
     * Tells again what changed, for a watch that resumes.
     *
     * @param range of keys
     * @param from the first revision wanted, which may not have come yet
     * @param eventsEnough how many events are enough, as 1 MiB of them is; a revision is never divided, so
     *     there may be more
     * @return {@link Replay.Changes}, or {@link Reply.Refused} with {@link Refusal#REVISION_COMPACTED}
     */
    public Replay replay(KeyRange range, long from, int eventsEnough) {
        return values.replay(range, from, eventsEnough);
    }

    // Snapshots.

    /**
     * The state as it is now, to be written out at leisure while commands go on being applied. It copies
     * references to immutable elements and no bytes: some milliseconds for a state of 16 MiB.
     */
    public Snapshot capture() {
        List<Element> elements = new ArrayList<>();
        sessions.forEach(elements::add);
        replies.forEach(elements::add);
        locks.forEachHolder(elements::add);
        locks.forEachWaiter(elements::add);
        elections.forEachLeader(elements::add);
        elections.forEachCandidate(elements::add);
        values.forEach(elements::add);
        return new Snapshot(header(), elements, digest());
    }

    private Element.Header header() {
        return new Element.Header(clusterId, ledger.index(), ledger.revision(), values.compacted(),
                sessions.next(), sessions.term());
    }

    /** Puts an empty state where a snapshot was taken. */
    void restore(Element.Header header) {
        clusterId = header.clusterId();
        ledger.restore(header);
        sessions.restore(header);
        values.restore(header);
    }

    /** Adds an element of a snapshot, after those that it refers to. */
    void restore(Element element) {
        switch (element) {
            case Element.Header e -> throw new MalformedException("a second header");
            case Element.OfSession e -> sessions.restore(e);
            case Element.OfReply e -> replies.restore(e);
            case Element.OfHolder e -> locks.restore(e);
            case Element.OfWaiter e -> locks.restore(e);
            case Element.OfLeader e -> elections.restore(e);
            case Element.OfCandidate e -> elections.restore(e);
            case Element.OfVersion e -> values.restore(e);
        }
    }

    /** What can be seen only when all elements are there. */
    void checkRestored() {
        locks.checkRestored(sessions);
        elections.checkRestored(sessions);
        values.checkRestored(sessions);
    }
}
