package dev.synod.paxos;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A member's volume in memory: what survives a crash. Batches reach it whole, snapshots are byte arrays, and
 * recovery is the fold that {@link DurableState} defines.
 */
final class ToyVolume {
    private final Configuration initial;
    private final boolean activated;
    private final List<WalRecord> journal = new ArrayList<>();
    private final Map<SnapshotRef, byte[]> snapshots = new LinkedHashMap<>();
    private DurableState state;
    private long incarnation;
    private @Nullable SnapshotRef receiving;
    private byte[] received = new byte[0];

    /** A freshly formatted volume. */
    ToyVolume(Configuration initial, boolean activated) {
        this.initial = initial;
        this.activated = activated;
        state = new DurableState(initial, activated);
    }

    /** The same bytes on another volume: a backup, or a fork of a running member's. */
    ToyVolume copy() {
        ToyVolume copy = new ToyVolume(initial, activated);
        copy.write(journal);
        copy.snapshots.putAll(snapshots);
        copy.incarnation = incarnation;
        copy.receiving = receiving;
        copy.received = received.clone();
        return copy;
    }

    /** One batch. */
    void write(List<WalRecord> records) {
        journal.addAll(records);
        for (WalRecord record : records) {
            state.apply(record);
        }
    }

    /** What is durable. */
    DurableState state() {
        return state;
    }

    /** Starts a process: the incarnation is raised before anything else. */
    Recovered recover(UUID cluster, UUID member, long nonce) {
        incarnation++;
        state = new DurableState(initial, activated);
        for (WalRecord record : journal) {
            state.apply(record);
        }
        SnapshotRef part = receiving;
        return new Recovered(
                cluster,
                member,
                incarnation,
                nonce,
                state.activated(),
                state.promised(),
                state.accepted(),
                state.seal(),
                state.configuration(),
                state.configurationIndex(),
                state.snapshot(),
                state.base(),
                List.copyOf(state.log()),
                Math.min(state.decided(), state.last()),
                part == null ? null : new Recovered.Staged(part, received.length),
                null);
    }

    // ---- snapshots ------------------------------------------------------------------------------------

    /** Keeps a snapshot of this member's own making. */
    Snapshot keep(ToySnapshot snapshot) {
        byte[] file = snapshot.file();
        Snapshot kept = snapshot.describe(file);
        snapshots.put(kept.ref(), file);
        return kept;
    }

    /** Begins or goes on receiving; any other snapshot received so far is dropped. */
    void begin(SnapshotRef ref, long offsetBytes) {
        boolean same = ref.equals(receiving);
        if (offsetBytes > (same ? received.length : 0)) {
            throw new AssertionError(
                    "goes on at " + offsetBytes + " of " + (same ? received.length : 0) + " bytes");
        }
        receiving = ref;
        received = same ? Arrays.copyOf(received, (int) offsetBytes) : new byte[0];
    }

    /** Stores the next bytes of the snapshot being received. */
    void store(SnapshotRef ref, long offsetBytes, Bytes data) {
        if (!ref.equals(receiving) || offsetBytes != received.length) {
            throw new AssertionError(
                    "bytes at " + offsetBytes + " of snapshot " + ref.index() + " have no place");
        }
        received = Arrays.copyOf(received, received.length + data.length());
        System.arraycopy(data.array(), 0, received, (int) offsetBytes, data.length());
    }

    /** The received snapshot, or null when its bytes are not what its reference says. */
    @Nullable
    Snapshot finish(SnapshotRef ref) {
        if (!ref.equals(receiving) || !ToySnapshot.refOf(ref.index(), received).equals(ref)) {
            receiving = null;
            received = new byte[0];
            return null;
        }
        return ToySnapshot.parse(received).describe(received);
    }

    /** The state of a snapshot that the member goes over to; it must be here. */
    ToySnapshot restore(SnapshotRef ref) {
        if (ref.equals(receiving)) {
            snapshots.putIfAbsent(ref, received);
        }
        byte[] file = snapshots.get(ref);
        if (file == null) {
            throw new AssertionError("snapshot " + ref.index() + " is to be restored and not on the volume");
        }
        return ToySnapshot.parse(file);
    }

    /** Bytes of an own snapshot; none when it is not here. */
    Bytes read(SnapshotRef ref, long offsetBytes, int lengthBytesMax) {
        byte[] file = snapshots.get(ref);
        if (file == null || offsetBytes >= file.length) {
            return Bytes.EMPTY;
        }
        int end = (int) Math.min(file.length, offsetBytes + lengthBytesMax);
        return Bytes.of(Arrays.copyOfRange(file, (int) offsetBytes, end));
    }
}
