package dev.synod.testkit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Prints how long a cluster takes; asserts nothing about it. */
@Tag("whole")
@Timeout(120)
final class StartTimeTest {
    private static final int TIMES = 7;

    @Test
    void aClusterStartsAndEnds() {
        System.out.println("members  first start  start  close   (ms, medians of " + (TIMES - 1) + ")");
        for (int size : new int[] {1, 3}) {
            List<Long> starts = new ArrayList<>();
            List<Long> closes = new ArrayList<>();
            for (int i = 0; i < TIMES; i++) {
                long from = System.nanoTime();
                TestCluster cluster = TestCluster.start(size);
                long served = System.nanoTime();
                cluster.close();
                starts.add(TimeUnit.NANOSECONDS.toMillis(served - from));
                closes.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - served));
            }
            System.out.printf("%7d  %11d  %5d  %5d%n", size, starts.removeFirst(), median(starts),
                    median(closes));
        }
    }

    private static long median(List<Long> millis) {
        Collections.sort(millis);
        return millis.get(millis.size() / 2);
    }
}
