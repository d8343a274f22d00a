package dev.synod.state;

import dev.synod.paxos.Bytes;

/**
 * A key and its value at some revision.
 *
 * @param key a name
 * @param value its bytes
 * @param createRevision of the put that brought the key (back) into being
 * @param modRevision of the put of this value
 * @param version how many puts since {@code createRevision}, that one included
 * @param session the session whose end deletes the key; 0 for none
 */
public record KeyValue(
        String key, Bytes value, long createRevision, long modRevision, long version, long session) {}
