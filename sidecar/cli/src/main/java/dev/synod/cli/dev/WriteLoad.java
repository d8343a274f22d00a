package dev.synod.cli.dev;

import dev.synod.client.Coordination;
import dev.synod.client.CoordinationException;
import dev.synod.client.KeyRange;
import dev.synod.client.KeyValue;
import dev.synod.client.SessionExpiredException;
import dev.synod.client.Value;
import dev.synod.client.Values;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Writers, several at each sidecar, that put one new key after the other at a steady pace and remember what
 * was acknowledged, and when. A writer whose sidecar is gone waits for it as an application would.
 */
final class WriteLoad implements AutoCloseable {
    private static final int WRITERS_EACH = 4;
    private static final long WRITES_EACH_SECOND = 1_200;

    private final String prefix;
    private final long pauseNanos;
    private final List<Thread> threads = new ArrayList<>();
    private final ConcurrentLinkedQueue<Long> acknowledgedAt = new ConcurrentLinkedQueue<>();
    private final Map<String, String> acknowledged = new ConcurrentHashMap<>();
    private final AtomicInteger unknown = new AtomicInteger();
    private final AtomicInteger orderViolations = new AtomicInteger();
    private volatile boolean stopping;

    /** Begins to write below {@code prefix}. */
    WriteLoad(String prefix, List<Coordination> sidecars) {
        this.prefix = prefix;
        pauseNanos = 1_000_000_000L * WRITERS_EACH * sidecars.size() / WRITES_EACH_SECOND;
        for (int i = 0; i < sidecars.size(); i++) {
            for (int j = 0; j < WRITERS_EACH; j++) {
                String name = i + "-" + j;
                Coordination sidecar = sidecars.get(i);
                threads.add(Thread.ofVirtual().name("writer-" + name).start(() -> write(name, sidecar)));
            }
        }
    }

    private void write(String name, Coordination sidecar) {
        Values values = sidecar.values();
        long lastRevision = 0;
        long next = System.nanoTime();
        for (int i = 1; !stopping; i++) {
            String key = prefix + name + "/" + i;
            String value = name + ":" + i;
            try {
                long revision = values.put(key, Value.of(value));
                acknowledgedAt.add(System.nanoTime());
                acknowledged.put(key, value);
                if (revision <= lastRevision) {
                    orderViolations.incrementAndGet();
                }
                lastRevision = revision;
            } catch (SessionExpiredException e) {
                unknown.addAndGet(e.maybeApplied() ? 1 : 0);
                Sessions.renew(sidecar, () -> stopping);
            } catch (CoordinationException e) {
                unknown.addAndGet(e.maybeApplied() ? 1 : 0);
            }
            next = Math.max(next + pauseNanos, System.nanoTime() - pauseNanos);
            long left = next - System.nanoTime();
            if (left > 0) {
                sleep(left); // a pace, not a wait for something
            }
        }
    }

    private static void sleep(long nanos) {
        try {
            Thread.sleep(Duration.ofNanos(nanos));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    int acknowledged() {
        return acknowledged.size();
    }

    int unknown() {
        return unknown.get();
    }

    int orderViolations() {
        return orderViolations.get();
    }

    /** How many were acknowledged after a time. */
    int acknowledgedAfter(long nanos) {
        return (int) acknowledgedAt.stream().filter(at -> at - nanos > 0).count();
    }

    /** The longest time without an acknowledged write that was not over before {@code from}. */
    Duration longestGapFrom(long from) {
        List<Long> times = new ArrayList<>(acknowledgedAt);
        times.sort(null);
        long longest = 0;
        long before = from;
        for (long at : times) {
            if (at - from > 0) {
                longest = Math.max(longest, at - before);
            }
            before = at;
        }
        return Duration.ofNanos(longest);
    }

    /** Ends the writers, and waits for them. */
    @Override
    public void close() {
        stopping = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** How many acknowledged writes are not there; reads through a sidecar, linearizably. */
    int lost(Coordination sidecar) {
        Map<String, String> found = new HashMap<>();
        for (KeyValue value : sidecar.values().list(KeyRange.prefix(prefix)).values()) {
            found.put(value.key(), value.value().text());
        }
        int lost = 0;
        for (Map.Entry<String, String> write : acknowledged.entrySet()) {
            if (!write.getValue().equals(found.get(write.getKey()))) {
                lost++;
            }
        }
        return lost;
    }
}
