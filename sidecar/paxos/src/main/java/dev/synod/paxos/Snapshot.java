package dev.synod.paxos;

/**
 * A complete, verified snapshot on this member's volume.
 *
 * @param ref its content
 * @param configuration the configuration after entry {@code ref.index()}
 * @param seal of that configuration's epoch
 */
public record Snapshot(SnapshotRef ref, Configuration configuration, Seal seal) {
    /** The last entry whose effect it holds. */
    public long index() {
        return ref.index();
    }
}
