package dev.synod.paxos;

import java.util.ArrayList;
import java.util.List;

/**
 * The contiguous log of a member above its base, in memory. Index arithmetic lives here and nowhere else
 * (I2).
 */
final class Log {
    private long base;
    private Entry[] ring;
    private int head;
    private int size;
    private long weightBytes;

    Log(long base, List<Entry> entries) {
        this.base = base;
        int capacity = 16;
        while (capacity < entries.size()) {
            capacity <<= 1;
        }
        ring = new Entry[capacity];
        for (Entry entry : entries) {
            append(entry);
        }
    }

    private Log(Log other) {
        base = other.base;
        ring = other.ring.clone();
        head = other.head;
        size = other.size;
        weightBytes = other.weightBytes;
    }

    Log copy() {
        return new Log(this);
    }

    /** Entries above this index are here. */
    long base() {
        return base;
    }

    /** Index of the last entry, or the base. */
    long last() {
        return base + size;
    }

    /** Whether {@code index} is held. */
    boolean holds(long index) {
        return index > base && index <= last();
    }

    Entry get(long index) {
        if (!holds(index)) {
            throw new InvariantViolation("I2", "entry " + index + " wanted of " + base + ".." + last());
        }
        return ring[slot(index)];
    }

    private int slot(long index) {
        return (head + (int) (index - base - 1)) & (ring.length - 1);
    }

    void append(Entry entry) {
        if (entry.index() != last() + 1) {
            throw new InvariantViolation("I2", "entry " + entry.index() + " appended after " + last());
        }
        if (size == ring.length) {
            grow();
        }
        size++;
        ring[slot(entry.index())] = entry;
        weightBytes += entry.weightBytes();
    }

    private void grow() {
        Entry[] larger = new Entry[ring.length << 1];
        for (int i = 0; i < size; i++) {
            larger[i] = ring[(head + i) & (ring.length - 1)];
        }
        ring = larger;
        head = 0;
    }

    /** Drops every entry above {@code to}. */
    void truncate(long to) {
        if (to < base || to > last()) {
            throw new InvariantViolation("I6", "truncation to " + to + " of " + base + ".." + last());
        }
        while (last() > to) {
            weightBytes -= ring[slot(last())].weightBytes();
            size--;
        }
    }

    /** Drops every entry up to {@code index}, which becomes the base. */
    void dropUpTo(long index) {
        if (index > last()) {
            throw new InvariantViolation("I2", "base " + index + " wanted beyond last " + last());
        }
        while (base < index) {
            weightBytes -= ring[head].weightBytes();
            head = (head + 1) & (ring.length - 1);
            base++;
            size--;
        }
    }

    /** Drops everything; the log continues after {@code index}. */
    void restartAfter(long index) {
        base = index;
        head = 0;
        size = 0;
        weightBytes = 0;
    }

    /**
     * Entries {@code from..to}, fewer when they weigh more than {@code bytesMax}, but at least one if there
     * is any.
     */
    List<Entry> slice(long from, long to, int bytesMax) {
        List<Entry> slice = new ArrayList<>((int) Math.max(0, Math.min(64, to - from + 1)));
        long bytes = 0;
        for (long index = from; index <= to; index++) {
            Entry entry = get(index);
            bytes += entry.weightBytes();
            if (bytes > bytesMax && !slice.isEmpty()) {
                break;
            }
            slice.add(entry);
        }
        return slice;
    }

    /** Sum of {@link Entry#weightBytes()} over {@code from..last}. */
    long weightBytesFrom(long from) {
        long bytes = 0;
        for (long index = Math.max(from, base + 1); index <= last(); index++) {
            bytes += ring[slot(index)].weightBytes();
        }
        return bytes;
    }

    /** Sum of {@link Entry#weightBytes()} over the whole log. */
    long weightBytes() {
        return weightBytes;
    }

    /** Whether the last entry is a StopSign (I12: nothing follows it in its epoch). */
    boolean endsInStopSign() {
        return size > 0 && ring[slot(last())].payload() instanceof Payload.StopSign;
    }

    long fingerprint(long hash) {
        long h = Fingerprint.add(hash, base);
        for (long index = base + 1; index <= last(); index++) {
            h = Fingerprint.add(h, ring[slot(index)]);
        }
        return h;
    }
}
