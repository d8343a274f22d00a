package dev.synod.storage;

import dev.synod.paxos.ByteReader;
import dev.synod.paxos.ByteWriter;
import dev.synod.paxos.Bytes;
import dev.synod.paxos.Configuration;
import dev.synod.paxos.MalformedException;
import dev.synod.paxos.Seal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.UUID;

/**
 * A backup: the bytes of a snapshot file, its header first, and behind them a seal by which a cut or damaged
 * copy is told from a whole one. It can be written as a stream. The seal, all numbers little-endian:
 *
 * <pre>
 * offset bytes
 *      0     8  magic
 *      8     4  format
 *     12     8  length of the snapshot before it
 *     20    32  SHA-256 of the snapshot before it
 * </pre>
 *
 * <p>For one thread.
 */
public final class BackupFile {
    private static final long MAGIC = 0x4C41_4553_4F4E_5953L; // "SYNOSEAL"
    private static final int FORMAT = 1;
    private static final int SEAL_BYTES = 52;
    private static final int BYTES_MAX = VolumeLimits.DEFAULT.snapshotBytesMax();

    private final OutputStream out;
    private final MessageDigest digest = SnapshotStore.sha256();
    private long length;

    /** Begins a backup that is written to {@code out}, which is never closed here. */
    public BackupFile(OutputStream out) {
        this.out = out;
    }

    /** What stands first in a snapshot file of a state, for whoever streams a state that was never a file. */
    public static Bytes header(
            UUID cluster, long index, long stateBytes, Configuration configuration, Seal seal) {
        return Bytes.of(new SnapshotHeader(cluster, index, stateBytes, seal, configuration, 0).encode());
    }

    /** Writes the next bytes of the snapshot. */
    public void write(byte[] piece, int from, int count) throws IOException {
        out.write(piece, from, count);
        digest.update(piece, from, count);
        length += count;
    }

    /** Ends the backup; without this it is not one. */
    public void seal() throws IOException {
        ByteWriter seal = new ByteWriter(SEAL_BYTES);
        seal.writeLong(MAGIC);
        seal.writeInt(FORMAT);
        seal.writeNatural(length);
        byte[] sha256 = digest.digest();
        seal.writeBytes(sha256, 0, sha256.length);
        out.write(seal.toArray());
    }

    /** A whole backup. */
    @SuppressWarnings("ArrayRecordComponent") // handed through, never compared
    record Content(SnapshotHeader header, byte[] state) {}

    static Content read(InputStream in) throws NotRecoverableException, IOException {
        byte[] bytes = in.readNBytes(BYTES_MAX + 1);
        if (bytes.length > BYTES_MAX) {
            throw new NotRecoverableException("it is larger than any backup, which has at most " + BYTES_MAX
                    + " bytes: is this the right file?");
        }
        int length = bytes.length - SEAL_BYTES;
        SnapshotHeader header = SnapshotHeader.decode(bytes, Math.max(0, length));
        if (header == null) {
            throw new NotRecoverableException("it is no backup of Synod, or one of a format that this program"
                    + " does not know: it does not begin like one");
        }
        MessageDigest sha256 = SnapshotStore.sha256();
        sha256.update(bytes, 0, length);
        if (!isSeal(bytes, length, sha256.digest())) {
            throw new NotRecoverableException("the backup of cluster " + header.cluster() + " at entry "
                    + header.index() + " is cut or damaged: its " + bytes.length + " bytes do not end in"
                    + " their own digest; copy it again, or take another");
        }
        if (header.bytes() + header.stateBytes() != length) {
            throw new NotRecoverableException("the backup holds " + length + " bytes, its header says "
                    + (header.bytes() + header.stateBytes()));
        }
        byte[] state = new byte[(int) header.stateBytes()];
        System.arraycopy(bytes, header.bytes(), state, 0, state.length);
        return new Content(header, state);
    }

    private static boolean isSeal(byte[] bytes, int from, byte[] sha256) {
        try {
            ByteReader in = new ByteReader(bytes, from, bytes.length);
            return in.readLong() == MAGIC
                    && in.readInt() == FORMAT
                    && in.readNatural() == from
                    && in.readBytes(sha256.length).equals(Bytes.of(sha256));
        } catch (MalformedException e) {
            return false;
        }
    }
}
