package dev.synod.state;

import dev.synod.paxos.ByteReader;
import dev.synod.paxos.ByteWriter;
import dev.synod.paxos.SeededRandom;

/**
 * The books on what the state holds: how many bytes, and a digest. Both are sums over the elements of the
 * state in their snapshot form, so keeping them up to date costs what the change costs and not what the state
 * costs, and a state restored from a snapshot has the same books. An element is taken off the books in just
 * the form in which it was entered.
 */
final class Tally {
    private static final int CAPACITY_BYTES = 1_024;

    private final ByteWriter scratch = new ByteWriter(CAPACITY_BYTES);
    private long bytes;
    private long sum;

    /** Bytes of all elements in their snapshot form. */
    long bytes() {
        return bytes;
    }

    /** The digest of the state: of all elements, and of {@code header}, which is not on the books. */
    long digest(Element.Header header) {
        return SeededRandom.mix(sum + hashOf(header));
    }

    void add(Element element) {
        sum += hashOf(element);
        bytes += scratch.size();
    }

    void remove(Element element) {
        sum -= hashOf(element);
        bytes -= scratch.size();
    }

    private long hashOf(Element element) {
        scratch.clear();
        ElementCodec.write(scratch, element);
        return hash(scratch.array(), scratch.size());
    }

    /** 64 bits of the first {@code length} bytes; not for secrets. */
    private static long hash(byte[] array, int length) {
        var reader = new ByteReader(array, 0, length);
        long hash = SeededRandom.mix(length + 1);
        while (reader.remaining() >= Long.BYTES) {
            hash = SeededRandom.mix(hash * 31 + reader.readLong());
        }
        while (reader.remaining() > 0) {
            hash = SeededRandom.mix(hash * 31 + reader.readByte());
        }
        return hash;
    }
}
