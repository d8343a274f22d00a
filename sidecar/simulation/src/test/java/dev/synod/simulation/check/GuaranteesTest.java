package dev.synod.simulation.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.synod.simulation.check.Beliefs.Holder;
import dev.synod.simulation.check.Beliefs.Sharing;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** P1 and P2: what tokens and guarantees promise. */
final class GuaranteesTest {
    private static final Sharing ALONE = new Sharing.UpTo(1);

    private final long[] clocks = new long[3];
    private final List<String> overlaps = new ArrayList<>();
    private final Beliefs beliefs = new Beliefs(machine -> clocks[machine], overlaps::add);
    private final TokenOrder tokens = new TokenOrder();

    private static Holder holder(int machine, String claimant) {
        return new Holder("lock", claimant, machine);
    }

    @Test
    void aBeliefThatBeginsAfterTheOtherIsOverIsFine() {
        beliefs.believe(holder(0, "a"), ALONE, 5, 100);
        clocks[0] = 100;
        beliefs.believe(holder(1, "b"), ALONE, 6, 100);
        assertThat(overlaps).isEmpty();
    }

    @Test
    void aBeliefWithinAnotherIsSeen() {
        beliefs.believe(holder(0, "a"), ALONE, 5, 100);
        clocks[0] = 99;
        beliefs.believe(holder(1, "b"), ALONE, 6, 100);
        assertThat(overlaps).singleElement().asString().contains("a by token 5").contains("b by token 6");
    }

    @Test
    void eachGoesByItsOwnClock() {
        beliefs.believe(holder(0, "a"), ALONE, 5, 100);
        clocks[1] = 1_000;
        beliefs.believe(holder(1, "b"), ALONE, 6, 2_000);
        assertThat(overlaps).hasSize(1);
    }

    @Test
    void whoLetsGoBelievesNoMore() {
        beliefs.believe(holder(0, "a"), ALONE, 5, 100);
        beliefs.end(holder(0, "a"));
        beliefs.believe(holder(1, "b"), ALONE, 6, 100);
        assertThat(overlaps).isEmpty();
    }

    @Test
    void aBeliefThatRevivesIsLookedAtAgain() {
        beliefs.believe(holder(0, "a"), ALONE, 5, 100);
        clocks[0] = 100;
        beliefs.believe(holder(1, "b"), ALONE, 6, 100);
        beliefs.believe(holder(0, "a"), ALONE, 5, 200);
        assertThat(overlaps).hasSize(1);
    }

    @Test
    void oneClaimantInTwoPlacesIsOne() {
        beliefs.believe(holder(0, "a"), ALONE, 5, 100);
        beliefs.believe(holder(1, "a"), ALONE, 5, 100);
        assertThat(overlaps).isEmpty();
    }

    @Test
    void permitsAreCounted() {
        Sharing two = new Sharing.UpTo(2);
        beliefs.believe(holder(0, "a"), two, 5, 100);
        beliefs.believe(holder(1, "b"), two, 6, 100);
        beliefs.believe(holder(2, "b"), two, 6, 100);
        assertThat(overlaps).isEmpty();
        beliefs.believe(holder(2, "c"), two, 7, 100);
        assertThat(overlaps).hasSize(1);
    }

    @Test
    void thoseWhoShareAreNotInEachOthersWay() {
        beliefs.believe(holder(0, "a"), new Sharing.Shared(), 5, 100);
        beliefs.believe(holder(1, "b"), new Sharing.Shared(), 6, 100);
        assertThat(overlaps).isEmpty();
        beliefs.believe(holder(2, "c"), ALONE, 7, 100);
        assertThat(overlaps).hasSize(1);
    }

    @Test
    void tokensThatRiseAreFine() {
        tokens.granted("lock", "a", true, 5, 0, 10);
        tokens.granted("lock", "b", true, 6, 11, 20);
        tokens.granted("lock", "b", true, 6, 21, 30);
        tokens.granted("other", "c", true, 4, 21, 30);
        assertThat(tokens.check()).isEqualTo(4);
    }

    @Test
    void grantsAskedForAtOnceMayBeToldInAnyOrder() {
        tokens.granted("lock", "a", true, 6, 0, 10);
        tokens.granted("lock", "b", true, 5, 9, 20);
        assertThatCode(tokens::check).doesNotThrowAnyException();
    }

    @Test
    void aTokenThatFallsIsFound() {
        tokens.granted("lock", "a", true, 6, 0, 10);
        tokens.granted("lock", "b", true, 5, 11, 20);
        assertThatThrownBy(tokens::check).hasMessageContaining("P1");
    }

    @Test
    void oneTokenForTwoIsFound() {
        tokens.granted("lock", "a", true, 6, 0, 10);
        tokens.granted("lock", "b", true, 6, 0, 20);
        assertThatThrownBy(tokens::check).hasMessageContaining("both granted");
    }

    @Test
    void aFencedRegisterTakesNoOldToken() {
        FencedRegister register = new FencedRegister();
        assertThat(register.write("lock", 5, "a")).isTrue();
        assertThat(register.write("lock", 6, "b")).isTrue();
        assertThat(register.write("lock", 5, "a")).isFalse();
        assertThat(register.write("lock", 6, "b")).isTrue();
        assertThat(register.rejected()).isEqualTo(1);
        assertThatThrownBy(() -> register.write("lock", 6, "c")).hasMessageContaining("P1");
    }

    @Test
    void oneRequestHasOneEffectAndOneAnswer() {
        ExactlyOnce once = new ExactlyOnce();
        once.effect("put 1", 10);
        once.effect("put 2", 11);
        assertThatThrownBy(() -> once.effect("put 1", 12)).hasMessageContaining("again at 12");
        once.reply(1, 1, "granted", 10);
        once.reply(1, 1, "granted", 20);
        once.reply(2, 1, "busy", 20);
        assertThatThrownBy(() -> once.reply(1, 1, "busy", 30)).hasMessageContaining("session 1");
    }
}
