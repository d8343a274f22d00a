package dev.synod.simulation.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.paxos.SeededRandom;
import dev.synod.simulation.world.Partitioner.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class PartitionerTest {
    private static final int SEEDS = 200;

    private static boolean[][] cuts(Mode mode, boolean symmetric, int count, long seed) {
        return Partitioner.cuts(Partitioner.amountOf(mode, symmetric), count, new SeededRandom(seed));
    }

    private static int reached(boolean[][] cuts, int from) {
        int reached = 0;
        for (int to = 0; to < cuts.length; to++) {
            reached += cuts[from][to] ? 0 : 1;
        }
        return reached;
    }

    @ParameterizedTest
    @EnumSource
    void aSymmetricPartitionCutsBothWaysAndAOneWayPartitionOnlyOne(Mode mode) {
        for (long seed = 0; seed < SEEDS; seed++) {
            int count = 1 + (int) (seed % 9);
            boolean[][] both = cuts(mode, true, count, seed);
            boolean[][] one = cuts(mode, false, count, seed);
            for (int a = 0; a < count; a++) {
                assertThat(both[a][a]).isFalse();
                for (int b = 0; b < count; b++) {
                    assertThat(both[a][b]).isEqualTo(both[b][a]);
                    assertThat(one[a][b] && one[b][a]).isFalse();
                }
            }
        }
    }

    @Test
    void uniformSizesPartEveryoneIntoTwoGroupsOfAnySize() {
        TreeSet<Integer> sizes = new TreeSet<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            boolean[][] cuts = cuts(Mode.UNIFORM_SIZE, true, 5, seed);
            int size = reached(cuts, 0);
            sizes.add(size);
            for (int from = 0; from < 5; from++) {
                assertThat(reached(cuts, from)).isEqualTo(cuts[0][from] ? 5 - size : size);
            }
        }
        assertThat(sizes).containsExactly(1, 2, 3, 4);
    }

    @Test
    void isolationLeavesOneAlone() {
        for (long seed = 0; seed < SEEDS; seed++) {
            boolean[][] cuts = cuts(Mode.ISOLATE_ONE, true, 5, seed);
            List<Integer> counts = new ArrayList<>();
            for (int from = 0; from < 5; from++) {
                counts.add(reached(cuts, from));
            }
            assertThat(counts).containsExactlyInAnyOrder(1, 4, 4, 4, 4);
        }
    }

    @Test
    void inTheRingEveryoneReachesAMajorityAndNoTwoTheSame() {
        for (int count : new int[] {3, 5, 7}) {
            boolean[][] cuts = cuts(Mode.MAJORITIES_RING, true, count, count);
            TreeSet<String> seen = new TreeSet<>();
            for (int from = 0; from < count; from++) {
                assertThat(reached(cuts, from)).isGreaterThanOrEqualTo(count / 2 + 1)
                        .isLessThanOrEqualTo(count);
                StringBuilder group = new StringBuilder();
                for (int to = 0; to < count; to++) {
                    group.append(cuts[from][to] ? '-' : '+');
                }
                seen.add(group.toString());
            }
            assertThat(seen).hasSize(count);
        }
    }

    @Test
    void theBridgeReachesBothSidesWhichDoNotReachEachOther() {
        boolean[][] cuts = cuts(Mode.BRIDGE, true, 5, 1);
        int bridges = 0;
        for (int from = 0; from < 5; from++) {
            bridges += reached(cuts, from) == 5 ? 1 : 0;
            assertThat(reached(cuts, from)).isIn(3, 5);
        }
        assertThat(bridges).isEqualTo(1);
    }

    @Test
    void randomLinksAreCutHereAndThere() {
        int cut = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            cut += 5 - reached(cuts(Mode.RANDOM_LINKS, true, 5, seed), 0);
        }
        assertThat(cut).isBetween(SEEDS, 2 * SEEDS);
    }
}
