package dev.synod.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.synod.operator.plan.Observed.Configured;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Lives of clusters at random: wishes change, pods crash, volumes are lost and damaged while the operator
 * works, one
 * step a pass. {@link World} holds every step against what must never be done; when the world rests,
 * everything ends
 * as asked for.
 */
final class PlannerWalkTest {
    private static final int SEEDS = 1_000;
    private static final int EVENTS_MAX = 12;

    private static Desired first(World world) {
        return new Desired(1 + 2 * world.random.nextInt(4), world.random.nextInt(3), 1 << 20, false, "v0",
                "o0", "a0", "v0",
                false, null, null);
    }

    /** Events that leave a quorum: what has not one is another test's. */
    private static void event(World world, Set<String> seen) {
        List<Configured> voters = world.voters();
        int spare = (voters.size() - 1) / 2 - world.downVoters().size();
        int kind = world.random.nextInt(12);
        Desired now = world.desired;
        switch (kind) {
            case 0, 1 -> world.desired =
                    wish(1 + 2 * world.random.nextInt(4), now.observers(), now.volumeBytes(),
                            now.voterHash(), now.appImages(), now.replace());
            case 2 -> world.desired = wish(now.voters(), world.random.nextInt(4), now.volumeBytes(),
                    now.voterHash(), now.appImages(), now.replace());
            case 3 -> world.desired = wish(now.voters(), now.observers(), now.volumeBytes(),
                    "v" + world.random.nextInt(1000), now.appImages(), now.replace());
            case 4 -> world.desired =
                    wish(now.voters(), now.observers(), now.volumeBytes() * 2, now.voterHash(),
                            now.appImages(), now.replace());
            case 5 -> world.desired =
                    wish(now.voters(), now.observers(), now.volumeBytes(), now.voterHash(),
                            "a" + world.random.nextInt(1000), now.replace());
            case 6 -> {
                if (!voters.isEmpty()) {
                    world.desired =
                            wish(now.voters(), now.observers(), now.volumeBytes(), now.voterHash(),
                                    now.appImages(), voters.get(world.random.nextInt(voters.size())).id());
                }
            }
            default -> {
                if (spare > 0 && world.epoch > 0) {
                    Configured victim = world.members.get(world.random.nextInt(world.members.size()));
                    Slot slot = Objects.requireNonNull(victim.slot());
                    switch (kind) {
                        case 7 -> world.crash(slot);
                        case 8 -> world.loseVolume(slot);
                        case 9 -> world.scaleByHand();
                        case 10 -> world.fill(slot);
                        default -> world.damage(slot);
                    }
                } else {
                    kind = -1;
                }
            }
        }
        seen.add("event " + kind);
    }

    private static Desired wish(int voters, int observers, long bytes, String hash,
            String images,
            @Nullable UUID replace) {
        return new Desired(voters, observers, bytes, false, hash, hash, images, hash, false, replace,
                null);
    }

    private static void walk(long seed, Set<String> seen) {
        World world = new World(seed, new Desired(3, 0, 1 << 20, false, "v0", "o0", "a0", "v0", false, null,
                null));
        world.desired = first(world);
        int events = world.random.nextInt(EVENTS_MAX);
        for (int i = 0; i < events; i++) {
            for (int passes = world.random.nextInt(30); passes > 0; passes--) {
                Decision decision = world.pass();
                seen.add(decision instanceof Decision.Act act
                        ? act.action().getClass().getSimpleName()
                        : decision.getClass().getSimpleName());
                seen.add(decision.reason().name());
                world.tick();
            }
            event(world, seen);
        }
        // A replacement of the last voter waits for a person, who takes the wish back.
        if (world.desired.voters() == 1) {
            Desired now = world.desired;
            world.desired =
                    wish(1, now.observers(), now.volumeBytes(), now.voterHash(), now.appImages(), null);
        }
        // Full volumes wait for a person too.
        Desired last = world.desired;
        if (world.claims.values().stream().anyMatch(claim -> claim.volume.full)) {
            world.desired = wish(last.voters(), last.observers(), last.volumeBytes() * 2, last.voterHash(),
                    last.appImages(), last.replace());
        }
        world.settle(600);
        assertAsDesired(world);
    }

    static void assertAsDesired(World world) {
        Desired desired = world.desired;
        assertThat(world.voters()).hasSize(desired.voters()).allMatch(world::isUp);
        List<Slot> slots = new ArrayList<>();
        for (int i = 0; i < desired.voters(); i++) {
            slots.add(Slot.voter(i));
        }
        for (int i = 0; i < desired.observers(); i++) {
            slots.add(Slot.observer(i));
        }
        assertThat(world.members).extracting(Configured::slot).containsExactlyInAnyOrderElementsOf(slots);
        assertThat(world.pods.keySet()).containsExactlyElementsOf(slots);
        assertThat(world.claims.keySet()).containsExactlyElementsOf(slots);
        assertThat(world.claims.values()).allMatch(claim -> claim.bytes == desired.volumeBytes());
        assertThat(world.pods.entrySet())
                .allMatch(e -> e.getValue().hash.equals(desired.hash(e.getKey().set()))
                        && e.getValue().images.equals(desired.appImages()));
        assertThat(world.members).extracting(Configured::id).isNotEqualTo(desired.replace());
        assertThat(world.image).isEqualTo(desired.image());
    }

    @Test
    void everyLifeEndsAsAskedForAndNoStepOnTheWayIsWrong() {
        Set<String> seen = Lives.walk(SEEDS, (all, seed) -> walk(seed, all));
        // A walk that exercised nothing shows nothing.
        assertThat(seen).contains("WriteLatch", "CreateSet", "Format", "SetLatch", "Activate",
                "FormatNewcomer",
                "AddObserver", "RemoveObserver", "Reconfigure", "TransferLeadership", "Scale", "DeletePod",
                "DeleteClaim", "ResizeClaim", "RecreateSet", "PatchAppImages", "PinImage");
        EnumSet<Reason> reasons = EnumSet.allOf(Reason.class);
        reasons.removeAll(EnumSet.of(Reason.Paused, Reason.VolumesFound, Reason.LatchLost, Reason.VolumeTaken,
                Reason.RecoveryRequested, Reason.RecoveryRefused, Reason.RecoveryFailed,
                Reason.MembersUnreachable,
                Reason.QuorumLost));
        assertThat(seen).containsAll(reasons.stream().map(Reason::name).toList());
    }
}
