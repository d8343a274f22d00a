package dev.synod.client;

import java.util.concurrent.TimeUnit;

/**
 * How long a session is guaranteed, and how it stands. The sidecar says how long, measured when it answers;
 * this side counts that from when it <em>sent</em> what is answered, so the time under way is never in it
 * twice, and a process that was paused finds its guarantee over by its own clock, whatever it reads next.
 *
 * <p>A margin is taken off, so that who is told of the end is told before it.
 */
final class Liveness {
    private static final long MARGIN_NANOS_MIN = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long MARGIN_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long HEARTBEAT_NANOS_MAX = TimeUnit.SECONDS.toNanos(1);
    private static final int SILENT_HEARTBEATS = 2;

    private final long ttlNanos;
    /** What is held is guaranteed before this; meaningless until something was acknowledged. */
    private long deadlineNanos;
    /** When the newest heartbeat that was answered was sent. */
    private long ackedSentNanos;
    /** Answers to what was sent before this say nothing: the clocks disagreed since. */
    private long trustedFromNanos;
    private boolean connected;
    private boolean toldSuspended;
    private SessionState state = SessionState.JEOPARDY;

    Liveness(long ttlNanos, long nowNanos) {
        this.ttlNanos = ttlNanos;
        deadlineNanos = nowNanos;
        ackedSentNanos = nowNanos;
        trustedFromNanos = nowNanos;
    }

    /** Time between two heartbeats. */
    long heartbeatNanos() {
        return Math.min(ttlNanos / 10, HEARTBEAT_NANOS_MAX);
    }

    /** What is taken off every guarantee: a twentieth of the TTL, 50 to 500 ms. */
    long marginNanos() {
        return Math.max(MARGIN_NANOS_MIN, Math.min(ttlNanos / 20, MARGIN_NANOS_MAX));
    }

    SessionState state() {
        return state;
    }

    /** What is held is guaranteed before this, in the clock that is handed in. */
    long deadlineNanos() {
        return deadlineNanos;
    }

    /** The sidecar answered what was sent at {@code sentNanos}. */
    void answered(long sentNanos, SessionState told, long guaranteedNanos, long nowNanos) {
        tick(nowNanos);
        if (state == SessionState.EXPIRED) {
            return;
        }
        if (told == SessionState.EXPIRED) {
            expire(nowNanos);
            return;
        }
        connected = true;
        toldSuspended = told == SessionState.SUSPENDED;
        if (sentNanos - trustedFromNanos < 0) {
            return;
        }
        ackedSentNanos = later(ackedSentNanos, sentNanos);
        if (told == SessionState.JEOPARDY) {
            shorten(nowNanos);
        } else {
            // An answer can only tell less than there is, so the latest bound of all is good.
            deadlineNanos = later(deadlineNanos, sentNanos + guaranteedNanos - marginNanos());
        }
        evaluate(nowNanos);
    }

    /** The sidecar said something unasked; how old that is is not known, so it can only shorten. */
    void told(SessionState told, long guaranteedNanos, long nowNanos) {
        tick(nowNanos);
        if (state == SessionState.EXPIRED) {
            return;
        }
        if (told == SessionState.EXPIRED) {
            expire(nowNanos);
            return;
        }
        toldSuspended = told == SessionState.SUSPENDED;
        shorten(told == SessionState.JEOPARDY ? nowNanos : nowNanos + guaranteedNanos - marginNanos());
        evaluate(nowNanos);
    }

    /**
     * This side closed the stream: a sidecar that learns it takes the application for gone, and ends the
     * session once the grace is over.
     */
    void left(long nowNanos, long graceNanos) {
        shorten(nowNanos + graceNanos - marginNanos());
    }

    /** The stream to the sidecar broke. */
    void broken(long nowNanos) {
        connected = false;
        evaluate(nowNanos);
    }

    /** The monotonic clock stood still while the machine did not: nothing before now counts any more. */
    void clocksDisagree(long nowNanos) {
        trustedFromNanos = nowNanos;
        shorten(nowNanos);
        evaluate(nowNanos);
    }

    void expire(long nowNanos) {
        shorten(nowNanos);
        state = SessionState.EXPIRED;
    }

    /** Time passed. */
    void tick(long nowNanos) {
        evaluate(nowNanos);
    }

    /** When {@link #tick} will find something, unless something else comes first. */
    long nextChangeNanos(long nowNanos) {
        long silence = ackedSentNanos + SILENT_HEARTBEATS * heartbeatNanos() + 1;
        return switch (state) {
            case ACTIVE -> silence - deadlineNanos < 0 ? silence : deadlineNanos;
            case SUSPENDED -> deadlineNanos;
            case JEOPARDY, EXPIRED -> nowNanos + heartbeatNanos();
        };
    }

    private void shorten(long untilNanos) {
        if (untilNanos - deadlineNanos < 0) {
            deadlineNanos = untilNanos;
        }
    }

    private void evaluate(long nowNanos) {
        if (state == SessionState.EXPIRED) {
            return;
        }
        boolean silent = nowNanos - ackedSentNanos > SILENT_HEARTBEATS * heartbeatNanos();
        if (nowNanos - deadlineNanos >= 0) {
            state = SessionState.JEOPARDY;
        } else if (!connected || toldSuspended || silent) {
            state = SessionState.SUSPENDED;
        } else {
            state = SessionState.ACTIVE;
        }
    }

    private static long later(long a, long b) {
        return a - b >= 0 ? a : b;
    }
}
