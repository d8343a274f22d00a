package dev.synod.storage;

import dev.synod.paxos.ByteReader;
import dev.synod.paxos.ByteWriter;
import dev.synod.paxos.Bytes;
import dev.synod.paxos.Codec;
import dev.synod.paxos.MalformedException;
import dev.synod.paxos.Recovered;
import dev.synod.paxos.SnapshotRef;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot on its way in: {@code staging.part} holds its bytes as they come, {@code staging.list} its
 * reference and, for each piece, where it lies and its CRC-32C. Nothing is synced until the whole is there:
 * after a crash the pieces that still have their checksum, from the first one on, are what was received.
 *
 * <p>A full disk ends the transfer as a wrong digest does: {@link #isComplete} says no.
 */
final class Staging implements AutoCloseable {
    static final String PART = "staging.part";
    static final String LIST = "staging.list";

    private static final int MAGIC = 0x4741_5453; // "STAG"
    private static final int FORMAT = 1;
    private static final int HEADER_BYTES = 64;
    private static final int PIECE_BYTES = 24;
    private static final int LIST_BYTES_MAX = 1 << 26;

    private final CheckedDisk disk;
    private final VolumeLimits limits;
    private @Nullable SnapshotRef current;
    private @Nullable CheckedFile part;
    private @Nullable CheckedFile list;
    private long receivedBytes;
    private long listBytes;

    Staging(CheckedDisk disk, VolumeLimits limits) {
        this.disk = disk;
        this.limits = limits;
    }

    /** Takes over what an earlier run received. */
    Recovered.@Nullable Staged adopt(List<String> found) {
        if (!found.contains(PART) || !found.contains(LIST) || !resume(true)) {
            close();
            for (String name : found) {
                if (name.equals(PART) || name.equals(LIST)) {
                    disk.delete(name);
                }
            }
            return null;
        }
        return current == null ? null : new Recovered.Staged(current, receivedBytes);
    }

    /** What was received, to be told and not to be gone on with; writes nothing. */
    static Recovered.@Nullable Staged peek(CheckedDisk disk, VolumeLimits limits) {
        try (Staging staging = new Staging(disk, limits)) {
            boolean usable = staging.resume(false);
            SnapshotRef ref = staging.current;
            return usable && ref != null ? new Recovered.Staged(ref, staging.receivedBytes) : null;
        }
    }

    private boolean resume(boolean rewriting) {
        try {
            byte[] bytes = disk.readAll(LIST);
            ByteReader in = new ByteReader(bytes);
            SnapshotRef ref = readHeader(in, bytes);
            if (ref.lengthBytes() > limits.snapshotBytesMax() || bytes.length > LIST_BYTES_MAX) {
                return false;
            }
            CheckedFile file = disk.open(PART);
            part = file;
            listBytes = HEADER_BYTES;
            while (in.remaining() >= PIECE_BYTES && resumePiece(in, bytes, file, ref, rewriting)) {
                listBytes += PIECE_BYTES;
            }
            current = ref;
            list = disk.open(LIST);
            return true;
        } catch (MalformedException | DamagedException e) {
            return false; // what cannot be read is received again
        }
    }

    /**
     * Checks one piece, and writes it again: a process that died of a failed fsync may leave it in memory,
     * looking as if it were on the disk.
     */
    private boolean resumePiece(
            ByteReader in, byte[] bytes, CheckedFile file, SnapshotRef ref, boolean rewriting)
            throws DamagedException {
        int at = in.position();
        long offset = in.readLong();
        int length = in.readInt();
        int checksum = in.readInt();
        in.readInt();
        boolean intact = in.readInt() == crc(bytes, at, PIECE_BYTES - Integer.BYTES);
        if (!intact || offset != receivedBytes || length < 1 || length > ref.lengthBytes() - offset) {
            return false;
        }
        byte[] piece = new byte[length];
        if (file.read(offset, piece, length) != length || crc(piece, 0, length) != checksum) {
            return false;
        }
        if (rewriting) {
            file.overwrite(offset, piece, 0, length);
        }
        receivedBytes += length;
        return true;
    }

    private static SnapshotRef readHeader(ByteReader in, byte[] bytes) {
        if (in.readInt() != MAGIC || in.readInt() != FORMAT) {
            throw new MalformedException("not a list of this format");
        }
        SnapshotRef ref = Codec.readSnapshotRef(in);
        in.readInt();
        if (in.readInt() != crc(bytes, 0, HEADER_BYTES - Integer.BYTES)) {
            throw new MalformedException("checksum");
        }
        return ref;
    }

    private static int crc(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    /** Begins with {@code ref}, or goes on with it; whatever else is here goes. */
    void begin(SnapshotRef ref, long offsetBytes) {
        if (ref.equals(current) && offsetBytes == receivedBytes) {
            return;
        }
        drop();
        if (offsetBytes != 0 || ref.lengthBytes() < 1 || ref.lengthBytes() > limits.snapshotBytesMax()) {
            return;
        }
        try {
            part = disk.create(PART);
            list = disk.create(LIST);
            current = ref;
            ByteWriter out = new ByteWriter(HEADER_BYTES);
            out.writeInt(MAGIC);
            out.writeInt(FORMAT);
            Codec.writeSnapshotRef(out, ref);
            out.writeInt(0);
            out.writeInt(crc(out.array(), 0, out.size()));
            list.extend(0, out.array(), 0, out.size());
            listBytes = HEADER_BYTES;
        } catch (DiskFullException e) {
            drop();
        }
    }

    /** Stores the next bytes of {@code ref}; others are ignored. */
    void store(SnapshotRef ref, long offsetBytes, Bytes data) {
        CheckedFile into = part;
        CheckedFile listed = list;
        if (into == null || listed == null || !ref.equals(current) || offsetBytes != receivedBytes) {
            return;
        }
        int length = data.length();
        if (length < 1 || length > ref.lengthBytes() - offsetBytes) {
            return;
        }
        ByteWriter out = new ByteWriter(PIECE_BYTES);
        out.writeLong(offsetBytes);
        out.writeInt(length);
        out.writeInt(crc(data.array(), 0, length));
        out.writeInt(0);
        out.writeInt(crc(out.array(), 0, out.size()));
        try {
            into.extend(offsetBytes, data.array(), 0, length);
            listed.extend(listBytes, out.array(), 0, out.size());
        } catch (DiskFullException e) {
            drop();
            return;
        }
        listBytes += PIECE_BYTES;
        receivedBytes += length;
    }

    /** Whether all bytes of {@code ref} are here, whatever they are. */
    boolean isComplete(SnapshotRef ref) {
        return ref.equals(current) && receivedBytes == ref.lengthBytes();
    }

    void sync() {
        if (part != null) {
            part.sync();
        }
    }

    /** Throws away what was received. */
    void drop() {
        if (part != null) {
            disk.delete(PART);
        }
        forget();
    }

    /** Ends the transfer, the part having been dropped or having become a snapshot. */
    void forget() {
        if (part != null) {
            part.close();
        }
        if (list != null) {
            list.close();
            disk.delete(LIST);
        }
        part = null;
        list = null;
        current = null;
        receivedBytes = 0;
        listBytes = 0;
    }

    /** Gives the file handles back; what was received stays. */
    @Override
    public void close() {
        if (part != null) {
            part.close();
            part = null;
        }
        if (list != null) {
            list.close();
            list = null;
        }
    }
}
