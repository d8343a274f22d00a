package dev.synod.storage;

import dev.synod.paxos.SnapshotRef;
import java.util.Locale;

/**
 * Names of snapshots: the index in twenty digits, the first eight bytes of the digest, and {@code .snapshot}.
 */
final class SnapshotNames {
    static final String WRITING = "snapshot.writing";

    private static final String SUFFIX = ".snapshot";
    private static final int DIGITS = 20;
    private static final int DIGEST_BYTES = 8;
    private static final int LENGTH = DIGITS + 1 + 2 * DIGEST_BYTES + SUFFIX.length();

    private SnapshotNames() {}

    static String of(SnapshotRef ref) {
        long digest = 0;
        for (int i = 0; i < DIGEST_BYTES; i++) {
            digest = digest << 8 | (ref.digest().at(i) & 0xFF);
        }
        return String.format(Locale.ROOT, "%020d-%016x", ref.index(), digest) + SUFFIX;
    }

    /** Whether this is the name of a complete snapshot. Such names sort by their index. */
    static boolean isSnapshot(String name) {
        return name.length() == LENGTH && name.endsWith(SUFFIX);
    }
}
