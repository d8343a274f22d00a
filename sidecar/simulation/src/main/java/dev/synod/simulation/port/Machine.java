package dev.synod.simulation.port;

import dev.synod.paxos.SeededRandom;
import dev.synod.storage.Disk;
import java.util.UUID;

/**
 * What a {@link Program} may use of the machine it runs on. An instance belongs to one run of the process;
 * after that run ended every call throws. A crash may strike in any call, by a throwable that the program
 * must not catch.
 */
public interface Machine {
    /** The machine's monotonic clock: its rate may be off, and it may jump forward. */
    long nowNanos();

    /** The machine's volume. */
    Disk disk();

    /**
     * Sends a frame, with no promise that it arrives. Frames to one receiver on one connection stay in order
     * unless the run's knobs say otherwise.
     *
     * @param frame not to be changed any more
     * @param bulk on the connection for snapshots, which has an order of its own
     */
    void send(UUID to, byte[] frame, boolean bulk);

    /**
     * Asks for {@link Program#wake} at this time of {@link #nowNanos}; replaces the time asked for before.
     */
    void wakeAt(long localNanos);

    /**
     * Runs {@code work} on the disk's thread: in the order given, each after a delay that the disk
     * determines.
     */
    void onDiskThread(DiskWork kind, Runnable work);

    /** Answers a client's request. */
    void reply(long client, long request, byte[] body);

    /** Answers the operator's command {@code id}. */
    void answer(long id, AdminOutcome outcome);

    /** Randomness of this process. */
    SeededRandom random();

    /**
     * Ends the process at once, by its own decision: an error of the disk, say. It is started again later.
     * Never returns.
     */
    void halt(String why);

    /**
     * Whether to do the unlikely but allowed thing at the place named {@code id} (FoundationDB's BUGGIFY): a
     * place is on in a quarter of the runs, and then fires a quarter of the time. Each place must fire in
     * some run of a batch.
     */
    boolean buggify(String id);

    /** Counts that {@code effect} was carried out, for the table of what a batch of runs exercised. */
    void count(String effect);
}
