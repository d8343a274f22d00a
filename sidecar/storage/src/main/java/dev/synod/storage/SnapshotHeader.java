package dev.synod.storage;

import dev.synod.paxos.ByteReader;
import dev.synod.paxos.ByteWriter;
import dev.synod.paxos.Codec;
import dev.synod.paxos.Configuration;
import dev.synod.paxos.MalformedException;
import dev.synod.paxos.Seal;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What stands first in a snapshot file; the state machine's bytes follow. There is no checksum: the digest of
 * the whole file is part of its reference. All numbers are little-endian.
 *
 * <pre>
 * offset bytes
 *      0     8  magic
 *      8     4  format
 *     12     4  size of this header
 *     16    16  cluster
 *     32     8  index of the last entry whose effect the state holds
 *     40     8  size of the state
 *     48    24  seal
 *     72        configuration
 * </pre>
 */
record SnapshotHeader(
        UUID cluster, long index, long stateBytes, Seal seal, Configuration configuration, int bytes) {
    /** No header is larger. */
    static final int BYTES_MAX = 32 << 10;

    private static final long MAGIC = 0x5041_4E53_4F4E_5953L; // "SYNOSNAP"
    private static final int FORMAT = 1;
    private static final int SIZE_AT = 12;

    /** The header's bytes; {@code bytes} is found, not taken. */
    byte[] encode() {
        ByteWriter out = new ByteWriter(72 + Codec.bytesOf(configuration));
        out.writeLong(MAGIC);
        out.writeInt(FORMAT);
        out.writeInt(0);
        out.writeUuid(cluster);
        out.writeNatural(index);
        out.writeNatural(stateBytes);
        Codec.writeSeal(out, seal);
        Codec.writeConfiguration(out, configuration);
        out.setInt(SIZE_AT, out.size());
        return out.toArray();
    }

    /**
     * The header at the start of the first {@code length} of {@code bytes}; null when there is none of this
     * format.
     */
    static @Nullable SnapshotHeader decode(byte[] bytes, int length) {
        try {
            ByteReader in = new ByteReader(bytes, 0, length);
            if (in.readLong() != MAGIC || in.readInt() != FORMAT) {
                return null;
            }
            int size = in.readNaturalInt();
            UUID cluster = in.readUuid();
            long index = in.readNatural();
            long stateBytes = in.readNatural();
            Seal seal = Codec.readSeal(in);
            Configuration configuration = Codec.readConfiguration(in);
            return in.position() != size
                    ? null
                    : new SnapshotHeader(cluster, index, stateBytes, seal, configuration, size);
        } catch (MalformedException e) {
            return null;
        }
    }
}
