package dev.synod.member;

import dev.synod.member.MemberEffects.ClaimNotice;
import dev.synod.member.Withdrawals.LockClaim;
import dev.synod.paxos.Bytes;
import dev.synod.paxos.Defect;
import dev.synod.state.Candidate;
import dev.synod.state.Cause;
import dev.synod.state.Claimant;
import dev.synod.state.Command;
import dev.synod.state.Event;
import dev.synod.state.Holder;
import dev.synod.state.Leader;
import dev.synod.state.Reply;
import dev.synod.state.StateMachine;
import dev.synod.state.Waiter;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for a lock or stands in an election through this member, until the state says what became of it.
 *
 * <ol>
 *   <li>A claim that was granted or queued is looked up once this member has applied the command that did it,
 *   and from there on follows the events: nothing that happens between is missed, and nothing from before
 *   counts.
 *   <li>A grant is told only while the session is ACTIVE here; otherwise it is held back until the session is
 *   again, or has ended.
 *   <li>When the last call that waited for a lock in the name of one claimant is over without it, what may be
 *   left of it is withdrawn.
 * </ol>
 */
final class Claims {
    private enum Stage {
        /** The command waits, or is on its way. */
        SUBMITTED,
        /** It was granted or queued by an entry that is not applied here yet. */
        UNSEEN,
        /** In the queue. */
        QUEUED,
        /** Granted, and held back or told. */
        GRANTED
    }

    /** What is claimed, and by whom. */
    private record Key(boolean election, String name, Claimant claimant) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int byKind = Boolean.compare(election, other.election);
            int byName = byKind != 0 ? byKind : name.compareTo(other.name);
            return byName != 0 ? byName : claimant.compareTo(other.claimant);
        }

        LockClaim ofLock() {
            return new LockClaim(name, claimant);
        }
    }

    /** The calls for one claim. */
    private static final class Calls {
        final List<Claim> claims = new ArrayList<>(1);
        /** A call that is over may have left something in the queue, or a grant. */
        boolean leavesSomething;
    }

    private record Told(long token, long callId) {}

    private static final class Claim {
        final long id;
        final Key key;
        final long timeoutNanos;
        Stage stage = Stage.SUBMITTED;
        long seenAt;
        long token;
        boolean told;
        /** Its time in the queue is over; what the cancel finds is its answer. */
        boolean leaving;
        /** Nobody waits for its answer. */
        boolean abandoned;
        Deadlines.@Nullable Key deadline;

        Claim(long id, Key key, long timeoutNanos) {
            this.id = id;
            this.key = key;
            this.timeoutNanos = timeoutNanos;
        }

        long session() {
            return key.claimant().session();
        }
    }

    /** More at a time are refused (I18). */
    private static final int CLAIMS_MAX = 16_384;

    private final Member member;
    private final Withdrawals withdrawals;
    /** Grants of locks that callers were told, while they stand, each with the call that was told first. */
    private final TreeMap<Key, Told> held = new TreeMap<>();
    private final TreeMap<Long, Claim> byId = new TreeMap<>();
    private final TreeMap<Key, Calls> byKey = new TreeMap<>();
    private final Deadlines<Claim> deadlines = new Deadlines<>();
    private int unseen;

    Claims(Member member, Withdrawals withdrawals) {
        this.member = member;
        this.withdrawals = withdrawals;
    }

    int size() {
        return byId.size();
    }

    long nextDeadlineNanos() {
        return deadlines.nextNanos();
    }

    // ---- asking -------------------------------------------------------------------------------------------

    void acquire(MemberEvent.Acquire event, Bytes encoded) {
        Command.AcquireLock command = event.command();
        Key key = new Key(false, command.name(), new Claimant(command.request().session(), command.owner()));
        Claim claim = new Claim(event.id(), key, event.timeoutNanos());
        if (!enter(claim)) {
            return;
        }
        if (command.queue()) {
            long waited = Deadlines.after(member.nowNanos(), event.waitNanos());
            claim.deadline = waited == Long.MAX_VALUE ? null : deadlines.add(waited, claim);
        }
        withdrawals.after(key.ofLock(), () -> submit(claim, encoded));
    }

    void stand(MemberEvent.Stand event, Bytes encoded) {
        Command.Campaign command = event.command();
        Key key = new Key(true, command.name(),
                new Claimant(command.request().session(), command.candidate()));
        Claim claim = new Claim(event.id(), key, event.timeoutNanos());
        if (enter(claim)) {
            submit(claim, encoded);
        }
    }

    private boolean enter(Claim claim) {
        boolean attached = member.attachments().status(claim.session()) != null;
        if (!attached || byId.size() >= CLAIMS_MAX) {
            Failure reason = attached ? Failure.BUSY : Failure.SESSION_NOT_ATTACHED;
            member.out().answer(claim.id, new Answer.Failed(reason, false));
            return false;
        }
        byId.put(claim.id, claim);
        byKey.computeIfAbsent(claim.key, key -> new Calls()).claims.add(claim);
        return true;
    }

    /** Who holds already, or was queued, is told so again: until it is withdrawn a claim may be repeated. */
    private void submit(Claim claim, Bytes command) {
        if (byId.get(claim.id) != claim) {
            return; // it was given up while it waited for a withdrawal
        }
        member.proposals().submit(command, Proposals.Kind.REPEATABLE, claim.timeoutNanos,
                new Proposals.Outcome() {
                    @Override
                    public void replied(long index, long revision, Reply reply) {
                        Claims.this.replied(claim, index, revision, reply);
                    }

                    @Override
                    public void failed(Failure reason, boolean maybeApplied) {
                        if (maybeApplied) {
                            leavesSomething(claim);
                        }
                        end(claim, new Answer.Failed(reason, maybeApplied));
                    }
                });
    }

    private void replied(Claim claim, long index, long revision, Reply reply) {
        if (byId.get(claim.id) != claim) {
            return; // its session ended meanwhile
        }
        boolean taken = reply instanceof Reply.Granted || reply instanceof Reply.Queued;
        if (!taken) {
            end(claim, new Answer.Replied(revision, reply));
        } else if (claim.abandoned) {
            leavesSomething(claim);
            remove(claim);
        } else {
            unseen(claim, index);
            if (claim.leaving && reply instanceof Reply.Queued) {
                leaveQueue(claim);
            }
        }
    }

    private void unseen(Claim claim, long index) {
        if (claim.stage != Stage.UNSEEN) {
            unseen++;
        }
        claim.stage = Stage.UNSEEN;
        claim.seenAt = index;
    }

    // ---- following ----------------------------------------------------------------------------------------

    /** Looks up what was granted or queued by entries that are applied by now. */
    void look() {
        if (unseen == 0) {
            return;
        }
        for (Claim claim : List.copyOf(byId.values())) {
            if (claim.stage == Stage.UNSEEN && claim.seenAt <= member.state().appliedIndex()) {
                unseen--;
                claim.stage = Stage.QUEUED;
                compare(claim, member.state());
            }
        }
    }

    /** Brings a claim to what {@code state} says of it. */
    private void compare(Claim claim, StateMachine state) {
        long token = tokenOf(claim.key, state);
        int position = token == 0 ? positionOf(claim.key, state) : 0;
        if (token != 0) {
            grant(claim, token);
        } else if (position > 0) {
            if (claim.stage == Stage.GRANTED) {
                left(claim, claim.token, Cause.TRANSFERRED);
            }
            queued(claim, position);
        } else {
            boolean alive = state.session(claim.session()) != null;
            Cause whileAlive = claim.key.election() ? Cause.RESIGNED : Cause.CANCELLED;
            left(claim, claim.token, alive ? whileAlive : Cause.SESSION_EXPIRED);
        }
    }

    private static long tokenOf(Key key, StateMachine state) {
        if (key.election()) {
            Leader leader = state.election(key.name()).leader();
            return leader != null && leader.claimant().equals(key.claimant()) ? leader.token() : 0;
        }
        for (Holder holder : state.lock(key.name()).holders()) {
            if (holder.claimant().equals(key.claimant())) {
                return holder.token();
            }
        }
        return 0;
    }

    /** From 1; 0 for not in the queue. */
    private static int positionOf(Key key, StateMachine state) {
        int position = 0;
        if (key.election()) {
            for (Candidate candidate : state.election(key.name()).candidates()) {
                position++;
                if (candidate.claimant().equals(key.claimant())) {
                    return position;
                }
            }
            return 0;
        }
        for (Waiter waiter : state.lock(key.name()).queue()) {
            position++;
            if (waiter.claimant().equals(key.claimant())) {
                return position;
            }
        }
        return 0;
    }

    void applied(List<Event> events) {
        if (byId.isEmpty() && held.isEmpty()) {
            return;
        }
        for (Event event : events) {
            if (event instanceof Event.LockLeft left) {
                held.remove(new Key(false, left.name(), left.claimant()));
            }
            switch (event) {
                case Event.LockGranted e -> each(false, e.name(), e.holder().claimant(),
                        claim -> grant(claim, e.holder().token()));
                case Event.LockLeft e -> each(false, e.name(), e.claimant(),
                        claim -> left(claim, e.token(), e.cause()));
                case Event.LeaderElected e -> each(true, e.name(), e.leader().claimant(),
                        claim -> grant(claim, e.leader().token()));
                case Event.CandidateQueued e -> each(true, e.name(), e.candidate().claimant(),
                        claim -> queued(claim, positionOf(claim.key, member.state())));
                case Event.ElectionLeft e -> each(true, e.name(), e.claimant(),
                        claim -> left(claim, e.token(), e.cause()));
                default -> {}
            }
        }
    }

    /** What happens to a claim. */
    private interface Step {
        void take(Claim claim);
    }

    private void each(boolean election, String name, Claimant claimant, Step step) {
        Calls calls = byKey.get(new Key(election, name, claimant));
        if (calls == null) {
            return;
        }
        for (Claim claim : List.copyOf(calls.claims)) {
            if (claim.stage == Stage.QUEUED || claim.stage == Stage.GRANTED) {
                step.take(claim);
            }
        }
    }

    /** The state was replaced by a snapshot's. */
    void restored(StateMachine state) {
        held.entrySet().removeIf(told -> tokenOf(told.getKey(), state) != told.getValue().token());
        for (Claim claim : List.copyOf(byId.values())) {
            if (claim.stage == Stage.QUEUED || claim.stage == Stage.GRANTED) {
                compare(claim, state);
            }
        }
    }

    // ---- telling ------------------------------------------------------------------------------------------

    private void queued(Claim claim, int position) {
        claim.stage = Stage.QUEUED;
        if (claim.key.election() && position > 0) {
            member.out().tell(new ClaimNotice.Queued(claim.id, position));
        }
    }

    private void grant(Claim claim, long token) {
        if (claim.stage == Stage.GRANTED && claim.token == token) {
            return;
        }
        claim.stage = Stage.GRANTED;
        claim.token = token;
        claim.told = false;
        tellGrant(claim);
    }

    private void tellGrant(Claim claim) {
        boolean active = member.attachments().isActive(claim.session())
                || member.defects().has(Defect.C03_GRANT_WITHOUT_GUARANTEE);
        if (claim.told || !active) {
            return;
        }
        claim.told = true;
        if (claim.key.election()) {
            member.out().tell(new ClaimNotice.Granted(claim.id, claim.token));
            return;
        }
        Calls calls = byKey.get(claim.key);
        if (calls != null) {
            calls.leavesSomething = false; // it is the caller's from here on
        }
        Told before = held.get(claim.key);
        if (before == null || before.token() != claim.token) {
            held.put(claim.key, new Told(claim.token, claim.id));
        }
        end(claim, new Answer.Replied(member.state().revision(), new Reply.Granted(claim.token)));
    }

    /** @param token of the grant that is over; 0 for a place in the queue */
    private void left(Claim claim, long token, Cause cause) {
        if (claim.stage == Stage.GRANTED && claim.token != token) {
            return; // of an earlier grant
        }
        if (!claim.key.election()) {
            end(claim, claim.leaving && cause == Cause.CANCELLED
                    ? new Answer.Failed(Failure.WAIT_TIMED_OUT, false)
                    : new Answer.Failed(Failure.CLAIM_LOST, false, cause, 0));
            return;
        }
        claim.token = 0;
        member.out().tell(new ClaimNotice.Left(claim.id, token, cause));
        if (cause == Cause.TRANSFERRED) {
            claim.stage = Stage.QUEUED;
        } else {
            remove(claim);
        }
    }

    /** A session is active again: what was held back may be told. */
    void sessionActive(long session) {
        for (Claim claim : List.copyOf(byId.values())) {
            if (claim.session() == session && claim.stage == Stage.GRANTED) {
                tellGrant(claim);
            }
        }
    }

    /**
     * A session ended, or its application asks elsewhere from now on; there it will ask again for what it
     * still wants.
     */
    void sessionOver(long session, SessionStatus how) {
        for (Claim claim : List.copyOf(byId.values())) {
            if (claim.session() != session || claim.abandoned) {
                continue;
            }
            if (how == SessionStatus.MOVED) {
                end(claim, new Answer.Failed(Failure.SESSION_NOT_ATTACHED, true));
            } else {
                left(claim, claim.token, Cause.SESSION_EXPIRED);
            }
        }
    }

    private void end(Claim claim, Answer answer) {
        if (byId.get(claim.id) == claim && !claim.abandoned) {
            member.out().answer(claim.id, answer);
        }
        remove(claim);
    }

    private void leavesSomething(Claim claim) {
        Calls calls = byKey.get(claim.key);
        if (calls != null) {
            calls.leavesSomething = true;
        }
    }

    /** The last call of a claim that goes takes with it what may be left. */
    private void remove(Claim claim) {
        if (byId.remove(claim.id) == null) {
            return;
        }
        if (claim.stage == Stage.UNSEEN) {
            unseen--;
        }
        if (claim.deadline != null) {
            deadlines.remove(claim.deadline);
        }
        Calls calls = byKey.get(claim.key);
        if (calls == null) {
            return;
        }
        calls.claims.remove(claim);
        if (calls.claims.isEmpty()) {
            byKey.remove(claim.key);
            if (calls.leavesSomething && !claim.key.election()) {
                withdrawals.begin(claim.key.ofLock(), null);
            }
        }
    }

    /**
     * Whether a caller was told of this very grant: then it is not taken back. One that is older than the
     * session's attachment here may have been told by the process that it was attached to before.
     */
    boolean isTold(LockClaim claim, long token) {
        Told told = held.get(new Key(false, claim.name(), claim.claimant()));
        return told != null && told.token() == token
                || token <= member.attachments().sinceRevision(claim.claimant().session());
    }

    // ---- giving up ----------------------------------------------------------------------------------------

    /** Who waited long enough leaves the queue; the answer follows from what the command finds. */
    void tick() {
        for (Claim late = deadlines.takeDue(member.nowNanos()); late != null;
                late = deadlines.takeDue(member.nowNanos())) {
            late.deadline = null;
            Calls calls = byKey.get(late.key);
            boolean alone = calls == null || calls.claims.size() == 1;
            if (late.leaving || !alone) {
                leavesSomething(late);
                end(late, new Answer.Failed(Failure.WAIT_TIMED_OUT, late.leaving));
            } else if (late.stage != Stage.GRANTED) {
                late.leaving = true;
                long end = Deadlines.after(member.nowNanos(), late.timeoutNanos);
                late.deadline = end == Long.MAX_VALUE ? null : deadlines.add(end, late);
                if (late.stage != Stage.SUBMITTED) {
                    leaveQueue(late);
                }
            }
        }
    }

    /** Leaves the queue while the caller still waits: a grant that came first is its own. */
    private void leaveQueue(Claim claim) {
        withdrawals.begin(claim.key.ofLock(), new Withdrawals.Caller() {
            @Override
            public boolean granted(long index) {
                boolean waits = byId.get(claim.id) == claim && !claim.abandoned;
                if (waits && claim.stage != Stage.GRANTED) {
                    unseen(claim, index);
                }
                return waits || byKey.containsKey(claim.key) || held.containsKey(claim.key);
            }

            @Override
            public void withdrawn() {
                if (byId.get(claim.id) == claim) {
                    end(claim, new Answer.Failed(Failure.WAIT_TIMED_OUT, false));
                }
            }
        });
    }

    /** The caller is gone. */
    void cancel(long id) {
        Claim claim = byId.get(id);
        if (claim == null || claim.abandoned) {
            return;
        }
        if (claim.stage == Stage.SUBMITTED && !claim.key.election()) {
            claim.abandoned = true; // what comes of the command is taken back
            return;
        }
        leavesSomething(claim);
        claim.abandoned = true;
        remove(claim);
    }

    /** A caller was gone when it was answered; what an earlier call was told stays. */
    void giveBack(long callId, Command.AcquireLock command) {
        Key key = new Key(false, command.name(), new Claimant(command.request().session(), command.owner()));
        Told told = held.get(key);
        if (told == null || told.callId() != callId) {
            return;
        }
        held.remove(key);
        Calls calls = byKey.get(key);
        if (calls != null) {
            calls.leavesSomething = true; // another call of the same claimant goes on
        } else {
            withdrawals.begin(key.ofLock(), null);
        }
    }

    /** This member serves nobody any more. */
    void failAll(Failure reason) {
        for (Claim claim : List.copyOf(byId.values())) {
            end(claim, new Answer.Failed(reason, true));
        }
    }
}
