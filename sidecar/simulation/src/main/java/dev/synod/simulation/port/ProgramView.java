package dev.synod.simulation.port;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Configuration;
import dev.synod.paxos.Entry;
import dev.synod.paxos.Role;
import dev.synod.paxos.Seal;
import dev.synod.storage.VolumeState;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The state of a process as oracles and reports see it: plain values, read only, nothing computed that costs.
 * The values hold until the program's next call. While the volume is empty all is zero, bottom or null.
 */
public interface ProgramView {
    /** State of the volume as recovered or changed since. */
    VolumeState volume();

    /** Identity of the cluster. */
    @Nullable
    UUID cluster();

    /** Identity of the volume. */
    @Nullable
    UUID member();

    /** Start counter of this run. */
    long incarnation();

    /** Drawn for this run. */
    long nonce();

    /** What the member is doing; {@link Role#OBSERVER} while the volume is empty. */
    Role role();

    /** Why the member is {@link Role#FAULTY}; else null. */
    @Nullable
    String fault();

    /** The epoch it is in. */
    int epoch();

    /** Highest ballot promised. */
    Ballot promised();

    /** Ballot of the log. */
    Ballot accepted();

    /** The log holds entries above this. */
    long base();

    /** Index of the last entry, or the base. */
    long last();

    /** Known decided. */
    long decided();

    /** Applied to the state machine. */
    long applied();

    /** The entry at {@code index}, for {@code base() < index <= last()}. */
    Entry entry(long index);

    /** Who leads, as far as it knows. */
    @Nullable
    UUID leader();

    /** The configuration after {@link #decided()}. */
    Configuration configuration();

    /** Where the epoch before ended. */
    Seal seal();

    /** Whether the first entry of {@link #epoch()} is known decided. */
    boolean established();

    /** The next epoch's configuration while its StopSign stands undecided in the log; else null. */
    @Nullable
    Configuration proposedConfiguration();

    /** Digest of the state machine at {@link #applied()}; equal states have equal digests. */
    long stateDigest();

    /** Highest promise that is durable. */
    Ballot durablePromised();

    /** Ballot of the log as far as it is durable. */
    Ballot durableAccepted();

    /** Last index of the log as far as it is durable. */
    long durableLast();

    /**
     * Whether damage to anything durable on the volume could be told from a write torn by a crash. While it
     * could not, the world spares the volume.
     */
    default boolean sealed() {
        return false;
    }

    /** How many bounded queues the process has. */
    int queues();

    /** Name of one. */
    String queueName(int queue);

    /** How much it holds. */
    long queueSize(int queue);

    /** How much it may hold (I18). */
    long queueSizeMax(int queue);
}
