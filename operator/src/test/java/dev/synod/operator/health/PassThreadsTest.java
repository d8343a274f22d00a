package dev.synod.operator.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** When an operator takes a pass for one that never ends. */
final class PassThreadsTest {
    private final AtomicLong now = new AtomicLong();

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Test
    void aPassThatDoesNotEndIsToldUntilItDoes() throws InterruptedException, ExecutionException {
        try (PassThreads threads = new PassThreads(2, now::get)) {
            CountDownLatch begun = new CountDownLatch(1);
            CountDownLatch answer = new CountDownLatch(1);
            Future<?> stuck = threads.submit(() -> {
                begun.countDown();
                answer.await();
                return null;
            });
            begun.await();
            pass(PassThreads.PATIENCE);
            threads.submit(() -> {}).get();
            assertThat(threads.problem()).isEmpty();
            pass(Duration.ofSeconds(1));
            assertThat(threads.problem()).contains("901 s");
            answer.countDown();
            stuck.get();
            threads.shutdown();
            assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
            assertThat(threads.problem()).isEmpty();
        }
    }

    @Test
    void timeWithoutAPassIsNoTimeOfAPass() throws InterruptedException, ExecutionException {
        try (PassThreads threads = new PassThreads(1, now::get)) {
            threads.submit(() -> {}).get();
            pass(Duration.ofHours(1));
            CountDownLatch begun = new CountDownLatch(1);
            threads.submit(begun::countDown);
            begun.await();
            assertThat(threads.problem()).isEmpty();
        }
    }
}
