package dev.synod.simulation;

import dev.synod.simulation.port.RunResult;
import dev.synod.simulation.report.Figures;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Runs seeds one after the other on a few threads, {@code simulation-0} and so on, until a limit. Each run
 * lives in one thread; what the threads share is the next seed and the figures.
 */
final class SeedBatch {
    private static final long LOOK_MILLIS = 200;

    private final LongFunction<RunResult> run;
    private final LongFunction<SubjectKind> kind;
    private final long firstSeed;
    private final long seedsMax;
    private final long deadlineNanos;
    private final int failuresMax;

    private final AtomicLong next = new AtomicLong();
    private final Object lock = new Object();
    private final Figures figures = new Figures();
    private final Map<SubjectKind, Figures> bySubject = new EnumMap<>(SubjectKind.class);
    private final List<RunResult> failures = new ArrayList<>();
    private @Nullable Throwable broken;

    /**
     * A batch.
     *
     * @param kind what a seed puts to the test
     * @param seedsMax no more than these
     * @param deadlineNanos no new run after this time of {@link System#nanoTime}
     * @param failuresMax no new run after this many failures
     */
    SeedBatch(LongFunction<RunResult> run, LongFunction<SubjectKind> kind, long firstSeed, long seedsMax,
            long deadlineNanos, int failuresMax) {
        this.run = run;
        this.kind = kind;
        this.firstSeed = firstSeed;
        this.seedsMax = seedsMax;
        this.deadlineNanos = deadlineNanos;
        this.failuresMax = failuresMax;
    }

    /**
     * Runs it to its end.
     *
     * @param look called now and then on this thread, with the figures so far
     * @throws IllegalStateException when a run could not be brought to an end: the simulator's own fault
     */
    void run(int threads, Consumer<Figures> look) {
        long cpuBefore = CpuClock.processNanos();
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            workers.add(Thread.ofPlatform().name("simulation-" + i).start(this::work));
        }
        for (Thread worker : workers) {
            while (!joined(worker)) {
                synchronized (lock) {
                    figures.setCoreNanos(CpuClock.processNanos() - cpuBefore);
                    look.accept(figures);
                }
            }
        }
        figures.setCoreNanos(CpuClock.processNanos() - cpuBefore);
        if (broken != null) {
            throw new IllegalStateException("the simulator itself failed: " + broken.getMessage(), broken);
        }
    }

    private static boolean joined(Thread worker) {
        try {
            worker.join(LOOK_MILLIS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
        return !worker.isAlive();
    }

    private void work() {
        try {
            for (long index = next.getAndIncrement(); index < seedsMax && goOn();
                    index = next.getAndIncrement()) {
                RunResult result = run.apply(firstSeed + index);
                synchronized (lock) {
                    figures.add(result);
                    figures(kind.apply(result.seed())).add(result);
                    if (!result.passed()) {
                        failures.add(result);
                    }
                }
            }
        } catch (Throwable e) {
            synchronized (lock) {
                broken = e;
            }
        }
    }

    private boolean goOn() {
        synchronized (lock) {
            return broken == null && failures.size() < failuresMax && System.nanoTime() - deadlineNanos < 0;
        }
    }

    /** What was done; complete when {@link #run} has returned. */
    Figures figures() {
        return figures;
    }

    /** The part of it that put {@code subject} to the test; without the time that it took. */
    Figures figures(SubjectKind subject) {
        return bySubject.computeIfAbsent(subject, any -> new Figures());
    }

    /** Failed runs by rising seed. */
    List<RunResult> failures() {
        List<RunResult> sorted = new ArrayList<>(failures);
        sorted.sort((a, b) -> Long.compareUnsigned(a.seed() - firstSeed, b.seed() - firstSeed));
        return sorted;
    }
}
