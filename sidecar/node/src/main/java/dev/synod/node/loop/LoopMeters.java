package dev.synod.node.loop;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** What the loop and the write-ahead log count. Any thread. */
public final class LoopMeters {
    private static final Duration[] BUCKETS = {
        Duration.ofNanos(100_000), Duration.ofNanos(250_000), Duration.ofNanos(500_000),
        Duration.ofMillis(1), Duration.ofNanos(2_500_000), Duration.ofMillis(5),
        Duration.ofMillis(10), Duration.ofMillis(25), Duration.ofMillis(50), Duration.ofMillis(100),
        Duration.ofMillis(250), Duration.ofSeconds(1), Duration.ofSeconds(5)};

    private final Timer sync;
    private final Counter records;
    private final Timer turn;
    private final Counter events;
    private final Counter framesNotHeld;

    /** Registers them. */
    public LoopMeters(MeterRegistry registry) {
        sync = Timer.builder("synod.wal.sync").serviceLevelObjectives(BUCKETS)
                .description("time to write and sync one batch of the write-ahead log").register(registry);
        records = Counter.builder("synod.wal.records")
                .description("records written to the write-ahead log").register(registry);
        turn = Timer.builder("synod.loop.turn").serviceLevelObjectives(BUCKETS)
                .description("time of one turn of the event loop in the member").register(registry);
        events = Counter.builder("synod.loop.events")
                .description("events handed to the member").register(registry);
        framesNotHeld = Counter.builder("synod.frames.not.held")
                .description("frames dropped because too many waited for the disk").register(registry);
    }

    void synced(long nanos, int recordCount) {
        sync.record(nanos, TimeUnit.NANOSECONDS);
        records.increment(recordCount);
    }

    void turned(long nanos, int eventCount) {
        turn.record(nanos, TimeUnit.NANOSECONDS);
        events.increment(eventCount);
    }

    void frameNotHeld() {
        framesNotHeld.increment();
    }
}
