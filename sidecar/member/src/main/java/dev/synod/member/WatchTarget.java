package dev.synod.member;

import dev.synod.state.KeyRange;

/** What a watch hears of. */
public sealed interface WatchTarget {
    /**
     * Changes of values.
     *
     * @param range of keys
     * @param from the first revision to be told, which may lie ahead; 0 for what changes from now on
     */
    record Values(KeyRange range, long from) implements WatchTarget {}

    /**
     * Changes of a lock and its queue, from its state now on.
     *
     * @param name of the lock
     */
    record OfLock(String name) implements WatchTarget {}

    /**
     * Changes of an election, from its state now on.
     *
     * @param name of the election
     */
    record OfElection(String name) implements WatchTarget {}
}
