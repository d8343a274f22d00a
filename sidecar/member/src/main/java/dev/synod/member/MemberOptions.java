package dev.synod.member;

import dev.synod.paxos.Options;

/**
 * Timing and limits of a member.
 *
 * @param paxos of the protocol
 * @param driftPerMille how far the rates of two members' clocks may be off from true time; default 10 (1 %)
 * @param marginNanos taken off what a session is guaranteed, for the time between looking and acting; default
 *     20 ms
 * @param renewalNanosMax longest time between two renewals of a session; a session of a short TTL is renewed
 *     eight times within it; default 1 s
 * @param snapshotEntries entries applied between two snapshots; default 10,000
 * @param snapshotBytes entry bytes applied between two snapshots; default 4 MiB
 * @param keepEntries entries kept in the log behind the snapshot, for members that are a little behind;
 *     default 5,000
 * @param digestEvery entries between two comparisons of digests; default 1,024
 * @param historyRevisions most revisions of values kept for watches and reads in the past; default 10,000
 * @param historyNanos how long they are kept at most, in the leader's time; default 5 min. A state half full
 *     is compacted sooner
 * @param waitingMax requests that may wait for the leader or for the window, and reads that may wait; default
 * 4,096
 * @param waitingBytesMax their commands' bytes; default 8 MiB
 * @param bookmarkNanos between two bookmarks of a silent watch; default 500 ms, so that a second never passes
 *     without one
 * @param silenceNanos after which a watch without a confirmed bookmark ends; default 3 s
 */
public record MemberOptions(
        Options paxos,
        int driftPerMille,
        long marginNanos,
        long renewalNanosMax,
        int snapshotEntries,
        long snapshotBytes,
        int keepEntries,
        int digestEvery,
        int historyRevisions,
        long historyNanos,
        int waitingMax,
        long waitingBytesMax,
        long bookmarkNanos,
        long silenceNanos) {
    private static final long MILLISECOND_NANOS = 1_000_000;
    private static final long SECOND_NANOS = 1_000 * MILLISECOND_NANOS;

    /** What the product runs with unless told otherwise. */
    public static final MemberOptions DEFAULT = of(Options.DEFAULT);

    /** The defaults with other timing of the protocol. */
    public static MemberOptions of(Options paxos) {
        return new MemberOptions(paxos, 10, 20 * MILLISECOND_NANOS, SECOND_NANOS, 10_000, 4 << 20, 5_000,
                1_024, 10_000, 300 * SECOND_NANOS, 4_096, 8 << 20, 500 * MILLISECOND_NANOS, 3 * SECOND_NANOS);
    }
}
