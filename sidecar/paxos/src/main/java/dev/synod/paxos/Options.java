package dev.synod.paxos;

/**
 * Timing and limits of a member. Every queue of the core has a bound here (I18).
 *
 * @param heartbeatNanos between heartbeats of a leader; default 100 ms
 * @param electionTimeoutNanos silence after which a voter may probe, and without which a leader steps down;
 *     default 1 s. 0 switches timers and stickiness off, for exhaustive walks
 * @param windowEntries entries that may be proposed and undecided, and in flight to one peer; default 256
 * @param windowBytes the same in bytes; default 4 MiB
 * @param frameBytesMax most entry bytes in one peer frame; default 1 MiB
 * @param chunkBytes bytes of a snapshot in one chunk; default 256 KiB
 * @param readsMax reads waiting for a confirmation; default 4,096
 */
public record Options(
        long heartbeatNanos,
        long electionTimeoutNanos,
        int windowEntries,
        int windowBytes,
        int frameBytesMax,
        int chunkBytes,
        int readsMax) {
    private static final long MILLISECOND_NANOS = 1_000_000;

    /** What the product runs with unless told otherwise. */
    public static final Options DEFAULT =
            new Options(100 * MILLISECOND_NANOS, 1_000 * MILLISECOND_NANOS, 256, 4 << 20, 1 << 20, 256 << 10,
                    4_096);

    /** Checks the bounds. */
    public Options {
        if (heartbeatNanos < 1 || electionTimeoutNanos < 0) {
            throw new IllegalArgumentException("heartbeat " + heartbeatNanos + " ns and election timeout "
                    + electionTimeoutNanos + " ns: the first must be positive, the second not negative");
        }
        if (electionTimeoutNanos > 0 && electionTimeoutNanos < 2 * heartbeatNanos) {
            throw new IllegalArgumentException("election timeout " + electionTimeoutNanos
                    + " ns must be at least twice the heartbeat of " + heartbeatNanos + " ns");
        }
        if (windowEntries < 1 || windowBytes < 1 || frameBytesMax < 1 || chunkBytes < 1 || readsMax < 1) {
            throw new IllegalArgumentException("windows, frame, chunk and read limits must be at least 1");
        }
    }

    /** Whether nothing happens by time alone: neither timers nor stickiness nor limits to asking again. */
    public boolean timersOff() {
        return electionTimeoutNanos == 0;
    }
}
