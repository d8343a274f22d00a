package dev.synod.paxos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Every seed that anybody ever wrote down must go on meaning the same run. */
final class SeededRandomTest {
    private static final int DRAWS = 20_000;

    /**
     * Computed apart from this code, by one that gives the published draws of SplitMix64 and xoshiro256**.
     */
    @Test
    void theFirstDrawsOfASeedNeverChange() {
        assertThat(draws(new SeededRandom(0))).containsExactly(
                0x99EC5F36CB75F2B4L, 0xBF6E1F784956452AL, 0x1A5F849D4933E6E0L, 0x6AA594F1262D2D2CL,
                0xBBA5AD4A1F842E59L);
        assertThat(draws(new SeededRandom(1))).containsExactly(
                0xB3F2AF6D0FC710C5L, 0x853B559647364CEAL, 0x92F89756082A4514L, 0x642E1C7BC266A3A7L,
                0xB27A48E29A233673L);
        assertThat(draws(new SeededRandom(-1))).containsExactly(
                0x8F5520D52A7EAD08L, 0xC476A018CAA1802DL, 0x81DE31C0D260469EL, 0xBF658D7E065F3C2FL,
                0x913593FDA1BCA32AL);
    }

    @Test
    void theFirstDrawsOfANamedChildNeverChange() {
        assertThat(draws(new SeededRandom(1).child("disk")))
                .startsWith(0x4C2DBC77DCA7E964L, 0xB12382544BDDDD4FL, 0x5E4F052F4584A0EBL);
    }

    private static long[] draws(SeededRandom random) {
        long[] draws = new long[5];
        for (int i = 0; i < draws.length; i++) {
            draws[i] = random.nextLong();
        }
        return draws;
    }

    @Test
    void namingAChildDrawsNothingFromItsParent() {
        SeededRandom random = new SeededRandom(7);
        random.child("a");
        assertThat(draws(random)).isEqualTo(draws(new SeededRandom(7)));
    }

    @Test
    void childrenOfOtherNamesAndOtherParentsDrawOtherNumbers() {
        SeededRandom random = new SeededRandom(7);
        long[] a = draws(random.child("a"));
        assertThat(a).isNotEqualTo(draws(random.child("b")));
        assertThat(a).isNotEqualTo(draws(random));
        assertThat(a).isNotEqualTo(draws(new SeededRandom(8).child("a")));
        assertThat(a).isEqualTo(draws(new SeededRandom(7).child("a")));
    }

    @Test
    void aCopyGoesOnFromWhereTheOriginalIs() {
        SeededRandom random = new SeededRandom(7);
        random.nextLong();
        SeededRandom copy = random.copy();
        assertThat(draws(copy)).isEqualTo(draws(random));
    }

    @Test
    void boundedDrawsReachBothEndsAndGoNoFurther() {
        SeededRandom random = new SeededRandom(9);
        boolean[] ints = new boolean[7];
        boolean[] longs = new boolean[7];
        boolean[] range = new boolean[7];
        for (int i = 0; i < DRAWS; i++) {
            ints[random.below(7)] = true;
            longs[(int) random.below(7L)] = true;
            range[(int) random.between(-3, 3) + 3] = true;
            assertThat(random.unit()).isGreaterThanOrEqualTo(0).isLessThan(1);
        }
        assertThat(ints).doesNotContain(false);
        assertThat(longs).doesNotContain(false);
        assertThat(range).doesNotContain(false);
    }

    @Test
    void hugeBoundsAreKept() {
        SeededRandom random = new SeededRandom(10);
        for (int i = 0; i < DRAWS; i++) {
            assertThat(random.below(Integer.MAX_VALUE)).isBetween(0, Integer.MAX_VALUE - 1);
            assertThat(random.below(Long.MAX_VALUE)).isBetween(0L, Long.MAX_VALUE - 1);
        }
        assertThat(random.below(1)).isZero();
        assertThat(random.between(5, 5)).isEqualTo(5);
    }

    @Test
    void boundsWithoutANumberBelowThemAreRefused() {
        SeededRandom random = new SeededRandom(11);
        assertThatThrownBy(() -> random.below(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> random.below(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> random.below(0L)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> random.between(2, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aChanceIsTakenAsOftenAsItSays() {
        SeededRandom random = new SeededRandom(12);
        int taken = 0;
        for (int i = 0; i < DRAWS; i++) {
            taken += random.chance(0.25) ? 1 : 0;
            assertThat(random.chance(0)).isFalse();
            assertThat(random.chance(1)).isTrue();
        }
        assertThat(taken).isBetween(DRAWS / 5, DRAWS * 3 / 10);
    }

    @Test
    void aChanceOfNothingDrawsNothing() {
        SeededRandom random = new SeededRandom(13);
        random.chance(0);
        assertThat(draws(random)).isEqualTo(draws(new SeededRandom(13)));
    }
}
