package dev.synod.paxos;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class OptionsTest {
    private static Options timing(long heartbeatNanos, long electionTimeoutNanos) {
        return new Options(heartbeatNanos, electionTimeoutNanos, 1, 1, 1, 1, 1);
    }

    private static Options limits(int windowEntries, int windowBytes, int frameBytes, int chunkBytes,
            int reads) {
        return new Options(1, 0, windowEntries, windowBytes, frameBytes, chunkBytes, reads);
    }

    @Test
    void anElectionTimeoutIsAtLeastTwoHeartbeats() {
        assertThatCode(() -> timing(100, 200)).doesNotThrowAnyException();
        assertThatThrownBy(() -> timing(100, 199))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("election timeout 199 ns must be at least twice the heartbeat of 100 ns");
    }

    @Test
    void noElectionTimeoutSwitchesTimersOff() {
        assertThatCode(() -> timing(100, 0)).doesNotThrowAnyException();
    }

    @Test
    void timesDoNotRunBackwards() {
        assertThatThrownBy(() -> timing(0, 100)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> timing(-1, 100)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> timing(1, -100)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everyLimitLetsAtLeastOnePass() {
        assertThatCode(() -> limits(1, 1, 1, 1, 1)).doesNotThrowAnyException();
        assertThatThrownBy(() -> limits(0, 1, 1, 1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> limits(1, 0, 1, 1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> limits(1, 1, 0, 1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> limits(1, 1, 1, 0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> limits(1, 1, 1, 1, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
