package dev.synod.storage;

import java.util.Locale;

/** Names of segments: sixteen digits and {@code .wal}. */
final class SegmentNames {
    private static final String SUFFIX = ".wal";
    private static final int DIGITS = 16;

    private SegmentNames() {}

    static String of(long sequence) {
        return String.format(Locale.ROOT, "%016d", sequence) + SUFFIX;
    }

    /** The sequence that a name stands for; 0 for any other name. */
    static long sequence(String name) {
        if (name.length() != DIGITS + SUFFIX.length() || !name.endsWith(SUFFIX)) {
            return 0;
        }
        long sequence = 0;
        for (int i = 0; i < DIGITS; i++) {
            int digit = name.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            sequence = 10 * sequence + digit;
        }
        return sequence;
    }
}
