package dev.synod.operator.plan;

import dev.synod.operator.plan.Observed.Configured;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Voters live in the first places, for a StatefulSet can give up no others than the last. After a recovery
 * the only one may live behind places that are free: a newcomer in the first free one learns, and takes its
 * seat in one change. Its pod and volume then go as those of any voter that left.
 */
final class Places implements Rule {
    @Override
    public @Nullable Decision next(Desired desired, Observed observed, View view) {
        List<Configured> voters = view.voters();
        Configured outsider = voters.stream()
                .filter(voter -> voter.slot() == null || !isAmong(voter.slot(), voters.size()))
                .findFirst().orElse(null);
        if (outsider == null) {
            return null;
        }
        Slot free = Slot.voter(0);
        for (int ordinal = 0; voters.stream().map(Configured::slot).toList().contains(free); ordinal++) {
            free = Slot.voter(ordinal);
        }
        Decision raised =
                Newcomers.raise(observed, PodSet.VOTERS, free.ordinal() + 1, Reason.ScalingVoters);
        Decision joining = raised != null
                ? raised
                : Newcomers.join(observed, view, free, Reason.ScalingVoters);
        if (joining != null) {
            return joining;
        }
        Slot place = free;
        Configured newcomer = view.observers().stream().filter(one -> place.equals(one.slot())).findAny()
                .orElse(null);
        if (newcomer == null || !view.isHealthy(newcomer)) {
            return await("the newcomer in " + free + " starts and catches up");
        }
        if (!view.confirmed().established()) {
            return await("epoch " + view.confirmed().epoch() + " has no leader yet");
        }
        Configured successor = view.successor(voters.stream().filter(one -> !one.equals(outsider)).toList());
        if (view.isLeader(outsider) && successor != null) {
            return act(new Action.TransferLeadership(successor.id()), "the leader moves, and hands over"
                    + " first");
        }
        List<UUID> next = new ArrayList<>(voters.stream().map(Configured::id).toList());
        next.set(next.indexOf(outsider.id()), newcomer.id());
        return act(new Action.Reconfigure(view.confirmed().epoch(), next),
                "the newcomer in " + free + " takes the seat of " + View.names(List.of(outsider)));
    }

    private static boolean isAmong(Slot slot, int first) {
        return slot.set() == PodSet.VOTERS && slot.ordinal() < first;
    }

    private static Decision act(Action action, String message) {
        return new Decision.Act(action, Reason.ScalingVoters, message);
    }

    private static Decision await(String message) {
        return new Decision.Await(Reason.ScalingVoters, message);
    }
}
