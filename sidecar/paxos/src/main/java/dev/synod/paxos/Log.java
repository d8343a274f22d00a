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
    /** For each slot the weight of everything appended up to it: any range is weighed by one subtraction. */
    private long[] totals;
    /** The same at the base. */
    private long totalAtBase;
    private int head;
    private int size;

    Log(long base, List<Entry> entries) {
        this.base = base;
        int capacity = 16;
        while (capacity < entries.size()) {
            capacity <<= 1;
        }
        ring = new Entry[capacity];
        totals = new long[capacity];
        for (Entry entry : entries) {
            append(entry);
        }
    }

    private Log(Log other) {
        base = other.base;
        ring = other.ring.clone();
        totals = other.totals.clone();
        totalAtBase = other.totalAtBase;
        head = other.head;
        size = other.size;
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
        long total = totalThrough(last()) + entry.weightBytes();
        size++;
        ring[slot(entry.index())] = entry;
        totals[slot(entry.index())] = total;
    }

    /** Weight of everything appended through {@code index}, which is the base or held. */
    private long totalThrough(long index) {
        return index == base ? totalAtBase : totals[slot(index)];
    }

    private void grow() {
        Entry[] larger = new Entry[ring.length << 1];
        long[] largerTotals = new long[larger.length];
        for (int i = 0; i < size; i++) {
            larger[i] = ring[(head + i) & (ring.length - 1)];
            largerTotals[i] = totals[(head + i) & (ring.length - 1)];
        }
        ring = larger;
        totals = largerTotals;
        head = 0;
    }

    /** Drops every entry above {@code to}. */
    void truncate(long to) {
        if (to < base || to > last()) {
            throw new InvariantViolation("I6", "truncation to " + to + " of " + base + ".." + last());
        }
        size = (int) (to - base);
    }

    /** Drops every entry up to {@code index}, which becomes the base. */
    void dropUpTo(long index) {
        if (index > last()) {
            throw new InvariantViolation("I2", "base " + index + " wanted beyond last " + last());
        }
        if (index <= base) {
            return;
        }
        int gone = (int) (index - base);
        totalAtBase = totalThrough(index);
        head = (head + gone) & (ring.length - 1);
        size -= gone;
        base = index;
    }

    /** Drops everything; the log continues after {@code index}. */
    void restartAfter(long index) {
        base = index;
        head = 0;
        size = 0;
        totalAtBase = 0;
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
        return weightBytes(from, last());
    }

    /** Sum of {@link Entry#weightBytes()} over what is held of {@code from..to}. */
    long weightBytes(long from, long to) {
        long after = Math.max(from - 1, base);
        long through = Math.min(to, last());
        return through <= after ? 0 : totalThrough(through) - totalThrough(after);
    }

    /** Sum of {@link Entry#weightBytes()} over the whole log. */
    long weightBytes() {
        return weightBytesFrom(base + 1);
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
