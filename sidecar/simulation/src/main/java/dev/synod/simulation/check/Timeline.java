package dev.synod.simulation.check;

import java.util.Arrays;

/** A number that rises in time. */
public final class Timeline {
    private long[] times = new long[64];
    private long[] values = new long[64];
    private int size;

    Timeline() {}

    /** From {@code timeNanos} on the number is at least {@code value}. Times do not fall. */
    void atLeast(long timeNanos, long value) {
        if (size > 0 && values[size - 1] >= value) {
            return;
        }
        if (size == times.length) {
            times = Arrays.copyOf(times, 2 * size);
            values = Arrays.copyOf(values, 2 * size);
        }
        times[size] = timeNanos;
        values[size++] = value;
    }

    /** From when on the number was at least {@code value}; {@link Long#MAX_VALUE} if it never was. */
    public long timeOf(long value) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (values[middle] < value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == size ? Long.MAX_VALUE : times[low];
    }

    /** The number just before {@code timeNanos}; 0 before the first. */
    public long before(long timeNanos) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (times[middle] < timeNanos) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == 0 ? 0 : values[low - 1];
    }
}
