package dev.synod.client;

import java.util.ArrayDeque;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Ids of one session's requests, and below which all are settled. The session remembers 1,024 replies that
 * are not acknowledged, so requests begin only while the oldest unsettled one is near enough.
 *
 * <p>A request that waits (for a lock) would hold the window shut for as long as it waits. When others need
 * room, it is <em>waived</em>: its reply is given up, and a repeat takes another id. That is safe, for a
 * claim that is asked for twice is granted once, and a late copy of a waived request is refused.
 */
final class RequestWindow {
    /** Below the 1,024 that a session remembers. */
    static final int SPAN_MAX = 896;

    private static final int WAIVE_BEYOND = SPAN_MAX / 2;

    private final ReentrantLock lock = new ReentrantLock();
    private final TreeMap<Long, Boolean> waitsById = new TreeMap<>();
    private final ArrayDeque<Starter> held = new ArrayDeque<>();
    private long next = 1;

    private record Starter(boolean waits, LongConsumer start) {}

    private record Begun(long id, LongConsumer start) {}

    /** Calls {@code start} with an id, at once or when there is room; on the caller's or another thread. */
    void begin(boolean waits, LongConsumer start) {
        lock.lock();
        try {
            held.add(new Starter(waits, start));
        } finally {
            lock.unlock();
        }
        startHeld();
    }

    /** A request is settled: it will not be repeated. */
    void end(long id) {
        lock.lock();
        try {
            waitsById.remove(id);
        } finally {
            lock.unlock();
        }
        startHeld();
    }

    /** Whether the request may still be repeated under its id. */
    boolean isOpen(long id) {
        lock.lock();
        try {
            return waitsById.containsKey(id);
        } finally {
            lock.unlock();
        }
    }

    /** All requests below this one are settled; at most {@code id}. */
    long ackedBelow(long id) {
        lock.lock();
        try {
            return Math.min(id, waitsById.isEmpty() ? next : waitsById.firstKey());
        } finally {
            lock.unlock();
        }
    }

    private void startHeld() {
        for (Begun begun = nextBegun(); begun != null; begun = nextBegun()) {
            begun.start.accept(begun.id);
        }
    }

    private @Nullable Begun nextBegun() {
        lock.lock();
        try {
            while (!waitsById.isEmpty() && next - waitsById.firstKey() >= WAIVE_BEYOND
                    && waitsById.firstEntry().getValue()) {
                waitsById.pollFirstEntry();
            }
            if (held.isEmpty() || !waitsById.isEmpty() && next - waitsById.firstKey() >= SPAN_MAX) {
                return null;
            }
            Starter starter = held.remove();
            long id = next++;
            waitsById.put(id, starter.waits);
            return new Begun(id, starter.start);
        } finally {
            lock.unlock();
        }
    }
}
