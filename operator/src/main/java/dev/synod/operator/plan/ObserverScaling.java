package dev.synod.operator.plan;

import dev.synod.operator.plan.Observed.Configured;
import dev.synod.operator.plan.Observed.Replicas;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * More observers or fewer. Who leaves is forgotten first, then its pod goes, then its volume. An observer
 * that is down
 * holds up nothing else.
 */
final class ObserverScaling implements Rule {
    @Override
    public @Nullable Decision next(Desired desired, Observed observed, View view) {
        Replicas set = observed.observers();
        if (set == null) {
            return null;
        }
        int wanted = desired.observers();
        Decision raised = Newcomers.raise(observed, PodSet.OBSERVERS, wanted, Reason.ScalingObservers);
        if (raised != null) {
            return raised;
        }
        for (int ordinal = 0; ordinal < wanted; ordinal++) {
            Decision joining =
                    Newcomers.join(observed, view, Slot.observer(ordinal), Reason.ScalingObservers);
            if (joining != null) {
                return joining;
            }
        }
        Optional<Configured> leaving = leaving(view.observers(), wanted);
        if (leaving.isPresent()) {
            return act(new Action.RemoveObserver(leaving.get().id()), leaving.get().slot() + " leaves");
        }
        if (set.count() > wanted) {
            return act(new Action.Scale(PodSet.OBSERVERS, wanted), set.count() + " to " + wanted + " pods");
        }
        return Newcomers.leftOver(observed, PodSet.OBSERVERS, wanted);
    }

    /** Places that are to have an observer, and have none yet; nothing else waits for them. */
    static List<Slot> absent(Desired desired, View view) {
        List<Slot> known = view.observers().stream().map(Configured::slot).toList();
        return IntStream.range(0, desired.observers()).mapToObj(Slot::observer)
                .filter(slot -> !known.contains(slot)).toList();
    }

    /** The one with the highest ordinal of those that are too many. */
    private static Optional<Configured> leaving(List<Configured> observers, int wanted) {
        return observers.stream()
                .filter(o -> o.slot() != null && o.slot().set() == PodSet.OBSERVERS
                        && o.slot().ordinal() >= wanted)
                .max(Comparator.comparing(Configured::slot,
                        Comparator.nullsFirst(Comparator.naturalOrder())));
    }

    private static Decision act(Action action, String message) {
        return new Decision.Act(action, Reason.ScalingObservers, message);
    }
}
