package dev.synod.simulation.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.synod.paxos.SeededRandom;
import org.junit.jupiter.api.Test;

final class FaultTest {
    @Test
    void whatIsPrintedIsReadBack() {
        SeededRandom random = new SeededRandom(1);
        for (FaultKind kind : FaultKind.values()) {
            for (int i = 0; i < 50; i++) {
                Fault fault = new Fault(
                        random.below(1L << 40),
                        kind,
                        random.below(9) - 1,
                        random.below(9) - 1,
                        random.chance(0.5) ? 0 : random.below(1L << 40),
                        random.chance(0.5) ? 0 : random.between(-100, 100),
                        random.chance(0.5) ? 0 : random.nextLong());
                assertThat(Fault.parse(fault.toString())).isEqualTo(fault);
            }
        }
    }

    @Test
    void aLineIsShortAndReads() {
        Fault fault = new Fault(12_345_678_900L, FaultKind.PAUSE, 1, -1, 2_000_000, 0, 0);
        assertThat(fault).hasToString("12345678900ns PAUSE target=1 for=2000000ns");
    }

    @Test
    void whatIsNoFaultIsRefusedWithAReason() {
        assertThatThrownBy(() -> Fault.parse("PAUSE")).hasMessageContaining("wanted is");
        assertThatThrownBy(() -> Fault.parse("1ns NAP target=1")).hasMessageContaining("NAP");
        assertThatThrownBy(() -> Fault.parse("1ns PAUSE victim=1")).hasMessageContaining("'victim=1'");
    }
}
