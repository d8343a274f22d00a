package dev.synod.node.agent;

import dev.synod.coordination.v1.SessionState;
import java.util.ArrayDeque;

/**
 * How long a session is guaranteed, counted by this process from when it sent the heartbeats that a member
 * answered; so it can be told while no member can be reached.
 */
final class Guarantee {
    private static final int OUTSTANDING_MAX = 64;
    /** Heartbeats without an answer after which the application begins nothing new. */
    private static final int MISSED_MAX = 3;

    private record Sent(long sequence, long nanos) {}

    private final ArrayDeque<Sent> outstanding = new ArrayDeque<>();
    private long heartbeatNanos;
    private long untilNanos;
    private long acknowledgedNanos;
    private SessionState told = SessionState.SESSION_STATE_JEOPARDY;

    /** Nothing is guaranteed before the first answer. */
    Guarantee(long nowNanos) {
        untilNanos = nowNanos;
        acknowledgedNanos = nowNanos;
    }

    /** How often heartbeats are sent. */
    void every(long nanos) {
        heartbeatNanos = nanos;
    }

    /** A heartbeat leaves; sequences rise, also over streams. */
    void sent(long sequence, long nowNanos) {
        if (outstanding.size() == OUTSTANDING_MAX) {
            outstanding.remove();
        }
        outstanding.add(new Sent(sequence, nowNanos));
    }

    /** A member answered a heartbeat: what it guarantees counts from when that was sent. */
    void answered(long sequence, SessionState state, long forNanos) {
        while (!outstanding.isEmpty() && outstanding.element().sequence < sequence) {
            outstanding.remove();
        }
        if (outstanding.isEmpty() || outstanding.element().sequence != sequence) {
            return;
        }
        Sent sent = outstanding.remove();
        acknowledgedNanos = sent.nanos;
        told = state;
        if (isGuaranteed(state)) {
            untilNanos = Math.max(untilNanos, sent.nanos + forNanos);
        } else {
            untilNanos = Math.min(untilNanos, sent.nanos);
        }
    }

    /**
     * A member said unasked how the session stands: that shortens what is guaranteed, and never extends it.
     */
    void told(SessionState state, long forNanos, long nowNanos) {
        told = state;
        untilNanos = Math.min(untilNanos, nowNanos + (isGuaranteed(state) ? forNanos : 0));
    }

    private static boolean isGuaranteed(SessionState state) {
        return state == SessionState.SESSION_STATE_ACTIVE || state == SessionState.SESSION_STATE_SUSPENDED;
    }

    SessionState state(long nowNanos) {
        if (leftNanos(nowNanos) <= 0) {
            return SessionState.SESSION_STATE_JEOPARDY;
        }
        boolean quiet = nowNanos - acknowledgedNanos > MISSED_MAX * heartbeatNanos;
        return quiet || told != SessionState.SESSION_STATE_ACTIVE
                ? SessionState.SESSION_STATE_SUSPENDED
                : SessionState.SESSION_STATE_ACTIVE;
    }

    /** What is left; 0 for nothing. */
    long leftNanos(long nowNanos) {
        return Math.max(0, untilNanos - nowNanos);
    }
}
