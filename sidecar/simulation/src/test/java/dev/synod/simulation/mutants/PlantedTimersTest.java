package dev.synod.simulation.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Configuration;
import dev.synod.paxos.Defect;
import dev.synod.paxos.Defects;
import dev.synod.paxos.Options;
import dev.synod.paxos.Recovered;
import dev.synod.paxos.Replica;
import dev.synod.paxos.Seal;
import dev.synod.paxos.SeededRandom;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What the world hardly notices: members that all wait equally long campaign at one moment. */
@EnabledIfSystemProperty(named = "synod.plant-defects", matches = "true")
final class PlantedTimersTest {
    private static final int MEMBERS = 20;

    @Test
    void membersThatStartAtOneMomentWakeAtDifferentOnes() {
        assertThat(deadlines(Defects.NONE)).hasSize(MEMBERS);
    }

    @Test
    void equalTimersAreCaught() {
        assertThat(deadlines(Defects.planted(Defect.M37_EQUAL_TIMERS))).hasSizeLessThan(MEMBERS);
    }

    private static Set<Long> deadlines(Defects defects) {
        Set<Long> deadlines = new TreeSet<>();
        SeededRandom random = new SeededRandom(5);
        UUID cluster = new UUID(0, 1);
        List<UUID> voters = List.of(new UUID(1, 1), new UUID(1, 2), new UUID(1, 3));
        Configuration configuration = Configuration.initial(voters, List.of("a", "b", "c"));
        for (int i = 0; i < MEMBERS; i++) {
            Recovered recovered = new Recovered(cluster, voters.getFirst(), 1, i, true, Ballot.BOTTOM,
                    Ballot.BOTTOM, Seal.NONE, configuration, 0, null, 0, List.of(), 0, null, null);
            Replica member = new Replica(recovered, Options.DEFAULT, random.child("member " + i), defects, 0);
            deadlines.add(member.nextDeadlineNanos());
        }
        return deadlines;
    }
}
