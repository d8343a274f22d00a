package dev.synod.storage;

import dev.synod.paxos.Defect;
import dev.synod.paxos.Defects;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A segment read back. It is walked batch by batch from the first; the walk stops before the first batch that
 * is not whole and intact, and then {@link #intactBeyond()} tells a torn tail from damage.
 */
final class SegmentImage {
    private final Defects defects;
    private final String name;
    private final long sequence;
    private final RecordReader records;
    private final int length;
    private final @Nullable SegmentHeader header;
    private final BatchChain batchChain = new BatchChain();

    private int end = SegmentHeader.BYTES;
    private long ordinal;
    private long batch;
    private int chain;
    private int[] batchRecords = new int[16];
    private int count;
    private long entriesUpTo;

    private SegmentImage(
            Defects defects,
            String name,
            long sequence,
            RecordReader records,
            int length,
            @Nullable SegmentHeader header) {
        this.defects = defects;
        this.name = name;
        this.sequence = sequence;
        this.records = records;
        this.length = length;
        this.header = header;
        if (header != null) {
            batch = header.firstBatch() - 1;
            chain = header.checksum();
        }
    }

    /**
     * Reads a segment.
     *
     * @throws DamagedException when it cannot be read, or its header belongs elsewhere or to a later program
     */
    static SegmentImage load(CheckedDisk disk, Defects defects, Identity owner, long sequence)
            throws DamagedException {
        String name = SegmentNames.of(sequence);
        byte[] bytes = disk.readAll(name);
        SegmentHeader header = SegmentHeader.read(bytes, bytes.length, name, owner, sequence);
        RecordReader records = new RecordReader(owner, defects, name, sequence, bytes);
        return new SegmentImage(defects, name, sequence, records, bytes.length, header);
    }

    String name() {
        return name;
    }

    long sequence() {
        return sequence;
    }

    /** The header, or null when it is not intact. */
    @Nullable
    SegmentHeader header() {
        return header;
    }

    /** Where the last batch walked over ends. */
    int end() {
        return end;
    }

    /** How many batches were walked over. */
    long ordinal() {
        return ordinal;
    }

    /** Number of the last batch walked over. */
    long batch() {
        return batch;
    }

    /** Chained CRC of the last batch walked over. */
    int chain() {
        return chain;
    }

    /** The highest index of an entry in the batches walked over; 0 when there is none. */
    long entriesUpTo() {
        return entriesUpTo;
    }

    /** How many records the last batch walked over holds, COMMIT not counted. */
    int records() {
        return count;
    }

    /** Type of one of them. */
    int type(int number) {
        return records.typeAt(batchRecords[number]);
    }

    /** Index in the header of one of them. */
    long index(int number) {
        return records.indexAt(batchRecords[number]);
    }

    /** One of them. */
    LogRecord record(int number) throws DamagedException {
        return records.recordAt(batchRecords[number]);
    }

    /**
     * Walks over the next batch.
     *
     * @return false when what follows is not a whole and intact batch
     * @throws DamagedException when it is intact, but in a form unknown here
     */
    boolean next() throws DamagedException {
        if (header == null) {
            return false;
        }
        int at = end;
        int found = 0;
        batchChain.begin(chain);
        while (true) {
            int size = records.sizeAt(at);
            if (size == 0) {
                return false;
            }
            if (records.typeAt(at) == RecordFormat.COMMIT) {
                return close(at, size, found);
            }
            if ((records.typeAt(at) == RecordFormat.STATE) != (ordinal == 0 && found == 0)) {
                return false;
            }
            if (found == batchRecords.length) {
                batchRecords = Arrays.copyOf(batchRecords, 2 * found);
            }
            batchRecords[found++] = at;
            batchChain.add(records.checksumAt(at));
            at += size;
        }
    }

    private boolean close(int at, int size, int found) throws DamagedException {
        RecordReader.Commit commit = records.commitAt(at);
        int expected = batchChain.end(batch + 1, at - end);
        boolean inPlace = commit.ordinal() == ordinal + 1
                && commit.batch() == batch + 1
                && commit.bytes() == at - end
                && commit.chain() == expected
                && (ordinal > 0 || found > 0);
        if (!inPlace && !defects.has(Defect.M18_CHECKSUM_WITHOUT_PLACE)) {
            return false;
        }
        end = at + size;
        ordinal++;
        batch = commit.batch();
        chain = commit.chain();
        count = found;
        for (int i = 0; i < found; i++) {
            if (type(i) == RecordFormat.ENTRY) {
                entriesUpTo = Math.max(entriesUpTo, index(i));
            }
        }
        return true;
    }

    /**
     * Whether a batch later than the one at which the walk stopped was completed here. It was written only
     * after the fsync of that one had returned, so what stopped the walk is damage to acknowledged bytes, not
     * a torn tail (Alagappan et al., "Protocol-Aware Recovery", FAST 2018). The COMMIT of the stopping batch
     * itself proves nothing: the sectors of one write reach the disk in any order.
     */
    boolean intactBeyond() throws DamagedException {
        if (defects.has(Defect.M16_CORRUPTION_AS_TORN_TAIL)) {
            return false;
        }
        for (int at = end; at <= length - RecordFormat.COMMIT_BYTES; at += 8) {
            if (records.resemblesCommit(at)
                    && records.sizeAt(at) == RecordFormat.COMMIT_BYTES
                    && records.commitAt(at).ordinal() > ordinal + 1) {
                return true;
            }
        }
        return false;
    }
}
