package dev.synod.paxos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Ballots are totally ordered: epoch first, then round, then member. */
final class BallotTest {
    @Test
    void ballotsStandInTheOrderOfEpochThenRoundThenMember() {
        List<Ballot> inOrder = new ArrayList<>();
        for (int epoch : new int[] {0, 1, Integer.MAX_VALUE}) {
            for (long round : new long[] {0, 1, 1L << 33, Long.MAX_VALUE}) {
                for (int member : new int[] {0, 1, Integer.MAX_VALUE}) {
                    inOrder.add(new Ballot(epoch, round, member));
                }
            }
        }
        for (int i = 0; i < inOrder.size(); i++) {
            for (int j = 0; j < inOrder.size(); j++) {
                Ballot a = inOrder.get(i);
                Ballot b = inOrder.get(j);
                assertThat(Integer.signum(a.compareTo(b))).as("%s to %s", a, b)
                        .isEqualTo(Integer.compare(i, j));
                assertThat(a.isBelow(b)).isEqualTo(i < j);
                assertThat(Ballot.max(a, b)).isEqualTo(inOrder.get(Math.max(i, j)));
            }
        }
    }

    @Test
    void theBottomOfAnEpochLiesAboveAllBallotsOfTheEpochsBeforeAndBelowAllOthersOfItsOwn() {
        Ballot bottom = Ballot.bottomOf(3);
        assertThat(bottom.isBottom()).isTrue();
        assertThat(new Ballot(2, Long.MAX_VALUE, Integer.MAX_VALUE).isBelow(bottom)).isTrue();
        assertThat(bottom.isBelow(new Ballot(3, 1, 1))).isTrue();
        assertThat(new Ballot(3, 1, 1).isBottom()).isFalse();
    }

    @Test
    void theBottomOfTheFirstEpochIsTheBottom() {
        assertThat(Ballot.bottomOf(0)).isSameAs(Ballot.BOTTOM).isEqualTo(new Ballot(0, 0, 0));
    }

    @Test
    void aBallotIsPrintedAsEpochRoundMember() {
        assertThat(new Ballot(2, 7, 3)).hasToString("2.7.3");
    }
}
