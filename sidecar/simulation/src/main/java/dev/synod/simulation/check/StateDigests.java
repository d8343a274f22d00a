package dev.synod.simulation.check;

import java.util.Arrays;

/**
 * The digest of the state machine at each index, as the first to get there reported it: all others must agree
 * (I8).
 */
final class StateDigests {
    private long[] digests = new long[1_024];
    private long[] known = new long[16];

    /** Whether anybody reported a digest at {@code index}. */
    boolean isKnown(long index) {
        int at = Math.toIntExact(index);
        return at < digests.length && (known[at >>> 6] & 1L << (at & 63)) != 0;
    }

    /** What was reported; 0 when nothing was. */
    long at(long index) {
        return isKnown(index) ? digests[Math.toIntExact(index)] : 0;
    }

    void note(String who, long index, long digest) {
        int at = Math.toIntExact(index);
        if (at >= digests.length) {
            int length = Math.max(at + 1, 2 * digests.length);
            digests = Arrays.copyOf(digests, length);
            known = Arrays.copyOf(known, (length + 63) >>> 6);
        }
        long bit = 1L << (at & 63);
        if ((known[at >>> 6] & bit) == 0) {
            known[at >>> 6] |= bit;
            digests[at] = digest;
        } else if (digests[at] != digest) {
            throw new Violation("I8",
                    who + " applied up to " + index + " and has state " + Long.toHexString(digest)
                            + ", another had " + Long.toHexString(digests[at]));
        }
    }
}
