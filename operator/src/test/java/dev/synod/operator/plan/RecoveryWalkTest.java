package dev.synod.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.operator.plan.Observed.Configured;
import dev.synod.operator.plan.Observed.JobState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Clusters that lose the volumes of a majority, and a person who says which one survived. Jobs fail, vanish
 * and
 * fail after they have written; other wishes change meanwhile. In {@link World} it is a failure if a member
 * of
 * the old cluster ever runs once the new one is written.
 */
final class RecoveryWalkTest {
    private static final int SEEDS = 400;

    private static Desired wish(int voters, int observers, @Nullable UUID recoverFrom) {
        return new Desired(voters, observers, 1 << 20, false, "v0", "o0", "a0", "v0", false, null,
                recoverFrom);
    }

    private static World lost(long seed) {
        World world = new World(seed, new Desired(3, 0, 1 << 20, false, "v0", "o0", "a0", "v0", false, null,
                null));
        world.desired = new Desired(3 + 2 * world.random.nextInt(3), world.random.nextInt(3), 1 << 20, false,
                "v0", "o0", "a0", "v0", false, null, null);
        world.settle(600);
        List<Configured> voters = new ArrayList<>(world.voters());
        Collections.shuffle(voters, world.random);
        int lost = voters.size() / 2 + 1 + world.random.nextInt(voters.size() / 2 + 1);
        for (Configured voter : voters.subList(0, Math.min(lost, voters.size() - 1))) {
            world.loseVolume(Objects.requireNonNull(voter.slot()));
        }
        assertThat(world.hasQuorum()).isFalse();
        return world;
    }

    private static UUID mostAdvanced(World world) {
        return world.observed().members().entrySet().stream()
                .filter(entry -> entry.getKey().set() == PodSet.VOTERS && entry.getValue().id() != null)
                .max((a, b) -> Long.compare(a.getValue().log().last(), b.getValue().log().last()))
                .map(entry -> Objects.requireNonNull(entry.getValue().id())).orElseThrow();
    }

    private static void walk(long seed, Set<String> seen) {
        World world = lost(seed);
        UUID old = Objects.requireNonNull(world.latch).cluster();
        for (int i = 0; i < 3; i++) {
            seen.add(world.pass().reason().name());
            world.tick();
        }
        UUID survivor = mostAdvanced(world);
        seen.add("place " + world.places().get(survivor));
        world.desired = wish(world.desired.voters(), world.desired.observers(), survivor);
        for (int i = 0; i < 200; i++) {
            Decision decision = world.pass();
            seen.add(decision instanceof Decision.Act act
                    ? act.action().getClass().getSimpleName()
                    : decision.reason().name());
            if (world.random.nextBoolean()) {
                world.tick();
            }
            event(world, survivor);
        }
        world.desired = wish(world.desired.voters(), world.desired.observers(), null);
        world.pass();
        world.desired = wish(world.desired.voters(), world.desired.observers(), survivor);
        for (int i = 0; i < 200 && (world.latch.recovery() != null || world.latch.cluster().equals(old));
                i++) {
            mend(world);
            seen.add(world.pass().reason().name());
            world.tick();
        }
        world.settle(600);
        PlannerWalkTest.assertAsDesired(world);
        assertThat(world.latch.cluster()).isNotEqualTo(old);
        assertThat(world.job).isNull();
    }

    private static void event(World world, UUID survivor) {
        World.Job job = world.job;
        switch (world.random.nextInt(12)) {
            case 0 -> {
                if (job != null && job.state != JobState.RUNNING) {
                    world.deleteJob();
                }
            }
            case 1 -> {
                if (world.random.nextInt(4) == 0) {
                    world.deleteJob(); // somebody does
                }
            }
            case 3 -> {
                if (world.random.nextInt(3) == 0) {
                    world.desired = wish(world.desired.voters(), world.desired.observers(), null);
                }
            }
            case 2 -> world.desired =
                    wish(1 + 2 * world.random.nextInt(3), world.random.nextInt(2), survivor);
            default -> mend(world);
        }
    }

    /** A person reads why it failed, and deletes it. */
    private static void mend(World world) {
        if (world.job != null && world.job.state == JobState.FAILED) {
            world.job = null;
        }
    }

    @Test
    void whateverSurvivesBecomesTheClusterAndNothingOfTheOldOneEverRunsBesideIt() {
        Set<String> seen = Lives.walk(SEEDS, (all, seed) -> walk(seed, all));
        assertThat(seen).contains("QuorumLost", "NoteRecovery", "RunRecovery", "SwitchLatch", "DeleteClaim",
                "FinishRecovery", "DeleteRecoveryJob", "Reconfigure", "RecoveryFailed", "place voter 0",
                "place voter 2", "place voter 4");
    }

    @Test
    void aWishThatIsTakenBackInTimeLeavesTheOldClusterAsItWas() {
        for (long seed = 0; seed < 100; seed++) {
            World world = lost(seed);
            UUID old = Objects.requireNonNull(world.latch).cluster();
            world.tick();
            world.desired = wish(3, 0, mostAdvanced(world));
            while (world.latch.recovery() == null) {
                world.pass();
                if (world.latch.recovery() == null) {
                    world.tick();
                }
            }
            for (int passes = world.random.nextInt(3); passes > 0; passes--) {
                world.pass();
            }
            assertThat(Objects.requireNonNull(world.latch.recovery()).writing()).isFalse();
            Set<Slot> claims = Set.copyOf(world.claims.keySet());
            world.desired = new Desired(3, 0, 1 << 20, false, "v0", "o0", "a0", "v0", false, null, null);
            for (int i = 0; i < 30; i++) {
                world.pass();
                world.tick();
            }
            assertThat(world.latch).isEqualTo(new Observed.Latch(old, world.latch.initial(), true));
            assertThat(world.claims.keySet()).isEqualTo(claims);
            assertThat(world.pass().reason()).isEqualTo(Reason.QuorumLost);
        }
    }

    @Test
    void aWishThatIsTakenBackTooLateIsCarriedOutAllTheSame() {
        for (long seed = 0; seed < 100; seed++) {
            World world = lost(seed);
            UUID old = Objects.requireNonNull(world.latch).cluster();
            world.tick();
            world.desired = wish(3, 0, mostAdvanced(world));
            while (world.job == null) {
                world.pass();
                world.tick();
            }
            world.desired = wish(3, 0, null);
            for (int i = 0; i < 200 && world.latch.recovery() != null; i++) {
                if (world.random.nextInt(4) == 0) {
                    world.deleteJob();
                }
                mend(world);
                world.pass();
                world.tick();
            }
            world.settle(600);
            PlannerWalkTest.assertAsDesired(world);
            assertThat(world.latch.cluster()).isNotEqualTo(old);
        }
    }
}
