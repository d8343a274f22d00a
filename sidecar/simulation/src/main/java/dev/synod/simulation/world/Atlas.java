package dev.synod.simulation.world;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Keeps damage to volumes within what README §3 promises to survive: of every set of n voters that counts or
 * may come to count, at most ⌊(n-1)/2⌋ are damaged (wiped, rolled back, rotten, foreign, broken) until
 * they are replaced, and a lone voter never is. Crashes, and writes lost before they were acknowledged, are
 * no damage.
 */
final class Atlas {
    private final World world;

    Atlas(World world) {
        this.world = world;
    }

    /** Whether the machine's volume may be damaged now. */
    boolean allowsDamage(SimMachine machine) {
        UUID identity = machine.identity();
        if (identity == null || machine.isRemoved() || world.quarantine().concerns(machine)) {
            return false;
        }
        if (machine.damage() != null) {
            return false; // a second damage could hide the first
        }
        for (List<UUID> voters : world.truth().voterSets()) {
            if (voters.contains(identity) && damaged(voters) + 1 > tolerated(voters.size())) {
                return false;
            }
        }
        return true;
    }

    /** Whether these may become the voters. Two processes of one identity need others who tell them apart. */
    boolean allowsVoters(List<UUID> voters) {
        if (damaged(voters) > tolerated(voters.size())) {
            return false;
        }
        for (UUID voter : voters) {
            SimMachine machine = primary(voter);
            if (machine != null && voters.size() < 3 && world.quarantine().concerns(machine)) {
                return false;
            }
        }
        return true;
    }

    /** Whether another process may take over the machine's identity. */
    boolean allowsFork(SimMachine machine) {
        UUID identity = machine.identity();
        if (identity == null
                || machine.isRemoved()
                || machine.damage() != null
                || world.quarantine().concerns(machine)) {
            return false;
        }
        for (List<UUID> voters : world.truth().voterSets()) {
            if (voters.contains(identity) && voters.size() < 3) {
                return false;
            }
        }
        return true;
    }

    /** How many of {@code n} voters may be damaged. */
    static int tolerated(int n) {
        return (n - 1) / 2;
    }

    private int damaged(List<UUID> voters) {
        int damaged = 0;
        for (UUID voter : voters) {
            SimMachine machine = primary(voter);
            if (machine == null || machine.damage() != null || machine.isRemoved()) {
                damaged++;
            }
        }
        return damaged;
    }

    private @Nullable SimMachine primary(UUID voter) {
        int holder = world.holderOf(voter);
        return holder < 0 ? null : world.machine(holder);
    }
}
