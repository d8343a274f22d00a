package dev.synod.simulation.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.paxos.Defects;
import dev.synod.simulation.port.Knob;
import dev.synod.simulation.port.Knobs;
import dev.synod.simulation.port.Oracle;
import dev.synod.simulation.port.ProgramView;
import dev.synod.simulation.port.RunResult;
import dev.synod.simulation.port.WorldFacts;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class AtlasTest {
    /** Counts damaged first voters after every step. */
    private static final class Count implements Oracle {
        private @Nullable WorldFacts facts;
        private int most;

        @Override
        public void begin(WorldFacts world) {
            facts = world;
        }

        @Override
        public void afterStep(int machine, ProgramView view) {
            WorldFacts world = facts;
            int damaged = 0;
            for (int index = 0; world != null && index < world.knobs().count(Knob.MEMBERS); index++) {
                damaged += world.damaged(index) ? 1 : 0;
            }
            most = Math.max(most, damaged);
        }
    }

    @Test
    void neverMoreThanAMinorityOfTheVotersIsDamaged() {
        int[] most = new int[8];
        for (long seed = 0; seed < 100; seed++) {
            Knobs knobs = Knobs.draw(seed).with("safety=40s rots=20 volumes=20 diskErrors=10 memberships=0");
            Count count = new Count();
            RunResult result =
                    SimulationRun.run(seed, knobs, null, Defects.NONE, null, new EchoSubject(count));
            int members = knobs.count(Knob.MEMBERS);
            assertThat(count.most).as("seed %d", seed).isLessThanOrEqualTo((members - 1) / 2);
            assertThat(result.unrecoverable()).isFalse();
            most[members] = Math.max(most[members], count.most);
        }
        assertThat(most).containsExactly(0, 0, 0, 1, 0, 2, 0, 3);
    }
}
