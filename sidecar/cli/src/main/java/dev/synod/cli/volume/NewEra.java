package dev.synod.cli.volume;

import dev.synod.cli.CommandException;
import dev.synod.cli.ExitStatus;
import dev.synod.paxos.Bytes;
import dev.synod.paxos.MalformedException;
import dev.synod.state.Command;
import dev.synod.state.CommandCodec;
import dev.synod.state.KeyRange;
import dev.synod.state.Restore;
import dev.synod.state.StateMachine;
import dev.synod.storage.Legacy;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How the new cluster's state follows from what the old one left: tried out in memory before anything is
 * written.
 *
 * @param commands to be appended to what was left
 * @param before the state that the old cluster left
 * @param revisionBefore its revision
 * @param revisionAfter the revision that the new cluster begins with: every fencing token will be greater
 */
record NewEra(List<Bytes> commands, StateMachine before, long revisionBefore, long revisionAfter) {
    private static final int NAMES_MAX = 1_000_000;

    /**
     * Works it out.
     *
     * @param eras how many leaps: one more than the clusters that were ever begun from the same source
     */
    static NewEra of(Legacy legacy, UUID cluster, int eras) {
        try {
            StateMachine state = replay(legacy, cluster);
            if (state.appliedIndex() != legacy.last()) {
                throw new MalformedException("it is of entry " + state.appliedIndex() + ", not "
                        + legacy.last());
            }
            List<UUID> ids = new ArrayList<>();
            for (int i = 1; i < eras; i++) {
                ids.add(UUID.randomUUID());
            }
            if (legacy.state() == null) {
                // A state that begins empty begins as the new cluster's: alone, its era would not be news
                // to it.
                ids.add(UUID.randomUUID());
            }
            ids.add(cluster);
            List<Bytes> commands = new ArrayList<>();
            ids.forEach(id -> commands.add(CommandCodec.encode(new Command.NewEra(id))));
            long before = state.revision();
            StateMachine after = replay(legacy, cluster);
            commands.forEach(command -> after.apply(after.appliedIndex() + 1, command));
            if (after.revision() < before + eras * Command.NewEra.LEAP
                    || !after.clusterId().equals(cluster)) {
                throw new IllegalStateException("the era did not begin: revision " + before + " became "
                        + after.revision() + " of cluster " + after.clusterId());
            }
            return new NewEra(List.copyOf(commands), state, before, after.revision());
        } catch (MalformedException | IllegalArgumentException e) {
            throw new CommandException(ExitStatus.DATA, "the state in the " + legacy.source()
                    + " cannot be read: " + e.getMessage() + "; take another member's volume, or a backup",
                    e);
        }
    }

    private static StateMachine replay(Legacy legacy, UUID cluster) {
        byte[] bytes = legacy.state();
        StateMachine state;
        if (bytes == null) {
            state = new StateMachine(cluster);
        } else {
            Restore restore = new Restore();
            restore.accept(bytes, 0, bytes.length);
            state = restore.finish();
        }
        for (@Nullable
        Bytes command : legacy.commands()) {
            if (command == null) {
                state.skip(state.appliedIndex() + 1);
            } else {
                state.apply(state.appliedIndex() + 1, command);
            }
        }
        return state;
    }

    int sessions() {
        return before.sessions().size();
    }

    int locks() {
        return before.locks(KeyRange.ALL, NAMES_MAX).size();
    }

    int elections() {
        return before.elections(KeyRange.ALL, NAMES_MAX).size();
    }
}
