package dev.synod.storage;

import dev.synod.paxos.ByteReader;
import dev.synod.paxos.ByteWriter;
import dev.synod.paxos.MalformedException;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What stands first in a segment: 104 bytes, of which magic, format and the checksum of all others stay where
 * they are in every later format.
 *
 * <p>The header says where the log before this segment ends. What the earlier segment holds beyond {@code
 * previousEnd} is void, and what it holds up to there must be intact: so a tail that a recovery cut off is
 * never looked at again, and one byte lost before the cut is never taken for a tail.
 *
 * @param cluster identity of the cluster
 * @param member identity of the volume
 * @param incarnation of the run that wrote the segment
 * @param sequence of the segment, from 1, as in its name; never used twice
 * @param firstBatch number of the first batch
 * @param previous sequence of the segment that holds the entries before these; 0 when no earlier one is
 *     needed
 * @param previousEnd offset at which the log ends there
 * @param previousBatch number of the last batch there
 * @param previousChain chained CRC of that batch
 * @param checksum of all this
 */
record SegmentHeader(
        UUID cluster,
        UUID member,
        long incarnation,
        long sequence,
        long firstBatch,
        long previous,
        long previousEnd,
        long previousBatch,
        int previousChain,
        int checksum) {
    static final int BYTES = 104;

    private static final long MAGIC = 0x4C41_5744_4F4E_5953L; // "SYNODWAL"
    private static final int FORMAT = 1;
    private static final int CHECKSUM_AT = 12;

    /** Writes the header of these values, except {@code checksum}, which is found and returned. */
    int write(ByteWriter out) {
        int at = out.size();
        out.writeLong(MAGIC);
        out.writeInt(FORMAT);
        out.writeInt(0);
        out.writeUuid(cluster);
        out.writeUuid(member);
        out.writeNatural(incarnation);
        out.writeNatural(sequence);
        out.writeNatural(firstBatch);
        out.writeNatural(previous);
        out.writeNatural(previousEnd);
        out.writeNatural(previousBatch);
        out.writeInt(previousChain);
        out.writeInt(0);
        int sum = checksum(out.array(), at);
        out.setInt(at + CHECKSUM_AT, sum);
        return sum;
    }

    private static int checksum(byte[] bytes, int at) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, at, CHECKSUM_AT);
        crc.update(bytes, at + CHECKSUM_AT + Integer.BYTES, BYTES - CHECKSUM_AT - Integer.BYTES);
        return (int) crc.getValue();
    }

    /**
     * The header at the start of {@code bytes}, of which {@code length} are there; null when none is intact.
     *
     * @throws DamagedException when it is intact, but of a format unknown here, or not of this volume and
     *     sequence
     */
    static @Nullable SegmentHeader read(byte[] bytes, int length, String name, Identity owner, long sequence)
            throws DamagedException {
        if (length < BYTES) {
            return null;
        }
        SegmentHeader header;
        try {
            ByteReader in = new ByteReader(bytes, 0, BYTES);
            long magic = in.readLong();
            int format = in.readInt();
            int checksum = in.readInt();
            if (magic != MAGIC || checksum != checksum(bytes, 0)) {
                return null;
            }
            if (format != FORMAT) {
                throw new DamagedException(
                        name + " has format " + format + "; this program knows only format " + FORMAT);
            }
            header = new SegmentHeader(
                    in.readUuid(),
                    in.readUuid(),
                    in.readNatural(),
                    in.readNatural(),
                    in.readNatural(),
                    in.readNatural(),
                    in.readNatural(),
                    in.readNatural(),
                    in.readInt(),
                    checksum);
        } catch (MalformedException e) {
            return null;
        }
        if (!header.cluster.equals(owner.cluster()) || !header.member.equals(owner.member())) {
            throw new DamagedException(name + " belongs to member " + header.member + " of cluster "
                    + header.cluster + ", the volume to " + owner.member() + " of " + owner.cluster());
        }
        if (header.sequence != sequence || header.previous >= sequence) {
            throw new DamagedException(
                    name + " holds segment " + header.sequence + " after " + header.previous);
        }
        return header;
    }
}
