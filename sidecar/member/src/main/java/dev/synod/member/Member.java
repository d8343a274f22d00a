package dev.synod.member;

import dev.synod.paxos.Defects;
import dev.synod.paxos.Recovered;
import dev.synod.paxos.Replica;
import dev.synod.paxos.SeededRandom;
import dev.synod.state.StateMachine;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One member of a cluster as a pure state machine: {@link Replica} and {@link StateMachine}, and all that is
 * decided between them. {@code docs/member.md} has the rules.
 *
 * <p>The caller owns time, disk and network. It hands in {@link MemberEvent}s, all that came up since the
 * last step in one list, and carries out the {@link MemberEffects} of each step before the next; see there
 * for its duties. Not safe for threads.
 *
 * <p>Whatever a peer or a client sends, {@link #step} does not throw and corrupts nothing. It throws {@link
 * dev.synod.paxos.InvariantViolation} when it finds its own state broken; the process must then stop.
 */
public final class Member {
    /**
     * A member at the start of its process.
     *
     * @param recovered what its volume holds
     * @param restored the state in {@code recovered.snapshot()}; null when there is no snapshot
     * @param options timing and limits
     * @param random draws timeouts and numbers; belongs to this member alone
     * @param defects planted bugs; {@link Defects#NONE} in production
     * @param nowNanos monotonic time
     */
    public Member(Recovered recovered, @Nullable StateMachine restored, MemberOptions options,
            SeededRandom random, Defects defects, long nowNanos) {
        throw new UnsupportedOperationException();
    }

    /**
     * Takes all that happened since the last step.
     *
     * @param nowNanos monotonic time, never less than in the step before
     * @param events what happened, in order
     * @param out cleared by the caller; what the world is asked to do
     * @throws dev.synod.paxos.InvariantViolation when this member's own state is broken
     */
    public void step(long nowNanos, List<MemberEvent> events, MemberEffects out) {
        throw new UnsupportedOperationException();
    }

    /** When {@link MemberEvent.Tick} is due, in the clock of {@code step}; {@link Long#MAX_VALUE} for never. */
    public long nextDeadlineNanos() {
        throw new UnsupportedOperationException();
    }

    /** The state as far as this member has applied it; to be read only, between steps. */
    public StateMachine state() {
        throw new UnsupportedOperationException();
    }

    /** The protocol's side, for status and metrics; to be read only, between steps. */
    public Replica replica() {
        throw new UnsupportedOperationException();
    }

    /** Why this member is FAULTY; null while it is not. */
    public @Nullable String fault() {
        throw new UnsupportedOperationException();
    }

    /** Whether it knows a leader and has applied all that it knows decided: fit to serve. */
    public boolean ready() {
        throw new UnsupportedOperationException();
    }

    /** How the session stands that is attached here; null when it is not. */
    public @Nullable SessionStatus sessionStatus(long session) {
        throw new UnsupportedOperationException();
    }

    /** How much longer the session's holdings are guaranteed at {@code nowNanos}; 0 or less for no longer. */
    public long guaranteedForNanos(long session, long nowNanos) {
        throw new UnsupportedOperationException();
    }

    /** Requests that wait for the leader, for the window or for an outcome. */
    public int requestsWaiting() {
        throw new UnsupportedOperationException();
    }

    /** Sessions attached here. */
    public int sessionsAttached() {
        throw new UnsupportedOperationException();
    }

    /** Watches open here. */
    public int watches() {
        throw new UnsupportedOperationException();
    }

    /** The leader as far as this member knows; itself when it leads. */
    public @Nullable UUID leader() {
        throw new UnsupportedOperationException();
    }
}
