package dev.synod.paxos;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a volume holds when a member starts: the argument of {@link Replica}.
 *
 * @param cluster identity of the cluster
 * @param member identity of this volume
 * @param incarnation start counter, already raised and durable for this run
 * @param nonce drawn at random for this run
 * @param activated whether the member may vote
 * @param promised highest ballot promised
 * @param accepted ballot of the whole log
 * @param seal where the epoch before this one ended
 * @param configuration the configuration after entry {@code configurationIndex}
 * @param configurationIndex the newest of: start of the epoch, snapshot, 0; never above {@code decided}
 * @param snapshot newest complete snapshot, or null
 * @param base the log holds entries above this index
 * @param log entries {@code base+1..}, contiguous
 * @param decided known decided; at least the snapshot's index and the seal's, at most the last entry
 * @param staged a snapshot whose transfer was cut off, or null
 * @param fault why the member must be silent, or null when the volume is sound
 */
public record Recovered(
        UUID cluster,
        UUID member,
        long incarnation,
        long nonce,
        boolean activated,
        Ballot promised,
        Ballot accepted,
        Seal seal,
        Configuration configuration,
        long configurationIndex,
        @Nullable Snapshot snapshot,
        long base,
        List<Entry> log,
        long decided,
        @Nullable Staged staged,
        @Nullable String fault) {

    /**
     * A snapshot received in part.
     *
     * @param ref the snapshot
     * @param receivedBytes how many of its bytes are on the volume, from offset 0
     */
    public record Staged(SnapshotRef ref, long receivedBytes) {}

    /** Index of the last entry of the log, or {@code base} when it holds none. */
    public long last() {
        return base + log.size();
    }
}
