package dev.synod.state;

import dev.synod.paxos.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * What a key was from one revision on.
 *
 * @param modRevision from when on
 * @param createRevision of the put that brought it into being; 0 when deleted
 * @param number how many puts since then; 0 when deleted
 * @param value null when deleted
 * @param session the session that it is bound to; 0 for none
 */
record Version(long modRevision, long createRevision, long number, @Nullable Bytes value, long session) {
    /** The key was deleted at {@code revision}. */
    static Version deletion(long revision) {
        return new Version(revision, 0, 0, null, 0);
    }

    boolean isDeletion() {
        return value == null;
    }

    /** The key with this value; null when deleted. */
    @Nullable
    KeyValue of(String key) {
        return value == null
                ? null
                : new KeyValue(key, value, createRevision, modRevision, number, session);
    }
}
