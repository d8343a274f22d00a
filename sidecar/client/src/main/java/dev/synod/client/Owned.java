package dev.synod.client;

/** Something that a session owns, or queues for. Called on the loop. */
interface Owned {
    /** Whether it is of a lock or an election, and whose. */
    record Key(boolean election, String name, String owner) {}

    /** The session stands differently. */
    void sessionStands(SessionState state);

    /** The session is attached again after its stream broke: a loss may have been missed. */
    void reattached();

    /** The session has ended; final. */
    void sessionEnded(Loss loss);

    /** The session lives, and no longer has it. */
    void lost(long token, Loss loss);
}
