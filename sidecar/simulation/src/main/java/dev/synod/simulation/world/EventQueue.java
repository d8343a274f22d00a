package dev.synod.simulation.world;

import dev.synod.paxos.SeededRandom;
import java.util.Arrays;

/**
 * What is going to happen, earliest first: a binary heap with its keys in arrays of their own. Events of the
 * same time come in an order drawn from the seed, so that no run relies on the order in which they were
 * scheduled.
 */
final class EventQueue {
    private static final int SEQUENCE_BITS = 44;
    private static final int TIE_BOUND = 1 << (63 - SEQUENCE_BITS);

    private final SeededRandom ties;
    private long[] times = new long[256];
    private long[] orders = new long[256];
    private Runnable[] events = new Runnable[256];
    private int size;
    private long sequence;

    /** An empty queue that draws the order of simultaneous events from {@code ties}. */
    EventQueue(SeededRandom ties) {
        this.ties = ties;
    }

    /** Adds an event. */
    void add(long timeNanos, Runnable event) {
        if (size == times.length) {
            times = Arrays.copyOf(times, 2 * size);
            orders = Arrays.copyOf(orders, 2 * size);
            events = Arrays.copyOf(events, 2 * size);
        }
        long order = (long) ties.below(TIE_BOUND) << SEQUENCE_BITS | sequence++;
        siftUp(size++, timeNanos, order, event);
    }

    /** Whether nothing is going to happen. */
    boolean isEmpty() {
        return size == 0;
    }

    /** Number of events. */
    int size() {
        return size;
    }

    /** Time of the next event; {@link Long#MAX_VALUE} when there is none. */
    long nextNanos() {
        return size == 0 ? Long.MAX_VALUE : times[0];
    }

    /** Removes the next event, which must exist. */
    Runnable poll() {
        Runnable first = events[0];
        size--;
        Runnable moved = events[size];
        if (size > 0) {
            siftDown(times[size], orders[size], moved);
        }
        clear(size);
        return first;
    }

    /** Lets go of an event that has left the heap, so that what it holds can be collected. */
    @SuppressWarnings("NullAway") // slots beyond size are never read
    private void clear(int slot) {
        events[slot] = null;
    }

    private void siftUp(int from, long time, long order, Runnable event) {
        int slot = from;
        while (slot > 0) {
            int parent = (slot - 1) >>> 1;
            if (times[parent] < time || (times[parent] == time && orders[parent] < order)) {
                break;
            }
            place(slot, times[parent], orders[parent], events[parent]);
            slot = parent;
        }
        place(slot, time, order, event);
    }

    private void siftDown(long time, long order, Runnable event) {
        int slot = 0;
        int half = size >>> 1;
        while (slot < half) {
            int child = 2 * slot + 1;
            int right = child + 1;
            if (right < size
                    && (times[right] < times[child]
                            || (times[right] == times[child] && orders[right] < orders[child]))) {
                child = right;
            }
            if (time < times[child] || (time == times[child] && order < orders[child])) {
                break;
            }
            place(slot, times[child], orders[child], events[child]);
            slot = child;
        }
        place(slot, time, order, event);
    }

    private void place(int slot, long time, long order, Runnable event) {
        times[slot] = time;
        orders[slot] = order;
        events[slot] = event;
    }
}
