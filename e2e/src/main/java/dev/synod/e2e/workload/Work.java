package dev.synod.e2e.workload;

import dev.synod.client.Coordination;

/** What one thread of the workload does over and over. */
interface Work {
    /** A session began. */
    default void begin(Coordination coordination) {}

    /**
     * Does it once.
     *
     * @return how long to wait before the next time, in milliseconds
     */
    long once(Coordination coordination) throws InterruptedException;
}
