package dev.synod.paxos;

import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which changes of voters a leader proposes. Any change is safe by StopSign; these limits keep the next epoch
 * able to work: newcomers are caught-up observers, at most two voters change (3 to 5 adds two, a dead voter
 * is swapped in one step), and a quorum of the next epoch is there.
 */
final class Reconfiguration {
    private static final int CHANGED_VOTERS_MAX = 2;

    private Reconfiguration() {}

    /**
     * What is wrong with another observer, counting those on their way too; null when nothing is, or when it
     * is a member already.
     */
    static @Nullable String wrongObserver(Core core, Event.AddObserver add) {
        if (!Codec.isAddress(add.address())) {
            return "the address must be text of at most " + Configuration.ADDRESS_BYTES_MAX
                    + " bytes in UTF-8";
        }
        Configuration after = core.configuration;
        for (long index = core.decided + 1; index <= core.log.last(); index++) {
            after = after.after(core.log.get(index).payload());
        }
        return after.member(add.uuid()) == null && after.observers().size() >= Configuration.OBSERVERS_MAX
                ? "there are " + Configuration.OBSERVERS_MAX + " observers, which is the most: remove one"
                : null;
    }

    /** What is wrong with the change, for the caller to read; null when nothing is. */
    static @Nullable String wrong(Configuration now, List<UUID> next, Predicate<UUID> caughtUp) {
        if (next.isEmpty() || next.size() > Configuration.VOTERS_MAX) {
            return next.size() + " voters wanted; 1 to " + Configuration.VOTERS_MAX + " are allowed";
        }
        int added = 0;
        int kept = 0;
        int ready = 0;
        for (int i = 0; i < next.size(); i++) {
            UUID uuid = next.get(i);
            if (next.indexOf(uuid) != i) {
                return uuid + " is named twice";
            }
            if (now.member(uuid) == null) {
                return uuid + " is unknown; add it as an observer first";
            }
            boolean isReady = caughtUp.test(uuid);
            ready += isReady ? 1 : 0;
            if (now.isVoter(uuid)) {
                kept++;
            } else if (isReady) {
                added++;
            } else {
                return "observer " + uuid + " has not caught up; wait until it has";
            }
        }
        int removed = now.voters().size() - kept;
        if (added + removed == 0) {
            return "these are the voters already";
        }
        if (added + removed > CHANGED_VOTERS_MAX) {
            return added + " voters added and " + removed + " removed; change at most " + CHANGED_VOTERS_MAX
                    + " at once";
        }
        Quorums quorums = Quorums.majority(next.size());
        if (ready < Math.max(quorums.prepare(), quorums.accept())) {
            return "only " + ready + " of the next " + next.size()
                    + " voters are caught up; their quorum would be lost";
        }
        return null;
    }
}
