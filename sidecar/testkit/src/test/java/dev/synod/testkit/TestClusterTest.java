package dev.synod.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.client.Coordination;
import dev.synod.client.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class TestClusterTest {
    @Test
    void oneMemberServes() {
        for (int i = 0; i < 4; i++) {
            for (int size : new int[] {1, 3}) {
                long t = System.nanoTime();
                try (TestCluster cluster = TestCluster.start(size)) {
                    long u = System.nanoTime();
                    try (Coordination c = cluster.connect(0)) {
                        c.values().put("a", Value.of("1"));
                        assertThat(c.values().get("a")).isPresent();
                    }
                    long v = System.nanoTime();
                    System.out.println(size + ": start " + (u - t) / 1_000_000 + " use " + (v - u) / 1_000_000);
                    t = System.nanoTime();
                }
                System.out.println(size + ": close " + (System.nanoTime() - t) / 1_000_000);
            }
        }
    }
}
