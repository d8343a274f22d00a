package dev.synod.paxos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The quorum rules against counting out every set of voters (I11). */
final class QuorumsTest {
    @Test
    void quorumsFitExactlyWhenEverySuchSetMeetsEverySuchSet() {
        for (int voters = 1; voters <= Configuration.VOTERS_MAX; voters++) {
            boolean[][] meet = meetingSizes(voters);
            for (int prepare = -1; prepare <= voters + 2; prepare++) {
                for (int accept = -1; accept <= voters + 2; accept++) {
                    for (int read = -1; read <= voters + 2; read++) {
                        boolean possible =
                                isSize(prepare, voters) && isSize(accept, voters) && isSize(read, voters);
                        boolean expected = possible && meet[prepare][accept] && meet[read][prepare];
                        Quorums quorums = new Quorums(prepare, accept, read);
                        assertThat(quorums.fit(voters)).as("%s of %s", quorums, voters).isEqualTo(expected);
                    }
                }
            }
        }
    }

    private static boolean isSize(int quorum, int voters) {
        return quorum >= 1 && quorum <= voters;
    }

    /** Whether every set of i voters and every set of j voters have a voter in common. */
    private static boolean[][] meetingSizes(int voters) {
        boolean[][] meet = new boolean[voters + 1][voters + 1];
        for (boolean[] row : meet) {
            Arrays.fill(row, true);
        }
        for (int a = 0; a < 1 << voters; a++) {
            for (int b = 0; b < 1 << voters; b++) {
                if ((a & b) == 0) {
                    meet[Integer.bitCount(a)][Integer.bitCount(b)] = false;
                }
            }
        }
        return meet;
    }

    @Test
    void majoritiesFitAndOneVoterLessDoesNot() {
        for (int voters = 1; voters <= Configuration.VOTERS_MAX; voters++) {
            Quorums majority = Quorums.majority(voters);
            assertThat(majority.fit(voters)).as("%s voters", voters).isTrue();
            int fewer = majority.prepare() - 1;
            assertThat(new Quorums(fewer, fewer, fewer).fit(voters)).as("%s voters", voters).isFalse();
        }
    }

    @Test
    void halfOfFourIsNoMajority() {
        assertThat(Quorums.majority(4)).isEqualTo(new Quorums(3, 3, 3));
        assertThat(Quorums.majority(5)).isEqualTo(new Quorums(3, 3, 3));
    }
}
