package dev.synod.paxos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Random stories of a few thousand steps each, by seed ({@code -Dsynod.seed}, {@code -Dsynod.stories}).
 * Whatever happens, members agree and nothing leaves before it is durable ({@link GroupOracle}); when
 * everything works again, so does the group.
 */
final class RandomScheduleTest {
    private static final long SEED = Long.getLong("synod.seed", 1);
    private static final int STORIES = Integer.getInteger("synod.stories", 40);
    private static final int STEPS = 3_000;
    private static final long SECOND_NANOS = 1_000_000_000;

    @Test
    void membersAgreeWhateverHappensAndWorkAgainWhenItIsOver() {
        int[] seen = new int[Sights.values().length];
        for (int story = 0; story < STORIES; story++) {
            long seed = SEED + story;
            RandomSchedule schedule = new RandomSchedule(seed);
            try {
                tell(schedule, seen);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + e, e);
            }
        }
        for (Sights sight : Sights.values()) {
            assertThat(seen[sight.ordinal()]).as("stories with %s", sight).isPositive();
        }
    }

    @Test
    void aCopyOfAMemberDoesWhatItsOriginalDoes() {
        for (int story = 0; story < STORIES / 5; story++) {
            RandomSchedule schedule = new RandomSchedule(SEED + story);
            schedule.group().compareCopies();
            for (int step = 0; step < STEPS / 2; step++) {
                schedule.step();
            }
        }
    }

    @Test
    void theSameSeedGivesTheSameStory() {
        for (int story = 0; story < 5; story++) {
            assertThat(trace(SEED + story)).isEqualTo(trace(SEED + story));
        }
    }

    private static String trace(long seed) {
        RandomSchedule schedule = new RandomSchedule(seed);
        schedule.group().trace().level(Trace.Level.ALL);
        for (int step = 0; step < STEPS / 3; step++) {
            schedule.step();
        }
        return schedule.group().trace().take();
    }

    /** What a batch of stories must have shown, or it showed nothing. */
    enum Sights {
        DECISIONS,
        EPOCHS,
        SNAPSHOTS_INSTALLED,
        OBSERVERS
    }

    static void tell(RandomSchedule schedule, int[] seen) {
        ScriptedGroup group = schedule.group();
        for (int step = 0; step < STEPS; step++) {
            schedule.step();
        }
        note(group, seen);
        schedule.mendEverything();
        group.run(20 * SECOND_NANOS);
        ScriptedMember newest = schedule.newest();
        propose(group);
        group.run(2 * SECOND_NANOS);
        Configuration configuration = newest.running().configuration();
        List<Entry> decided = group.oracle().decided();
        assertThat(GroupOracle.commands(decided)).as("what is decided at last").endsWith("fresh");
        for (ScriptedMember member : group.members()) {
            assertThat(member.running().role()).as("member %s", member.name()).isNotEqualTo(Role.FAULTY);
            if (configuration.member(member.uuid()) != null) {
                assertThat(member.running().decided()).as("decided by %s", member.name())
                        .isEqualTo(decided.size());
                assertThat(member.applied()).as("applied by %s", member.name())
                        .isEqualTo(GroupOracle.commands(decided));
            }
        }
    }

    private static void propose(ScriptedGroup group) {
        for (ScriptedMember member : group.members()) {
            if (member.running().role() == Role.LEADER) {
                Bytes fresh = Bytes.of("fresh".getBytes(StandardCharsets.UTF_8));
                group.step(member, new Event.Propose(List.of(fresh)));
            }
        }
    }

    private static void note(ScriptedGroup group, int[] seen) {
        boolean installed = false;
        boolean observers = false;
        int epoch = 0;
        for (ScriptedMember member : group.members()) {
            DurableState disk = member.volume().state();
            epoch = Math.max(epoch, disk.configuration().epoch());
            installed |= disk.snapshot() != null && Long.parseLong(member.name()) > 5;
            observers |= !disk.configuration().observers().isEmpty();
        }
        seen[Sights.DECISIONS.ordinal()] += group.oracle().decided().size() > 20 ? 1 : 0;
        seen[Sights.EPOCHS.ordinal()] += epoch > 1 ? 1 : 0;
        seen[Sights.SNAPSHOTS_INSTALLED.ordinal()] += installed ? 1 : 0;
        seen[Sights.OBSERVERS.ordinal()] += observers ? 1 : 0;
    }
}
