package dev.synod.storage;

import java.util.zip.CRC32C;

/** The checksum that chains batches: a batch that is lost, doubled or exchanged breaks it. */
final class BatchChain {
    private final CRC32C crc = new CRC32C();

    /** Begins with what the chain was after the batch before. */
    void begin(int previous) {
        crc.reset();
        add(previous);
    }

    /** Adds the checksum of a record. */
    void add(int checksum) {
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            crc.update(checksum >>> shift);
        }
    }

    /** What the chain is after this batch. */
    int end(long batch, int bytes) {
        add((int) batch);
        add((int) (batch >>> 32));
        add(bytes);
        return (int) crc.getValue();
    }
}
