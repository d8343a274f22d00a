package dev.synod.state;

/** Something that a watch may want to hear. */
public sealed interface Event {
    /** A session came or went. */
    sealed interface OfSession extends Event {
        /** Its id. */
        long session();
    }

    /** A lock or its queue changed. */
    sealed interface OfLock extends Event {
        /** The lock. */
        String name();
    }

    /** An election changed. */
    sealed interface OfElection extends Event {
        /** The election. */
        String name();
    }

    /** A value changed. */
    sealed interface OfValue extends Event {
        /** The key. */
        String key();

        /** When: all changes of one commit have the same revision. */
        long revision();
    }

    /**
     * A session was opened or attached to.
     *
     * @param session its id
     * @param attachGeneration from now on
     * @param ttlMillis as granted
     */
    record SessionAttached(long session, long attachGeneration, int ttlMillis) implements OfSession {}

    /**
     * A session ended; what it owned follows as events of its own.
     *
     * @param session its id
     * @param cause closed or expired
     */
    record SessionEnded(long session, Cause cause) implements OfSession {}

    /**
     * Somebody queues for a lock.
     *
     * @param name of the lock
     * @param waiter who
     */
    record LockQueued(String name, Waiter waiter) implements OfLock {}

    /**
     * A lock was granted.
     *
     * @param name of the lock
     * @param holder to whom
     */
    record LockGranted(String name, Holder holder) implements OfLock {}

    /**
     * Somebody no longer holds or waits for a lock.
     *
     * @param name of the lock
     * @param claimant who
     * @param token of the grant that is over; 0 for who only waited
     * @param cause why
     * @param reason given by who broke it; otherwise empty
     */
    record LockLeft(String name, Claimant claimant, long token, Cause cause, String reason)
            implements OfLock {}

    /**
     * Somebody queues to lead.
     *
     * @param name of the election
     * @param candidate who
     */
    record CandidateQueued(String name, Candidate candidate) implements OfElection {}

    /**
     * A leader was elected.
     *
     * @param name of the election
     * @param leader who, and what it proclaims
     */
    record LeaderElected(String name, Leader leader) implements OfElection {}

    /**
     * The leader proclaims something else.
     *
     * @param name of the election
     * @param leader who, and what it proclaims now
     */
    record LeaderProclaimed(String name, Leader leader) implements OfElection {}

    /**
     * Somebody no longer leads, or stands.
     *
     * @param name of the election
     * @param claimant who
     * @param token of the grant that is over; 0 for who only stood
     * @param cause why
     */
    record ElectionLeft(String name, Claimant claimant, long token, Cause cause) implements OfElection {}

    /**
     * A value was set.
     *
     * @param value the key as it is from now on
     */
    record ValuePut(KeyValue value) implements OfValue {
        @Override
        public String key() {
            return value.key();
        }

        @Override
        public long revision() {
            return value.modRevision();
        }
    }

    /**
     * A key was deleted.
     *
     * @param key the key
     * @param revision when
     */
    record ValueDeleted(String key, long revision) implements OfValue {}
}
