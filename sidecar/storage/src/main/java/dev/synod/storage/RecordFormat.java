package dev.synod.storage;

import dev.synod.paxos.ByteWriter;
import dev.synod.paxos.Defect;
import dev.synod.paxos.Defects;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * What reader and writer of records agree on. All numbers are little-endian:
 *
 * <pre>
 * offset bytes
 *      0     4  length of the payload
 *      4     1  type
 *      5     1  version of the payload: 1
 *      6     2  0
 *      8     8  index
 *     16    16  ballot
 *     32     4  CRC-32C
 *     36        payload, then zeros up to a multiple of 8
 *
 * type              index     ballot      payload
 *  1 STATE          last      promised    activated, accepted, seal, base, decided, configuration
 *                                         and its index, whether there is a snapshot, the snapshot
 *  2 ENTRY          its own   proposedAt  what the entry carries
 *  3 PROMISE        -         promised    -
 *  4 SYNC           last      accepted    from
 *  5 DECIDED        decided   -           -
 *  6 TAKEN          base      -           snapshot
 *  7 INSTALLED      -         -           snapshot
 *  8 EPOCH          last      -           configuration, seal
 *  9 ACTIVATED      -         -           -
 * 10 COMMIT         ordinal   -           number of the batch 8, its bytes without this record 4,
 *                                         chained CRC 4
 * </pre>
 *
 * The checksum covers the record with its padding, and where it belongs: cluster, member, sequence of the
 * segment, offset. So a record that was written elsewhere, or by someone else, or before the space was used
 * anew, is not valid (M18). An incarnation is not part of it: a segment's sequence is never used twice, and
 * the header names the incarnation.
 *
 * <p>The ordinal counts the batches of a segment from 1, the number those of the volume. The chained CRC
 * covers the one before it, the batch's number and length, and the checksums of its records; the first in a
 * segment follows on the header's checksum.
 */
final class RecordFormat {
    static final int STATE = 1;
    static final int ENTRY = 2;
    static final int PROMISE = 3;
    static final int SYNC = 4;
    static final int DECIDED = 5;
    static final int TAKEN = 6;
    static final int INSTALLED = 7;
    static final int EPOCH = 8;
    static final int ACTIVATED = 9;
    static final int COMMIT = 10;

    static final int VERSION = 1;

    static final int TYPE_AT = 4;
    static final int CHECKSUM_AT = 32;
    static final int HEADER_BYTES = 36;
    static final int COMMIT_PAYLOAD_BYTES = 16;

    /** Size of a COMMIT, and so of an empty batch. */
    static final int COMMIT_BYTES = aligned(HEADER_BYTES + COMMIT_PAYLOAD_BYTES);

    private static final int PLACE_SEQUENCE_AT = 32;
    private static final int PLACE_OFFSET_AT = 40;

    private final Defects defects;
    private final CRC32C crc = new CRC32C();
    private final byte[] place;

    RecordFormat(UUID cluster, UUID member, Defects defects) {
        this.defects = defects;
        ByteWriter out = new ByteWriter(48);
        out.writeUuid(cluster);
        out.writeUuid(member);
        out.writeLong(0);
        out.writeLong(0);
        place = out.toArray();
    }

    static int aligned(int bytes) {
        return bytes + 7 & ~7;
    }

    /** The checksum of the record of {@code size} bytes, padding included, at {@code at} in {@code bytes}. */
    int checksum(byte[] bytes, int at, int size, long sequence, long offset) {
        crc.reset();
        if (!defects.has(Defect.M18_CHECKSUM_WITHOUT_PLACE)) {
            putLong(PLACE_SEQUENCE_AT, sequence);
            putLong(PLACE_OFFSET_AT, offset);
            crc.update(place, 0, place.length);
        }
        crc.update(bytes, at, CHECKSUM_AT);
        crc.update(bytes, at + HEADER_BYTES, size - HEADER_BYTES);
        return (int) crc.getValue();
    }

    private void putLong(int at, long value) {
        for (int i = 0; i < Long.BYTES; i++) {
            place[at + i] = (byte) (value >>> (8 * i));
        }
    }
}
