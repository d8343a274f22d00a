package dev.synod.simulation.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class KnobsTest {
    @Test
    void whatIsPrintedIsReadBack() {
        Knobs other = Knobs.draw(-1);
        for (long seed = 0; seed < 1_000; seed++) {
            Knobs knobs = Knobs.draw(seed);
            assertThat(other.with(knobs.toString())).isEqualTo(knobs);
            assertThat(Knobs.draw(seed)).isEqualTo(knobs);
        }
    }

    @Test
    void aSeedIsChangedInPlaces() {
        Knobs drawn = Knobs.draw(1);
        Knobs changed = drawn.with("loss=0.03  clients=1\nelectionTimeout=500ms crashes=1.5 healAll=1");
        assertThat(changed.get(Knob.LOSS)).isEqualTo(30_000);
        assertThat(changed.chance(Knob.LOSS)).isEqualTo(0.03);
        assertThat(changed.count(Knob.CLIENTS)).isEqualTo(1);
        assertThat(changed.get(Knob.ELECTION_TIMEOUT)).isEqualTo(500_000_000);
        assertThat(changed.get(Knob.CRASHES)).isEqualTo(1_500);
        assertThat(changed.isOn(Knob.HEAL_ALL)).isTrue();
        assertThat(changed.get(Knob.SAFETY)).isEqualTo(drawn.get(Knob.SAFETY));
        assertThat(changed.text(Knob.LOSS)).isEqualTo("0.03");
        assertThat(changed.text(Knob.CRASHES)).isEqualTo("1.5");
        assertThat(drawn.with("")).isEqualTo(drawn);
    }

    @Test
    void aWrongKnobIsNamedWithWhatWouldBeRight() {
        Knobs knobs = Knobs.draw(1);
        assertThatThrownBy(() -> knobs.with("los=0")).hasMessageContaining("'los'")
                .hasMessageContaining(" loss ");
        assertThatThrownBy(() -> knobs.with("loss")).hasMessageContaining("needs a value");
        assertThatThrownBy(() -> knobs.with("loss=0.1234567")).hasMessageContaining("a fraction");
        assertThatThrownBy(() -> knobs.with("safety=10")).hasMessageContaining("ns, us, ms or s");
        assertThatThrownBy(() -> knobs.with("healAll=2")).hasMessageContaining("0 or 1");
        assertThatThrownBy(() -> knobs.with("clients=x")).hasMessageContaining("a whole number");
    }

    @Test
    void timesFitTogetherInEverySeed() {
        for (long seed = 0; seed < 5_000; seed++) {
            Knobs knobs = Knobs.draw(seed);
            assertThat(knobs.get(Knob.ELECTION_TIMEOUT))
                    .isGreaterThanOrEqualTo(2 * knobs.get(Knob.HEARTBEAT));
            assertThat(knobs.get(Knob.ELECTION_TIMEOUT)).isGreaterThanOrEqualTo(20 * knobs.get(Knob.DELAY));
            assertThat(knobs.count(Knob.MEMBERS)).isIn(1, 3, 5, 7);
            assertThat(knobs.get(Knob.LOSS)).isBetween(0L, 300_000L);
            assertThat(knobs.get(Knob.SEGMENT_BYTES)).isBetween(4L << 10, 64L << 10);
        }
    }

    @Test
    void aThirdOfTheSeedsLeaveWholeFamiliesOut() {
        int omitting = 0;
        EnumSet<FaultFamily> omitted = EnumSet.noneOf(FaultFamily.class);
        for (long seed = 0; seed < 3_000; seed++) {
            Knobs knobs = Knobs.draw(seed);
            TreeSet<FaultFamily> off = new TreeSet<>();
            for (FaultFamily family : FaultFamily.values()) {
                if (knobs.equals(knobs.without(family))) {
                    off.add(family);
                }
            }
            omitting += off.size() > 2 ? 1 : 0;
            omitted.addAll(off);
        }
        assertThat(omitting).isBetween(850, 1_150);
        assertThat(omitted).containsExactlyInAnyOrder(FaultFamily.values());
    }

    @Test
    void aFamilyOffHasAllItsKnobsAtZeroAndNoOthersChanged() {
        Knobs knobs = Knobs.draw(2).with("loss=0.1 duplication=0.1 crashes=5");
        Knobs without = knobs.without(FaultFamily.NOISE);
        assertThat(without.get(Knob.LOSS)).isZero();
        assertThat(without.get(Knob.DUPLICATION)).isZero();
        assertThat(without.get(Knob.CRASHES)).isEqualTo(5_000);
        assertThat(knobs.get(Knob.LOSS)).isEqualTo(100_000);
    }
}
