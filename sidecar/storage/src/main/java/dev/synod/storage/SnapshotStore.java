package dev.synod.storage;

import dev.synod.paxos.Bytes;
import dev.synod.paxos.Configuration;
import dev.synod.paxos.Recovered;
import dev.synod.paxos.Seal;
import dev.synod.paxos.Snapshot;
import dev.synod.paxos.SnapshotAction;
import dev.synod.paxos.SnapshotRef;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The complete snapshots of a volume. One comes to be under another name and gets its own by a rename after
 * its fsync, so that a file with a snapshot's name is complete. It is used only after its digest was
 * compared.
 *
 * <p>Kept are the one that the log refers to, all of a higher index, because the log may be about to refer to
 * them, and the newest by index up to a number (a store that sorted by term deleted the newest:
 * hashicorp/raft#395).
 */
final class SnapshotStore implements AutoCloseable {
    private static final int PIECE_BYTES = 64 << 10;

    private final CheckedDisk disk;
    private final VolumeLimits limits;
    private final UUID cluster;
    private final TreeSet<String> names = new TreeSet<>();
    private final Staging staging;

    SnapshotStore(CheckedDisk disk, VolumeLimits limits, UUID cluster) {
        this.disk = disk;
        this.limits = limits;
        this.cluster = cluster;
        this.staging = new Staging(disk, limits);
    }

    /** Takes note of the complete snapshots among the files of an earlier run, and changes nothing. */
    void find(List<String> found) {
        for (String name : found) {
            if (SnapshotNames.isSnapshot(name)) {
                names.add(name);
            }
        }
    }

    /** Drops what an earlier run did not finish writing, and returns what it received of a snapshot. */
    Recovered.@Nullable Staged adopt(List<String> found) {
        if (found.contains(SnapshotNames.WRITING)) {
            disk.delete(SnapshotNames.WRITING);
        }
        return staging.adopt(found);
    }

    /** Writes a snapshot of this member's own making; complete and durable when this returns. */
    Snapshot write(long index, Configuration configuration, Seal seal, byte[] state)
            throws DiskFullException {
        byte[] header = new SnapshotHeader(cluster, index, state.length, seal, configuration, 0).encode();
        MessageDigest digest = sha256();
        digest.update(header);
        digest.update(state);
        SnapshotRef ref = new SnapshotRef(index, header.length + state.length, Bytes.of(digest.digest()));
        try (CheckedFile file = disk.create(SnapshotNames.WRITING)) {
            file.extend(0, header, 0, header.length);
            file.extend(header.length, state, 0, state.length);
            file.sync();
        } catch (DiskFullException e) {
            disk.delete(SnapshotNames.WRITING);
            throw e;
        }
        complete(SnapshotNames.WRITING, ref);
        return new Snapshot(ref, configuration, seal);
    }

    private void complete(String written, SnapshotRef ref) {
        String name = SnapshotNames.of(ref);
        disk.rename(written, name);
        disk.syncDirectory();
        names.add(name);
    }

    /**
     * The state in a snapshot.
     *
     * @throws DamagedException when the file is gone, is not what the reference names, or is another
     *     cluster's
     */
    byte[] readState(Snapshot snapshot) throws DamagedException {
        SnapshotRef ref = snapshot.ref();
        String name = SnapshotNames.of(ref);
        if (!names.contains(name)) {
            throw new DamagedException("snapshot " + name + " is gone");
        }
        byte[] bytes = disk.readAll(name);
        if (bytes.length != ref.lengthBytes() || !Bytes.of(sha256().digest(bytes)).equals(ref.digest())) {
            throw new DamagedException("snapshot " + name + " of " + bytes.length
                    + " bytes is not what was written: length or digest differs");
        }
        SnapshotHeader header = SnapshotHeader.decode(bytes, bytes.length);
        if (header == null || header.bytes() + header.stateBytes() != bytes.length) {
            throw new DamagedException("snapshot " + name + " has a header that this program does not know");
        }
        if (!header.cluster().equals(cluster) || header.index() != snapshot.index()) {
            throw new DamagedException("snapshot " + name + " is of entry " + header.index() + " of cluster "
                    + header.cluster() + ", the volume of cluster " + cluster);
        }
        byte[] state = new byte[(int) header.stateBytes()];
        System.arraycopy(bytes, header.bytes(), state, 0, state.length);
        return state;
    }

    /**
     * A snapshot found by its name alone, which tells the start of its digest.
     *
     * @param header what stands first in it
     * @param state the bytes of the state machine
     */
    @SuppressWarnings("ArrayRecordComponent") // handed through, never compared
    record Whole(SnapshotHeader header, byte[] state) {}

    /**
     * Reads a snapshot that nothing refers to any more.
     *
     * @throws DamagedException when it is not what was written
     */
    Whole readWhole(String name) throws DamagedException {
        byte[] bytes = disk.readAll(name);
        SnapshotHeader header = SnapshotHeader.decode(bytes, bytes.length);
        if (header == null) {
            throw new DamagedException("snapshot " + name + " has no intact header");
        }
        Bytes digest = Bytes.of(sha256().digest(bytes));
        SnapshotRef ref = new SnapshotRef(header.index(), bytes.length, digest);
        if (!SnapshotNames.of(ref).equals(name)) {
            throw new DamagedException("snapshot " + name + " is not what was written: its digest differs");
        }
        return new Whole(header, readState(new Snapshot(ref, header.configuration(), header.seal())));
    }

    /** Bytes of a snapshot's file; none when it is not here, or ends before {@code offsetBytes}. */
    Bytes readChunk(SnapshotRef ref, long offsetBytes, int lengthBytesMax) {
        String name = SnapshotNames.of(ref);
        if (!names.contains(name) || offsetBytes < 0 || offsetBytes >= ref.lengthBytes()) {
            return Bytes.EMPTY;
        }
        byte[] bytes = new byte[(int) Math.min(lengthBytesMax, ref.lengthBytes() - offsetBytes)];
        try (CheckedFile file = disk.open(name)) {
            file.readFully(offsetBytes, bytes);
            return Bytes.of(bytes);
        } catch (DamagedException e) {
            return Bytes.EMPTY; // for the peer it is the same as gone: it asks another
        }
    }

    void begin(SnapshotAction.Begin begin) {
        staging.begin(begin.snapshot(), begin.offsetBytes());
    }

    void store(SnapshotAction.Store store) {
        staging.store(store.snapshot(), store.offsetBytes(), store.data());
    }

    /**
     * The snapshot received, complete and durable; null when it is not the one named or not whole, and thrown
     * away.
     */
    @Nullable
    Snapshot finish(SnapshotRef ref) {
        SnapshotHeader header = staging.isComplete(ref) ? verifyStaged(ref) : null;
        if (header == null) {
            staging.drop();
            return null;
        }
        staging.sync();
        complete(Staging.PART, ref);
        staging.forget();
        return new Snapshot(ref, header.configuration(), header.seal());
    }

    private @Nullable SnapshotHeader verifyStaged(SnapshotRef ref) {
        MessageDigest digest = sha256();
        byte[] start = new byte[(int) Math.min(SnapshotHeader.BYTES_MAX, ref.lengthBytes())];
        byte[] piece = new byte[PIECE_BYTES];
        try (CheckedFile file = disk.open(Staging.PART)) {
            file.readFully(0, start);
            for (long at = 0; at < ref.lengthBytes(); at += piece.length) {
                int wanted = (int) Math.min(piece.length, ref.lengthBytes() - at);
                if (file.read(at, piece, wanted) != wanted) {
                    return null;
                }
                digest.update(piece, 0, wanted);
            }
        } catch (DamagedException e) {
            return null;
        }
        SnapshotHeader header = SnapshotHeader.decode(start, start.length);
        boolean whole = header != null
                && Bytes.of(digest.digest()).equals(ref.digest())
                && header.cluster().equals(cluster)
                && header.index() == ref.index()
                && header.bytes() + header.stateBytes() == ref.lengthBytes();
        return whole ? header : null;
    }

    /** Deletes what is not to be kept, given the snapshot that the durable log refers to. */
    void retire(@Nullable Snapshot referenced) {
        int surplus = names.size() - limits.snapshotsKept();
        if (referenced == null || surplus <= 0) {
            return;
        }
        String kept = SnapshotNames.of(referenced.ref());
        while (surplus > 0 && names.first().compareTo(kept) < 0) {
            disk.delete(names.removeFirst());
            surplus--;
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public void close() {
        staging.close();
    }
}
