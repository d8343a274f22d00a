package dev.synod.operator.plan;

import dev.synod.operator.plan.Observed.Configured;
import dev.synod.operator.plan.Observed.Replicas;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * More voters or fewer, two at a time, so that their number stays odd.
 *
 * <p>Up: pods, then newcomers as observers, then, when all of them have caught up, one change of the
 * configuration.
 * Down: the leader hands over if it is to go, one change of the configuration, and only when the new epoch is
 * established the pods of those who left, and then their volumes (zookeeper-operator#575, #398). Those with
 * the highest
 * ordinals go, for a StatefulSet can give up no others. Nobody healthy goes while somebody who stays is down.
 */
final class VoterScaling implements Rule {
    @Override
    public @Nullable Decision next(Desired desired, Observed observed, View view) {
        int now = view.voters().size();
        if (desired.voters() > now) {
            return grow(observed, view, now, Math.min(now + 2, desired.voters()));
        }
        if (desired.voters() < now) {
            return shrink(view, Math.max(now - 2, desired.voters()));
        }
        return clear(observed, view, now);
    }

    private static Decision grow(Observed observed, View view, int now, int next) {
        Decision raised = Newcomers.raise(observed, PodSet.VOTERS, next, Reason.ScalingVoters);
        if (raised != null) {
            return raised;
        }
        List<UUID> voters = new ArrayList<>(view.voters().stream().map(Configured::id).toList());
        List<String> awaited = new ArrayList<>();
        for (int ordinal = 0; ordinal < next; ordinal++) {
            Slot slot = Slot.voter(ordinal);
            if (view.voters().stream().anyMatch(voter -> slot.equals(voter.slot()))) {
                continue;
            }
            Decision joining = Newcomers.join(observed, view, slot, Reason.ScalingVoters);
            if (joining != null) {
                return joining;
            }
            Configured newcomer = view.observers().stream().filter(o -> slot.equals(o.slot())).findAny()
                    .orElse(null);
            if (newcomer == null || !view.isHealthy(newcomer)) {
                awaited.add(slot.toString());
            } else {
                voters.add(newcomer.id());
            }
        }
        if (!awaited.isEmpty()) {
            return await("newcomers start and catch up: " + String.join(", ", awaited));
        }
        int healthy = next - view.unhealthyVoters().size();
        if (healthy < View.majority(next)) {
            return await("too few of the " + next + " would be healthy:"
                    + " " + View.names(view.unhealthyVoters()));
        }
        if (!view.confirmed().established()) {
            return await("epoch " + view.confirmed().epoch() + " has no leader yet");
        }
        return act(new Action.Reconfigure(view.confirmed().epoch(), voters), now + " to " + next + " voters");
    }

    private static Decision shrink(View view, int next) {
        // Places are dense: those who stay are the first ones.
        List<Configured> staying = view.voters().subList(0, next);
        List<Configured> leaving = view.voters().subList(next, view.voters().size());
        List<Configured> down = staying.stream().filter(voter -> !view.isHealthy(voter)).toList();
        if (!down.isEmpty()) {
            return await("no voter leaves before all that stay are healthy: " + View.names(down));
        }
        if (!view.confirmed().established()) {
            return await("epoch " + view.confirmed().epoch() + " has no leader yet");
        }
        Configured successor = view.successor(staying);
        if (leaving.stream().anyMatch(view::isLeader) && successor != null) {
            return act(new Action.TransferLeadership(successor.id()), "the leader is to leave, and hands"
                    + " over first");
        }
        return act(
                new Action.Reconfigure(view.confirmed().epoch(),
                        staying.stream().map(Configured::id).toList()),
                view.voters().size() + " to " + next + " voters");
    }

    /** What a change that was carried out, or called off, has left. */
    private static @Nullable Decision clear(Observed observed, View view, int now) {
        Replicas set = observed.voters();
        if (set == null) {
            return null;
        }
        if (set.count() < now) {
            return act(new Action.Scale(PodSet.VOTERS, now), "voters of the configuration have no pods");
        }
        for (Configured observer : view.observers()) {
            Slot slot = observer.slot();
            if (slot != null && slot.set() == PodSet.VOTERS && slot.ordinal() >= now) {
                return act(new Action.RemoveObserver(observer.id()), slot + " is not asked for any more");
            }
        }
        if (set.count() > now) {
            if (!view.confirmed().established()) {
                return await("those who left serve their logs until epoch " + view.confirmed().epoch()
                        + " has a leader");
            }
            return act(new Action.Scale(PodSet.VOTERS, now), set.count() + " to " + now + " pods");
        }
        return Newcomers.leftOver(observed, PodSet.VOTERS, now);
    }

    private static Decision act(Action action, String message) {
        return new Decision.Act(action, Reason.ScalingVoters, message);
    }

    private static Decision await(String message) {
        return new Decision.Await(Reason.ScalingVoters, message);
    }
}
