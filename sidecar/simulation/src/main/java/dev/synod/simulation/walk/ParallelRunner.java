package dev.synod.simulation.walk;

import java.util.ArrayList;
import java.util.List;

/** The threads and the clock of a walk. */
public final class ParallelRunner {
    private final int threads;

    /** @param threads how many, this one included */
    public ParallelRunner(int threads) {
        this.threads = threads;
    }

    long nowNanos() {
        return System.nanoTime();
    }

    /**
     * Runs {@code task} on every thread at once, returns when all are done, and throws what one of them
     * threw.
     */
    void run(Runnable task) {
        List<Throwable> failures = new ArrayList<>();
        Runnable guarded = () -> {
            try {
                task.run();
            } catch (Throwable e) {
                synchronized (failures) {
                    failures.add(e);
                }
            }
        };
        List<Thread> others = new ArrayList<>();
        for (int i = 1; i < threads; i++) {
            others.add(Thread.ofPlatform().name("walk-" + i).daemon().start(guarded));
        }
        guarded.run();
        for (Thread other : others) {
            boolean interrupted = false;
            while (other.isAlive()) {
                try {
                    other.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        if (!failures.isEmpty()) {
            throw new IllegalStateException("a walk's thread failed: " + failures.getFirst(),
                    failures.getFirst());
        }
    }
}
