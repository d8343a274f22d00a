package dev.synod.simulation.walk;

/**
 * The states that a walk has visited: 62 bits of fingerprint and two of the depth at which it was met, 8
 * bytes a state, in open-addressed arrays at a load of at most two thirds. Safe for threads: each part has
 * its own lock and grows by itself.
 *
 * <p>Two states with equal fingerprints would be taken for one: among 10⁸ states with a probability of 1 in
 * 900.
 */
final class FingerprintSet {
    private static final int PART_BITS = 8;
    private static final int INITIAL = 1 << 8;
    private static final long DEPTH_MASK = 3;

    private static final class Part {
        long[] entries = new long[INITIAL];
        int size;
    }

    private final Part[] parts = new Part[1 << PART_BITS];

    FingerprintSet() {
        for (int i = 0; i < parts.length; i++) {
            parts[i] = new Part();
        }
    }

    private Part part(long fingerprint) {
        return parts[(int) (fingerprint >>> Long.SIZE - PART_BITS)];
    }

    private static long bits(long fingerprint) {
        long bits = fingerprint & ~DEPTH_MASK;
        return bits == 0 ? DEPTH_MASK + 1 : bits;
    }

    private static int slot(long[] entries, long bits) {
        int mask = entries.length - 1;
        int slot = (int) (bits >>> 2) & mask;
        while (entries[slot] != 0 && (entries[slot] & ~DEPTH_MASK) != bits) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    /** Whether the fingerprint is new, or was met deeper. */
    boolean add(long fingerprint, int depth) {
        long bits = bits(fingerprint);
        Part part = part(fingerprint);
        synchronized (part) {
            int slot = slot(part.entries, bits);
            if (part.entries[slot] != 0) {
                return false;
            }
            part.entries[slot] = bits | (depth & DEPTH_MASK);
            if (++part.size * 3L > part.entries.length * 2L) {
                grow(part);
            }
            return true;
        }
    }

    /**
     * Whether the fingerprint was met above {@code depth}. What was met at {@code depth}, and at every fourth
     * before it, is not told, so that the answer does not depend on the order within a depth.
     */
    boolean metBefore(long fingerprint, int depth) {
        Part part = part(fingerprint);
        synchronized (part) {
            long entry = part.entries[slot(part.entries, bits(fingerprint))];
            return entry != 0 && (entry & DEPTH_MASK) != (depth & DEPTH_MASK);
        }
    }

    private static void grow(Part part) {
        long[] larger = new long[part.entries.length * 2];
        for (long entry : part.entries) {
            if (entry != 0) {
                larger[slot(larger, entry & ~DEPTH_MASK)] = entry;
            }
        }
        part.entries = larger;
    }
}
