package dev.synod.paxos;

/**
 * A seeded generator whose draws are the same on every JDK: xoshiro256** (Blackman and Vigna, 2018), seeded
 * through SplitMix64. Not safe for threads, and not for secrets.
 */
public final class SeededRandom {
    private long s0;
    private long s1;
    private long s2;
    private long s3;

    /** A generator that draws the same sequence for the same seed. */
    public SeededRandom(long seed) {
        long state = seed;
        s0 = mix(state += GOLDEN_GAMMA);
        s1 = mix(state += GOLDEN_GAMMA);
        s2 = mix(state += GOLDEN_GAMMA);
        s3 = mix(state + GOLDEN_GAMMA);
    }

    private SeededRandom(SeededRandom other) {
        s0 = other.s0;
        s1 = other.s1;
        s2 = other.s2;
        s3 = other.s3;
    }

    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    /** A good 64-bit mix of {@code value}: SplitMix64's finalizer. */
    public static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** An independent generator named by {@code name}, without drawing from this one. */
    public SeededRandom child(String name) {
        long hash = 0xCBF29CE484222325L;
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * 0x100000001B3L;
        }
        return new SeededRandom(mix(s0 ^ Long.rotateLeft(s2, 17)) ^ mix(hash));
    }

    /** A generator in the same state as this one. */
    public SeededRandom copy() {
        return new SeededRandom(this);
    }

    /** 64 random bits. */
    public long nextLong() {
        long result = Long.rotateLeft(s1 * 5, 7) * 9;
        long t = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= t;
        s3 = Long.rotateLeft(s3, 45);
        return result;
    }

    /** A number in [0, bound), for {@code bound >= 1}. */
    public int below(int bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException("bound " + bound + " is below 1");
        }
        return (int) (((nextLong() >>> 32) * bound) >>> 32);
    }

    /** A number in [0, bound), for {@code bound >= 1}. */
    public long below(long bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException("bound " + bound + " is below 1");
        }
        return Math.unsignedMultiplyHigh(nextLong(), bound);
    }

    /** A number in [low, high], both included. */
    public long between(long low, long high) {
        return low + below(high - low + 1);
    }

    /** A number in [0, 1). */
    public double unit() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }

    /** True with probability {@code probability}. */
    public boolean chance(double probability) {
        return probability > 0 && unit() < probability;
    }
}
