package dev.synod.state;

import dev.synod.paxos.Bytes;

/** One step of a commit. Each sees what those before it in the same commit did. */
public sealed interface Operation {
    /**
     * Sets a value.
     *
     * @param key the key
     * @param value its new value
     * @param session binds the key to a session, whose end deletes it; 0 unbinds it
     */
    record Put(String key, Bytes value, long session) implements Operation {
        /** A value bound to no session. */
        public Put(String key, Bytes value) {
            this(key, value, 0);
        }
    }

    /**
     * Deletes every key in a range.
     *
     * @param range which keys
     */
    record Delete(KeyRange range) implements Operation {}

    /**
     * Reads a range.
     *
     * @param range which keys
     * @param limit how many keys at most; 0 for as many as fit {@link Limits#RANGE_BYTES_MAX}
     * @param keysOnly whether values stay away
     */
    record Range(KeyRange range, int limit, boolean keysOnly) implements Operation {}
}
