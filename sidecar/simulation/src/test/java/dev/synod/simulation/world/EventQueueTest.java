package dev.synod.simulation.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.paxos.SeededRandom;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EventQueueTest {
    private static List<Integer> drain(EventQueue queue, List<Integer> ran) {
        while (!queue.isEmpty()) {
            queue.poll().run();
        }
        return ran;
    }

    @Test
    void eventsComeInTheOrderOfTimeHoweverTheyWereAdded() {
        SeededRandom random = new SeededRandom(7);
        EventQueue queue = new EventQueue(random.child("ties"));
        List<Long> times = new ArrayList<>();
        List<Long> seen = new ArrayList<>();
        for (int round = 0; round < 2_000; round++) {
            long time = random.below(1_000_000L);
            times.add(time);
            queue.add(time, () -> seen.add(time));
            if (random.chance(0.3)) {
                long next = queue.nextNanos();
                assertThat(times.stream().min(Long::compare)).contains(next);
                queue.poll().run();
                times.remove(next);
                assertThat(seen.getLast()).isEqualTo(next);
            }
        }
        assertThat(queue.size()).isEqualTo(times.size());
        seen.clear();
        while (!queue.isEmpty()) {
            queue.poll().run();
        }
        assertThat(seen).isSorted().hasSameSizeAs(times);
        assertThat(queue.nextNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void simultaneousEventsComeInAnOrderThatTheSeedDraws() {
        List<Integer> first = simultaneous(1);
        assertThat(simultaneous(1)).isEqualTo(first);
        assertThat(simultaneous(2)).isNotEqualTo(first).containsExactlyInAnyOrderElementsOf(first);
        assertThat(first).isNotEqualTo(first.stream().sorted().toList());
    }

    private static List<Integer> simultaneous(long seed) {
        EventQueue queue = new EventQueue(new SeededRandom(seed));
        List<Integer> ran = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            int event = i;
            queue.add(5, () -> ran.add(event));
        }
        return drain(queue, ran);
    }
}
