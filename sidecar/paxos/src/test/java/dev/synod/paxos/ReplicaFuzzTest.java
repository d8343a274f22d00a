package dev.synod.paxos;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Members out of running groups, in every role, hear lies: whatever a peer sends, {@link Replica#step} does
 * not throw, what is decided stays, and neither promised nor accepted regresses. By seed ({@code
 * -Dsynod.seed}), as many groups as asked for ({@code -Dsynod.fuzz.groups}).
 *
 * <p>A lie within the bounds of the protocol may still mislead: entries that a false leader calls decided are
 * decided for whoever believes it. The fault model has crashes, not lies; what is tested is that the member
 * survives them.
 */
final class ReplicaFuzzTest {
    private static final long SEED = Long.getLong("synod.seed", 1);
    private static final int GROUPS = Integer.getInteger("synod.fuzz.groups", 30);
    private static final int MOMENTS = 30;
    private static final int STEPS_BETWEEN = 80;
    private static final int LIES = 100;

    @Test
    void badPeerInputNeverThrowsAndNeverCorruptsState() {
        int[] roles = new int[Role.values().length];
        for (int round = 0; round < GROUPS; round++) {
            RandomSchedule schedule = new RandomSchedule(SEED + round);
            for (int moment = 0; moment < MOMENTS; moment++) {
                for (int step = 0; step < STEPS_BETWEEN; step++) {
                    schedule.step();
                }
                fuzz(schedule, SEED + round, moment, roles);
            }
        }
        for (Role role : Role.values()) {
            if (role != Role.FAULTY) {
                assertThat(roles[role.ordinal()]).as("members fuzzed as %s", role).isPositive();
            }
        }
    }

    /** One member of the group as it is now is copied, and lied to. */
    static void fuzz(RandomSchedule schedule, long seed, int moment, int[] roles) {
        SeededRandom random = new SeededRandom(seed).child("lies " + moment);
        ScriptedGroup group = schedule.group();
        ScriptedMember target = group.members().get(random.below(group.members().size()));
        if (!target.isUp()) {
            return;
        }
        FuzzedReplica fuzzed = new FuzzedReplica(random, group, target);
        roles[fuzzed.role().ordinal()]++;
        try {
            for (int lie = 0; lie < LIES; lie++) {
                fuzzed.step();
            }
        } catch (AssertionError e) {
            throw new AssertionError("seed " + seed + ", moment " + moment + ": " + e.getMessage(), e);
        }
    }
}
