package dev.synod.image;

import dev.synod.client.Candidacy;
import dev.synod.client.Condition;
import dev.synod.client.Coordination;
import dev.synod.client.KeyRange;
import dev.synod.client.LockHandle;
import dev.synod.client.LockMode;
import dev.synod.client.Operation;
import dev.synod.client.Value;
import dev.synod.client.ValueChange;
import dev.synod.client.ValueListener;
import dev.synod.client.Watch;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** An application beside a sidecar. For one thread. */
final class Application implements AutoCloseable {
    private static final Duration WAIT = Duration.ofSeconds(60);
    private static final int UNDER_WAY = 64;
    private static final int KEYS = 1_000;
    private static final byte[] VALUE = new byte[256];

    private final Coordination coordination;

    Application(String endpoint) {
        coordination =
                Coordination.builder().endpoint(endpoint).connectTimeout(WAIT).callTimeout(WAIT).connect();
    }

    /** Uses each part of the API once or more. */
    void useEverything() throws InterruptedException {
        try (LockHandle lock = coordination.lock("training/lock").acquire(WAIT)) {
            coordination.values().commit()
                    .when(Condition.missing("training/guarded"))
                    .then(Operation.put("training/guarded", Value.of("written under a lock")))
                    .otherwise(Operation.read(KeyRange.key("training/guarded")))
                    .whileHeld(lock)
                    .run();
            coordination.lock("training/lock").view();
            coordination.lock("training/lock").check(lock.fencingToken());
        }
        try (LockHandle first =
                coordination.lock("training/shared").mode(LockMode.SHARED).owner("a").acquire(WAIT);
                LockHandle second =
                        coordination.lock("training/shared").mode(LockMode.SHARED).owner("b").acquire(WAIT)) {
            first.ensureHeld();
            second.ensureHeld();
        }
        try (Candidacy candidacy = coordination.election("training/election").candidate("it").start()) {
            candidacy.await(WAIT).orElseThrow().proclaim(Value.of("leading"));
            coordination.election("training/election").current();
            coordination.election("training/election").view();
        }
        watch();
        coordination.values().list(KeyRange.prefix("training/"));
        coordination.values().deleteAll(KeyRange.prefix("training/"));
    }

    private void watch() throws InterruptedException {
        CountDownLatch seen = new CountDownLatch(1);
        ValueListener listener = new ValueListener() {
            @Override
            public void onChanges(List<ValueChange> changes, long revision) {
                seen.countDown();
            }

            @Override
            public void onCompacted(long lowestRevision) {
                seen.countDown();
            }
        };
        long revision = coordination.values().put("training/watched", Value.of("changed"));
        try (Watch watch = coordination.values().watch(KeyRange.prefix("training/"), revision, listener)) {
            if (!seen.await(WAIT.toSeconds(), TimeUnit.SECONDS) || watch.ended().isCompletedExceptionally()) {
                throw new IllegalStateException("a watch did not tell of a change within " + WAIT);
            }
        }
    }

    /** Writes so many values of 256 bytes over 1,000 keys, 64 at once, and reads one in ten back. */
    void write(int count) {
        CompletableFuture<?>[] running = new CompletableFuture<?>[UNDER_WAY];
        for (int i = 0; i < count; i++) {
            CompletableFuture<?> before = running[i % UNDER_WAY];
            if (before != null) {
                before.join();
            }
            String key = "load/" + i % KEYS;
            running[i % UNDER_WAY] = i % 10 == 0
                    ? coordination.values().getAsync(key)
                    : coordination.values().putAsync(key, Value.of(VALUE));
        }
        for (CompletableFuture<?> last : running) {
            if (last != null) {
                last.join();
            }
        }
    }

    @Override
    public void close() {
        coordination.close();
    }
}
