package dev.synod.member;

import dev.synod.member.MemberEffects.ClaimNotice;
import dev.synod.paxos.Bytes;
import dev.synod.paxos.Defect;
import dev.synod.state.Candidate;
import dev.synod.state.Cause;
import dev.synod.state.Claimant;
import dev.synod.state.Command;
import dev.synod.state.CommandCodec;
import dev.synod.state.Event;
import dev.synod.state.Holder;
import dev.synod.state.Leader;
import dev.synod.state.Reply;
import dev.synod.state.Request;
import dev.synod.state.StateMachine;
import dev.synod.state.Waiter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for a lock or stands in an election through this member, until the state says what became of it.
 *
 * <ol>
 *   <li>A claim that was queued is looked up once this member has applied the command that queued it, and
 *   from there on follows the events: nothing that happens between is missed.
 *   <li>A grant is told only while the session is ACTIVE here; otherwise it is held back until the session is
 *   again, or has ended.
 *   <li>Whoever no longer waits is taken out of the queue by a command. A grant that came first is given to
 *   the caller if there still is one, and given back otherwise: no lock leaks (zk-ruby#49). The next call of
 *   that claimant waits until this is done, or it would be told a grant that is about to be given back; from
 *   elsewhere it cannot come, because the session would have been attached there, which makes the command
 *   void. A grant that an earlier call was told stays: who asks again for what it has, and gives up, has it.
 * </ol>
 */
final class Claims {
    private enum Stage {
        /** The command is on its way. */
        SUBMITTED,
        /** It was queued by an entry that is not applied here yet. */
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
    }

    private static final class Claim {
        final long id;
        final Key key;
        final long waitNanos;
        final long timeoutNanos;
        Stage stage = Stage.SUBMITTED;
        long seenAt;
        long token;
        boolean told;
        /** Its caller is gone, or does not wait any longer. */
        boolean leaving;
        boolean answered;
        /** Its command is on its way, or was. */
        boolean proposed;
        Deadlines.@Nullable Key deadline;

        Claim(long id, Key key, long waitNanos, long timeoutNanos) {
            this.id = id;
            this.key = key;
            this.waitNanos = waitNanos;
            this.timeoutNanos = timeoutNanos;
        }

        long session() {
            return key.claimant().session();
        }
    }

    /** An earlier call of a claimant that is being taken back, and the calls that wait for that. */
    private static final class Withdrawal {
        int steps;
        final ArrayDeque<Parked> parked = new ArrayDeque<>();
    }

    /** A call that is not submitted yet. */
    private record Parked(Claim claim, Bytes command, long untilNanos) {}

    private final Member member;
    private final TreeMap<Long, Claim> byId = new TreeMap<>();
    private final TreeMap<Key, List<Claim>> byKey = new TreeMap<>();
    private final Deadlines<Claim> deadlines = new Deadlines<>();
    private final TreeMap<Key, Withdrawal> withdrawals = new TreeMap<>();
    private final Deadlines<Parked> parkedUntil = new Deadlines<>();
    /** Tokens of locks that callers were told, as long as the grants stand. */
    private final TreeMap<Key, Long> toldLocks = new TreeMap<>();
    private int unseen;

    Claims(Member member) {
        this.member = member;
    }

    int size() {
        return byId.size();
    }

    long nextDeadlineNanos() {
        return Math.min(deadlines.nextNanos(), parkedUntil.nextNanos());
    }

    // ---- asking -------------------------------------------------------------------------------------------

    void acquire(MemberEvent.Acquire event) {
        Command.AcquireLock command = event.command();
        Key key = new Key(false, command.name(), new Claimant(command.request().session(), command.owner()));
        submit(new Claim(event.id(), key, command.queue() ? event.waitNanos() : 0, event.timeoutNanos()),
                CommandCodec.encode(command), command.request());
    }

    void stand(MemberEvent.Stand event) {
        Command.Campaign command = event.command();
        Key key = new Key(true, command.name(),
                new Claimant(command.request().session(), command.candidate()));
        submit(new Claim(event.id(), key, Long.MAX_VALUE, event.timeoutNanos()),
                CommandCodec.encode(command), command.request());
    }

    private void submit(Claim claim, Bytes command, Request request) {
        if (member.attachments().status(request.session()) == null) {
            member.out().answer(claim.id, new Answer.Failed(Failure.SESSION_NOT_ATTACHED, false));
            return;
        }
        byId.put(claim.id, claim);
        byKey.computeIfAbsent(claim.key, key -> new ArrayList<>(1)).add(claim);
        long waited = Deadlines.after(member.nowNanos(), claim.waitNanos);
        if (!claim.key.election() && claim.waitNanos > 0 && waited != Long.MAX_VALUE) {
            claim.deadline = deadlines.add(waited, claim);
        }
        Withdrawal withdrawal = withdrawals.get(claim.key);
        if (withdrawal == null) {
            propose(claim, command, claim.timeoutNanos);
            return;
        }
        long until = Deadlines.after(member.nowNanos(), claim.timeoutNanos);
        Parked parked = new Parked(claim, command, until);
        withdrawal.parked.add(parked);
        parkedUntil.add(until, parked);
    }

    private void propose(Claim claim, Bytes command, long timeoutNanos) {
        // Who holds already, or was queued, is told so again: a claim may be repeated without harm.
        claim.proposed = true;
        member.proposals().submit(command, Proposals.Kind.REPEATABLE, timeoutNanos,
                new Proposals.Outcome() {
                    @Override
                    public void replied(long index, long revision, Reply reply) {
                        Claims.this.replied(claim, index, revision, reply);
                    }

                    @Override
                    public void failed(Failure reason, boolean maybeApplied) {
                        Claims.this.failed(claim, reason, maybeApplied);
                    }
                });
    }

    private void replied(Claim claim, long index, long revision, Reply reply) {
        if (byId.get(claim.id) != claim) {
            return; // its session ended meanwhile
        }
        switch (reply) {
            case Reply.Granted granted -> {
                if (isOver(claim.key, granted.token(), index)) {
                    compare(claim, member.state());
                } else {
                    grant(claim, granted.token());
                }
            }
            case Reply.Queued queued -> {
                claim.stage = Stage.UNSEEN;
                claim.seenAt = index;
                unseen++;
                if (claim.leaving) {
                    leaveQueue(claim);
                }
            }
            default -> end(claim, new Answer.Replied(revision, reply));
        }
    }

    /**
     * Whether a grant that the entry at {@code index} was answered with stands no more: a request that is
     * decided again is answered as it was the first time, and its grant may have been given up since.
     */
    private boolean isOver(Key key, long token, long index) {
        return index <= member.state().appliedIndex() && tokenOf(key, member.state()) != token;
    }

    /** The same for a command of another member, whose own state may not have come as far. */
    boolean isOver(Bytes command, Reply reply, long index) {
        if (!(reply instanceof Reply.Granted granted)) {
            return false;
        }
        return switch (CommandCodec.decode(command)) {
            case Command.AcquireLock c -> isOver(new Key(false, c.name(),
                    new Claimant(c.request().session(), c.owner())), granted.token(), index);
            case Command.Campaign c -> isOver(new Key(true, c.name(),
                    new Claimant(c.request().session(), c.candidate())), granted.token(), index);
            default -> false;
        };
    }

    private void failed(Claim claim, Failure reason, boolean maybeApplied) {
        boolean callerGone = claim.answered;
        end(claim, new Answer.Failed(reason, maybeApplied));
        if (maybeApplied && callerGone && !claim.key.election()) {
            withdraw(claim, true); // nobody will ask again for what it may have been granted
        }
    }

    // ---- following ----------------------------------------------------------------------------------------

    /** Looks up what was queued by entries that are applied by now. */
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
        if (token != 0 && (claim.stage != Stage.GRANTED || token != claim.token)) {
            grant(claim, token);
        } else if (token == 0 && position > 0) {
            if (claim.stage == Stage.GRANTED) {
                left(claim, Cause.TRANSFERRED);
            }
            queued(claim, position);
        } else if (token == 0) {
            boolean alive = state.session(claim.session()) != null;
            Cause whileAlive = claim.key.election() ? Cause.RESIGNED : Cause.CANCELLED;
            left(claim, alive ? whileAlive : Cause.SESSION_EXPIRED);
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
        if (byId.isEmpty() && toldLocks.isEmpty()) {
            return;
        }
        for (Event event : events) {
            switch (event) {
                case Event.LockGranted e -> each(false, e.name(), e.holder().claimant(),
                        claim -> grant(claim, e.holder().token()));
                case Event.LockLeft e -> {
                    toldLocks.remove(new Key(false, e.name(), e.claimant()), e.token());
                    each(false, e.name(), e.claimant(), claim -> left(claim, e.cause()));
                }
                case Event.LeaderElected e -> each(true, e.name(), e.leader().claimant(),
                        claim -> grant(claim, e.leader().token()));
                case Event.CandidateQueued e -> each(true, e.name(), e.candidate().claimant(),
                        claim -> queued(claim, positionOf(claim.key, member.state())));
                case Event.ElectionLeft e -> each(true, e.name(), e.claimant(),
                        claim -> left(claim, e.cause()));
                default -> {}
            }
        }
    }

    /** What happens to a claim. */
    private interface Step {
        void take(Claim claim);
    }

    /** Events count for claims that were looked up, and for those that were granted before. */
    private void each(boolean election, String name, Claimant claimant, Step step) {
        List<Claim> claims = byKey.get(new Key(election, name, claimant));
        if (claims == null) {
            return;
        }
        for (Claim claim : List.copyOf(claims)) {
            if (claim.stage == Stage.QUEUED || claim.stage == Stage.GRANTED) {
                step.take(claim);
            }
        }
    }

    /** The state was replaced by a snapshot's. */
    void restored(StateMachine state) {
        toldLocks.entrySet().removeIf(told -> told.getValue() <= state.revision()
                && tokenOf(told.getKey(), state) != told.getValue());
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
        if (claim.stage == Stage.UNSEEN) {
            unseen--;
        }
        if (claim.stage == Stage.GRANTED && claim.token == token) {
            return;
        }
        claim.stage = Stage.GRANTED;
        claim.token = token;
        claim.told = false;
        if (claim.leaving && !claim.key.election() && claim.answered) {
            remove(claim);
            withdraw(claim, false);
        } else {
            tellGrant(claim);
        }
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
        } else {
            toldLocks.put(claim.key, claim.token);
            end(claim, new Answer.Replied(member.state().revision(), new Reply.Granted(claim.token)));
        }
    }

    private void left(Claim claim, Cause cause) {
        if (!claim.key.election()) {
            end(claim, claim.leaving && cause == Cause.CANCELLED
                    ? new Answer.Failed(Failure.WAIT_TIMED_OUT, false)
                    : new Answer.Failed(Failure.CLAIM_LOST, false, cause, 0));
            return;
        }
        long token = claim.stage == Stage.GRANTED ? claim.token : 0;
        claim.stage = Stage.QUEUED;
        claim.token = 0;
        member.out().tell(new ClaimNotice.Left(claim.id, token, cause));
        if (cause != Cause.TRANSFERRED) {
            claim.answered = true;
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

    /** A session ended, or its application asks elsewhere from now on. */
    void sessionOver(long session, SessionStatus how) {
        toldLocks.keySet().removeIf(key -> key.claimant().session() == session);
        for (Claim claim : List.copyOf(byId.values())) {
            if (claim.session() != session) {
                continue;
            }
            if (how == SessionStatus.MOVED) {
                end(claim, new Answer.Failed(Failure.SESSION_NOT_ATTACHED, true));
            } else {
                left(claim, Cause.SESSION_EXPIRED);
            }
        }
    }

    private void end(Claim claim, Answer answer) {
        if (!claim.answered) {
            claim.answered = true;
            member.out().answer(claim.id, answer);
        }
        remove(claim);
    }

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
        List<Claim> same = byKey.get(claim.key);
        if (same != null) {
            same.remove(claim);
            if (same.isEmpty()) {
                byKey.remove(claim.key);
            }
        }
    }

    // ---- giving up ----------------------------------------------------------------------------------------

    /** Who waited long enough leaves the queue; the answer follows from what the command finds. */
    void tick() {
        for (Parked late = parkedUntil.takeDue(member.nowNanos()); late != null;
                late = parkedUntil.takeDue(member.nowNanos())) {
            if (!late.claim().proposed && byId.get(late.claim().id) == late.claim()) {
                failed(late.claim(), Failure.NO_LEADER, false);
            }
        }
        for (Claim late = deadlines.takeDue(member.nowNanos()); late != null;
                late = deadlines.takeDue(member.nowNanos())) {
            late.deadline = null;
            if (late.leaving) {
                end(late, new Answer.Failed(Failure.WAIT_TIMED_OUT, true));
                withdraw(late, true);
            } else if (late.stage != Stage.GRANTED) {
                late.leaving = true;
                late.deadline = deadlines.add(Deadlines.after(member.nowNanos(), late.timeoutNanos), late);
                if (late.stage != Stage.SUBMITTED) {
                    leaveQueue(late);
                }
            }
        }
    }

    /** The caller is gone. Another call of the same claimant goes on. */
    void cancel(long id) {
        Claim claim = byId.get(id);
        if (claim == null) {
            return;
        }
        claim.answered = true;
        List<Claim> same = byKey.get(claim.key);
        boolean alone = same == null || same.size() == 1;
        if (claim.key.election() || !alone || !claim.proposed) {
            remove(claim);
        } else if (claim.stage == Stage.SUBMITTED) {
            claim.leaving = true; // what comes of it is given back
        } else {
            remove(claim);
            withdraw(claim, true);
        }
    }

    private void leaveQueue(Claim claim) {
        if (claim.answered) {
            remove(claim);
            withdraw(claim, true);
            return;
        }
        submitCancel(claim, new Proposals.Outcome() {
            @Override
            public void replied(long index, long revision, Reply reply) {
                if (reply instanceof Reply.Granted granted && !claim.answered) {
                    grant(claim, granted.token());
                } else {
                    end(claim, new Answer.Failed(Failure.WAIT_TIMED_OUT, false));
                }
            }

            @Override
            public void failed(Failure reason, boolean maybeApplied) {}
        });
    }

    private void submitCancel(Claim claim, Proposals.Outcome outcome) {
        submitWithdrawal(claim, 0, outcome);
    }

    /** Nothing is to be taken back of a session that is not attached here any more. */
    private void submitWithdrawal(Claim claim, long token, Proposals.Outcome outcome) {
        long generation = member.attachments().generation(claim.session());
        if (generation == 0) {
            outcome.failed(Failure.SESSION_NOT_ATTACHED, false);
            return;
        }
        Command command = new Command.WithdrawLock(
                claim.session(), generation, claim.key.name(), claim.key.claimant().owner(), token);
        member.proposals().submit(CommandCodec.encode(command), Proposals.Kind.REPEATABLE, Long.MAX_VALUE,
                outcome);
    }

    /** Sees to it that nothing stays of a lock's claim that nobody waits for. */
    private void withdraw(Claim claim, boolean queuedMaybe) {
        if (member.defects().has(Defect.C06_CLAIM_LEAKED)) {
            return;
        }
        withdrawals.computeIfAbsent(claim.key, key -> new Withdrawal()).steps++;
        if (!queuedMaybe) {
            giveBack(claim, claim.token);
            return;
        }
        submitCancel(claim, new Proposals.Outcome() {
            @Override
            public void replied(long index, long revision, Reply reply) {
                // Another call of the same claimant wants the grant, or it is given back.
                if (reply instanceof Reply.Granted granted && !byKey.containsKey(claim.key)) {
                    giveBack(claim, granted.token());
                } else {
                    withdrawn(claim.key);
                }
            }

            @Override
            public void failed(Failure reason, boolean maybeApplied) {
                withdrawn(claim.key);
            }
        });
    }

    private void giveBack(Claim claim, long token) {
        Long told = toldLocks.get(claim.key);
        if (told != null && told == token) {
            withdrawn(claim.key);
            return;
        }
        submitWithdrawal(claim, token, new Proposals.Outcome() {
            @Override
            public void replied(long index, long revision, Reply reply) {
                withdrawn(claim.key);
            }

            @Override
            public void failed(Failure reason, boolean maybeApplied) {
                withdrawn(claim.key);
            }
        });
    }

    /** One step is done; after the last one, calls that waited for it go on. */
    private void withdrawn(Key key) {
        Withdrawal withdrawal = withdrawals.get(key);
        if (withdrawal == null || --withdrawal.steps > 0) {
            return;
        }
        withdrawals.remove(key);
        for (Parked parked : withdrawal.parked) {
            Claim claim = parked.claim();
            if (byId.get(claim.id) == claim) {
                propose(claim, parked.command(), parked.untilNanos() - member.nowNanos());
            }
        }
    }

    /** This member serves nobody any more. */
    void failAll(Failure reason) {
        for (Claim claim : List.copyOf(byId.values())) {
            end(claim, new Answer.Failed(reason, true));
        }
    }
}
