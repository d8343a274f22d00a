package dev.synod.e2e.workload;

import dev.synod.client.Coordination;
import dev.synod.client.KeyValue;
import java.util.Random;

/**
 * Writes and reads at a steady rate: half of it into places of its own, one after the other, the rest on keys
 * that all pods share. Shared keys change every ten seconds, so that the history of each stays short
 * enough to be searched, and come again after an hour, so that the state stays bounded.
 */
final class ValueWork implements Work {
    private static final int OWN_PLACES = 64;
    private static final int SHARED_KEYS = 3;
    private static final long BUCKET_MILLIS = 10_000;
    private static final long BUCKETS = 360;

    private final Journalled journalled;
    private final String pod;
    private final long everyMillis;
    private final Random random = new Random();
    private int written;

    ValueWork(Journal journal, String pod, long everyMillis) {
        journalled = new Journalled(journal);
        this.pod = pod;
        this.everyMillis = everyMillis;
    }

    @Override
    public long once(Coordination coordination) {
        switch (random.nextInt(10)) {
            case 0, 1 -> journalled.put(coordination, shared());
            case 2 -> {
                String key = shared();
                long found = journalled.read(coordination, key).map(KeyValue::modRevision).orElse(0L);
                journalled.swap(coordination, key, found);
            }
            case 3, 4 -> journalled.read(coordination, shared());
            default -> journalled.put(coordination, "own/" + pod + "/" + written++ % OWN_PLACES);
        }
        return everyMillis;
    }

    private String shared() {
        long bucket = System.currentTimeMillis() / BUCKET_MILLIS % BUCKETS;
        return "shared/" + bucket + "/" + random.nextInt(SHARED_KEYS);
    }
}
