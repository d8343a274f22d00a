package dev.synod.cli.dev;

import dev.synod.client.ValueChange;
import dev.synod.client.ValueListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A watch that writes down how long each change took to arrive, and whether they came in order. */
final class SeenChanges implements ValueListener {
    private final Map<String, Long> sentAt = new ConcurrentHashMap<>();
    private final List<Long> latencies = new ArrayList<>();
    private long lastRevision;
    private int violations;

    void sent(String key) {
        sentAt.put(key, System.nanoTime());
    }

    @Override
    public synchronized void onChanges(List<ValueChange> changes, long revision) {
        for (ValueChange change : changes) {
            violations += change.revision() <= lastRevision ? 1 : 0;
            lastRevision = change.revision();
            Long sent = sentAt.get(change.key());
            if (sent != null) {
                latencies.add(System.nanoTime() - sent);
            }
        }
    }

    @Override
    public synchronized void onCompacted(long lowestRevision) {
        violations++; // nothing is compacted within seconds
    }

    synchronized int count() {
        return latencies.size();
    }

    synchronized int violations() {
        return violations;
    }

    synchronized Duration median() {
        List<Long> sorted = latencies.stream().sorted().toList();
        return sorted.isEmpty() ? Duration.ZERO : Duration.ofNanos(sorted.get(sorted.size() / 2));
    }
}
