package dev.synod.simulation.port;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is true in a run's world, for oracles; no member can know it. */
public interface WorldFacts {
    /** Seed of the run. */
    long seed();

    /** Knobs of the run. */
    Knobs knobs();

    /** True time since the run began. */
    long nowNanos();

    /** How many events have happened. */
    long step();

    /** Identity of the cluster. */
    UUID cluster();

    /** Number of machines that ever existed; their indexes are {@code 0..machines()-1}. */
    int machines();

    /** The process now running on the machine; null when there is none. */
    @Nullable
    ProgramView running(int machine);

    /** Identity of the machine's volume as the operator gave it; null when it never had one. */
    @Nullable
    UUID identity(int machine);

    /**
     * Whether something made this volume forget or misremember what was durable: bit rot, a misdirected
     * write, a wipe, an old or foreign image. Such a member may go FAULTY, and only such a one, or one whose
     * identity another process took over.
     */
    boolean damaged(int machine);

    /** Whether another process took this machine's identity while this one lives on. */
    boolean superseded(int machine);

    /** What the machine's monotonic clock shows now, whether or not a process runs there. */
    long localNanos(int machine);

    /** Counts something that an oracle saw, for the table of what a batch of runs exercised. */
    void count(String effect);
}
