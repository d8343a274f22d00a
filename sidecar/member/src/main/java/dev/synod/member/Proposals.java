package dev.synod.member;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Bytes;
import dev.synod.paxos.Effects;
import dev.synod.paxos.Event;
import dev.synod.paxos.MalformedException;
import dev.synod.paxos.Role;
import dev.synod.state.Applied;
import dev.synod.state.Reply;
import dev.synod.state.ReplyCodec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Commands on their way into the log and their replies on the way back.
 *
 * <p>A command waits until there is a leader and the window has room; then it is proposed here, or forwarded
 * to the leader that the applied log names. An entry never changes its index, so a proposal whose index was
 * decided with another is dead and may be made again, whatever it is. One that was forwarded and not answered
 * may live: it is repeated only if a repeat does no harm.
 */
final class Proposals {
    /** Told once what became of a command. */
    interface Outcome {
        /** It was applied. */
        void replied(long index, long revision, Reply reply);

        /** It has no reply. */
        void failed(Failure reason, boolean maybeApplied);
    }

    /** How a command is dealt with. */
    enum Kind {
        /** A client's, which may be repeated without harm. */
        REPEATABLE,
        /** A client's, which takes effect as often as it is decided. */
        ONCE,
        /** This member's own, for something that its clients left behind; may be repeated. */
        OWN,
        /** Forwarded to this leader by another member, which repeats it where it may be. */
        FORWARDED,
        /** This leader's own: worth nothing to another. */
        OF_THIS_LEADER;

        /** Whether it counts against what may wait. */
        boolean isBounded() {
            return this != OWN && this != OF_THIS_LEADER;
        }

        /** Whether only the ballot at which it was taken in may have it decided. */
        boolean endsWithLeadership() {
            return this == FORWARDED || this == OF_THIS_LEADER;
        }
    }

    private static final class Proposal {
        final Bytes body;
        final Kind kind;
        final Outcome outcome;
        /** An earlier attempt may still be decided. */
        boolean mayLive;
        boolean done;
        Deadlines.@Nullable Key deadline;
        Ballot ballot = Ballot.BOTTOM;
        boolean forwarded;
        /** When, if it is {@link #forwarded}. */
        long forwardedNanos;

        boolean isOnItsWay() {
            return forwarded || !ballot.isBottom();
        }

        Proposal(Bytes body, Kind kind, Outcome outcome) {
            this.body = body;
            this.kind = kind;
            this.outcome = outcome;
        }
    }

    /** Most bytes of commands in one frame to the leader. */
    private static final int FORWARD_BYTES = 1 << 20;

    private final Member member;
    private final ArrayDeque<Proposal> waiting = new ArrayDeque<>();
    private final TreeMap<Long, List<Proposal>> proposed = new TreeMap<>();
    private final TreeMap<Long, Proposal> forwarded = new TreeMap<>();
    private final Deadlines<Proposal> deadlines = new Deadlines<>();
    private int waitingCount;
    private long waitingBytes;
    private long lastForwardId;
    private Ballot forwardTerm = Ballot.BOTTOM;
    private long forwardFromNanos = Long.MIN_VALUE;
    private boolean dirty;

    /** @param firstForwardId above all of earlier runs of this member */
    Proposals(Member member, long firstForwardId) {
        this.member = member;
        this.lastForwardId = firstForwardId;
    }

    // ---- in -----------------------------------------------------------------------------------------------

    void submit(Bytes body, Kind kind, long timeoutNanos, Outcome outcome) {
        if (member.fault() != null || kind.isBounded() && !member.belongs()) {
            outcome.failed(Failure.UNAVAILABLE, false);
            return;
        }
        if (kind.isBounded() && isCrowded(body.length())) {
            outcome.failed(Failure.BUSY, false);
            return;
        }
        Proposal proposal = new Proposal(body, kind, outcome);
        long deadline = Deadlines.after(member.nowNanos(), timeoutNanos);
        if (deadline != Long.MAX_VALUE) {
            proposal.deadline = deadlines.add(deadline, proposal);
        }
        await(proposal, false);
    }

    /** Whether so many wait that another of {@code bytes} is refused. */
    boolean isCrowded(int bytes) {
        MemberOptions options = member.options();
        return waitingCount >= options.waitingMax() || waitingBytes + bytes > options.waitingBytesMax();
    }

    /** Puts a command that must lead all others in front of them. */
    void submitFirst(Bytes body, Outcome outcome) {
        await(new Proposal(body, Kind.OF_THIS_LEADER, outcome), true);
    }

    private void await(Proposal proposal, boolean first) {
        if (first) {
            waiting.addFirst(proposal);
        } else {
            waiting.addLast(proposal);
        }
        waitingCount++;
        waitingBytes += proposal.body.length();
        dirty = true;
    }

    private void unwait(Proposal proposal) {
        waitingCount--;
        waitingBytes -= proposal.body.length();
    }

    /** Whether there may be something for {@link #flush} to do that was not there when it last ran. */
    boolean isDirty() {
        return dirty;
    }

    int waitingCount() {
        return waitingCount + proposed.size() + forwarded.size();
    }

    long nextDeadlineNanos() {
        long next = deadlines.nextNanos();
        if (waitingCount > 0 && forwardFromNanos > member.nowNanos()) {
            next = Math.min(next, forwardFromNanos);
        }
        if (!forwarded.isEmpty()) {
            Proposal oldest = forwarded.firstEntry().getValue();
            next = Math.min(next, oldest.forwardedNanos + repeatAfterNanos());
        }
        return next;
    }

    private long repeatAfterNanos() {
        return Math.max(1, member.options().paxos().electionTimeoutNanos());
    }

    // ---- out ----------------------------------------------------------------------------------------------

    void tick() {
        for (Proposal late = deadlines.takeDue(member.nowNanos()); late != null;
                late = deadlines.takeDue(member.nowNanos())) {
            if (!late.done) {
                late.deadline = null;
                fail(late, Failure.NO_LEADER, late.mayLive || late.isOnItsWay());
            }
        }
        long before = member.nowNanos() - repeatAfterNanos();
        List<Proposal> old = new ArrayList<>();
        while (!forwarded.isEmpty() && forwarded.firstEntry().getValue().forwardedNanos <= before) {
            old.add(forwarded.pollFirstEntry().getValue());
        }
        unanswered(old);
    }

    /** Proposes or forwards as much of what waits as can be. */
    void flush() {
        dirty = false;
        boolean leads = member.replica().role() == Role.LEADER;
        if (!leads && waitingCount > 0) {
            dropOwn();
        }
        if (waitingCount == 0) {
            return;
        }
        if (member.diverged()) {
            failWaiting(Failure.DIVERGED); // but the leader's own: without them no session is renewed
        }
        if (leads) {
            propose();
        } else {
            forward();
        }
    }

    /** What was worth something only while this member led. */
    private void dropOwn() {
        for (Proposal proposal : List.copyOf(waiting)) {
            if (!proposal.done && proposal.kind.endsWithLeadership()) {
                fail(proposal, Failure.NO_LEADER, false);
            }
        }
    }

    private void failWaiting(Failure reason) {
        for (Proposal proposal : List.copyOf(waiting)) {
            if (!proposal.done && proposal.kind != Kind.OF_THIS_LEADER) {
                fail(proposal, reason, proposal.mayLive);
            }
        }
    }

    private void propose() {
        int most = Integer.MAX_VALUE;
        while (waitingCount > 0) {
            List<Proposal> chunk = chunk(most);
            List<Bytes> commands = new ArrayList<>(chunk.size());
            chunk.forEach(proposal -> commands.add(proposal.body));
            Effects effects = member.paxos(new Event.Propose(commands));
            Effects.Refusal refusal = effects.refusal();
            if (refusal == null) {
                proposed(chunk, effects.proposedFrom(), effects.proposedAt());
                most = Integer.MAX_VALUE;
                continue;
            }
            boolean alone = chunk.size() == 1;
            switch (refusal) {
                case BUSY -> most = chunk.size() / 2;
                case NOT_ALLOWED -> most = 1;
                case DISK_FULL -> failWaiting(Failure.DISK_FULL);
                case NOT_LEADER, CHANGING, WRONG_EPOCH -> {}
            }
            if (refusal == Effects.Refusal.NOT_ALLOWED && alone) {
                fail(chunk.getFirst(), Failure.TOO_LARGE, false);
            } else if (most == 0 || (refusal != Effects.Refusal.BUSY
                    && refusal != Effects.Refusal.NOT_ALLOWED)) {
                return;
            }
        }
    }

    /** The next commands that may fit the window, at least one; they stay where they are. */
    private List<Proposal> chunk(int most) {
        MemberOptions options = member.options();
        long room = options.paxos().windowEntries() - member.replica().proposalsUndecided();
        int entriesMax = Math.clamp(room, 1, most);
        long bytesLeft = options.paxos().windowBytes() / 2;
        List<Proposal> chunk = new ArrayList<>();
        for (Proposal proposal : waiting) {
            if (proposal.done) {
                continue;
            }
            bytesLeft -= proposal.body.length();
            if (!chunk.isEmpty() && (chunk.size() >= entriesMax || bytesLeft < 0)) {
                break;
            }
            chunk.add(proposal);
        }
        return chunk;
    }

    private void proposed(List<Proposal> chunk, long from, @Nullable Ballot ballot) {
        long index = from;
        for (Proposal proposal : chunk) {
            takeFirst(proposal);
            proposal.ballot = ballot == null ? Ballot.BOTTOM : ballot;
            proposed.computeIfAbsent(index++, at -> new ArrayList<>(1)).add(proposal);
        }
    }

    private void takeFirst(Proposal proposal) {
        while (waiting.getFirst() != proposal) {
            waiting.removeFirst(); // one that is done
        }
        waiting.removeFirst();
        unwait(proposal);
    }

    private void forward() {
        Ballot term = member.state().term();
        UUID leader = establishedLeader(term);
        int room = 4 * member.options().paxos().windowEntries() - forwarded.size();
        if (leader == null || member.nowNanos() < forwardFromNanos || room <= 0) {
            return;
        }
        forwardTerm = term;
        while (waitingCount > 0 && room > 0) {
            List<Bytes> commands = new ArrayList<>();
            long firstId = lastForwardId + 1;
            for (int bytes = 0; waitingCount > 0 && bytes < FORWARD_BYTES && room > 0; room--) {
                Proposal proposal = waiting.removeFirst();
                if (proposal.done) {
                    continue;
                }
                unwait(proposal);
                bytes += proposal.body.length();
                commands.add(proposal.body);
                proposal.forwarded = true;
                proposal.forwardedNanos = member.nowNanos();
                forwarded.put(++lastForwardId, proposal);
            }
            member.send(leader, new PeerMessage.Forward(member.nonce(), firstId, term, commands));
        }
    }

    /** The leader that the applied log names, if it is the one that the protocol follows too; else null. */
    private @Nullable UUID establishedLeader(Ballot term) {
        UUID leader = member.replica().leader();
        dev.synod.paxos.Member named = member.replica().configuration().voterNumbered(term.member());
        if (leader == null || named == null || leader.equals(member.self())) {
            return null;
        }
        return named.uuid().equals(leader) ? leader : null;
    }

    // ---- back ---------------------------------------------------------------------------------------------

    /** The entry at {@code index} is applied; {@code applied} is null when it was no command. */
    void applied(long index, Ballot proposedAt, @Nullable Applied applied) {
        if (proposed.isEmpty() || proposed.firstKey() > index) {
            return;
        }
        List<Proposal> here = proposed.remove(index);
        if (here == null) {
            return;
        }
        for (Proposal proposal : here) {
            if (proposal.done) {
                continue;
            }
            if (applied != null && proposal.ballot.equals(proposedAt)) {
                reply(proposal, index, applied.revision(), applied.reply());
            } else if (proposal.kind.endsWithLeadership()) {
                fail(proposal, Failure.NO_LEADER, false);
            } else {
                again(List.of(proposal));
            }
        }
    }

    /**
     * Entries up to {@code index} came as a snapshot: nobody here knows what became of proposals among them.
     */
    void skippedTo(long index) {
        List<Proposal> skipped = new ArrayList<>();
        while (!proposed.isEmpty() && proposed.firstKey() <= index) {
            skipped.addAll(proposed.pollFirstEntry().getValue());
        }
        unanswered(skipped);
    }

    /** The established leader is another, or cannot be reached: what it was told will not be answered. */
    void leaderLost() {
        List<Proposal> lost = new ArrayList<>(forwarded.values());
        forwarded.clear();
        unanswered(lost);
    }

    /** Looks whether another leader was established. */
    void noteTerm() {
        if (!forwarded.isEmpty() && !member.state().term().equals(forwardTerm)) {
            leaderLost();
        }
        dirty |= waitingCount > 0;
    }

    /** Nobody will tell what became of these: what may be repeated is. */
    private void unanswered(List<Proposal> proposals) {
        List<Proposal> repeated = new ArrayList<>();
        for (Proposal proposal : proposals) {
            if (proposal.done) {
                continue;
            }
            if (proposal.kind == Kind.REPEATABLE || proposal.kind == Kind.OWN) {
                proposal.mayLive = true;
                repeated.add(proposal);
            } else {
                fail(proposal, Failure.NO_LEADER, true);
            }
        }
        again(repeated);
    }

    /** In front of what came later, in their own order. */
    private void again(List<Proposal> proposals) {
        for (Proposal proposal : proposals.reversed()) {
            proposal.ballot = Ballot.BOTTOM;
            proposal.forwarded = false;
            await(proposal, true);
        }
    }

    private void reply(Proposal proposal, long index, long revision, Reply reply) {
        finish(proposal);
        if (proposal.mayLive && reply instanceof Reply.Refused refused && saysNothingOfEarlier(refused)) {
            proposal.outcome.failed(Failure.SESSION_OVER, true);
        } else {
            proposal.outcome.replied(index, revision, reply);
        }
    }

    /** Whether a refusal of a repeat leaves open what the attempt before it did. */
    private static boolean saysNothingOfEarlier(Reply.Refused refused) {
        return switch (refused.reason()) {
            case SESSION_ENDED, SESSION_NOT_FOUND, REQUEST_ACKNOWLEDGED -> true;
            default -> false;
        };
    }

    private void fail(Proposal proposal, Failure reason, boolean maybeApplied) {
        boolean waits = !proposal.isOnItsWay();
        finish(proposal);
        if (waits) {
            unwait(proposal);
            waiting.remove(proposal);
        }
        proposal.outcome.failed(reason, maybeApplied);
    }

    private void finish(Proposal proposal) {
        proposal.done = true;
        if (proposal.deadline != null) {
            deadlines.remove(proposal.deadline);
        }
    }

    void failAll(Failure reason) {
        List<Proposal> all = new ArrayList<>(waiting);
        proposed.values().forEach(all::addAll);
        all.addAll(forwarded.values());
        for (Proposal proposal : all) {
            if (!proposal.done) {
                fail(proposal, reason, proposal.mayLive || proposal.isOnItsWay());
            }
        }
        proposed.clear();
        forwarded.clear();
    }

    // ---- from the leader ----------------------------------------------------------------------------------

    void onForwarded(PeerMessage.Forwarded message) {
        if (message.nonce() != member.nonce()) {
            return; // for a process with a copy of this volume
        }
        for (PeerMessage.Outcome outcome : message.outcomes()) {
            Proposal proposal = forwarded.remove(outcome.id());
            if (proposal != null && !proposal.done) {
                settle(proposal, outcome);
            }
        }
    }

    /** Whoever refused would refuse the next one as fast: two members could keep each other busy with it. */
    private void restForwarding() {
        forwardFromNanos = member.nowNanos() + member.options().paxos().heartbeatNanos() / 4;
    }

    private void settle(Proposal proposal, PeerMessage.Outcome outcome) {
        Failure failure = outcome.failure();
        if (failure == null) {
            Reply reply;
            try {
                reply = ReplyCodec.decode(outcome.reply());
            } catch (MalformedException e) {
                unanswered(List.of(proposal)); // of a later version
                return;
            }
            reply(proposal, outcome.index(), outcome.revision(), reply);
        } else if (outcome.maybeApplied()) {
            restForwarding();
            unanswered(List.of(proposal));
        } else if (failure == Failure.NO_LEADER || failure == Failure.BUSY) {
            restForwarding();
            again(List.of(proposal));
        } else {
            fail(proposal, failure, proposal.mayLive);
        }
    }
}
