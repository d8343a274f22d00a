package dev.synod.operator.reconcile;

import dev.synod.crd.CoordinationCluster;
import dev.synod.operator.act.Situation;
import dev.synod.operator.model.Names;
import dev.synod.operator.observe.ObjectReader;
import dev.synod.operator.plan.Action;
import dev.synod.operator.plan.Observed;
import dev.synod.operator.plan.PodSet;
import dev.synod.operator.plan.Slot;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Looks once more just before a step. Asking members takes seconds: meanwhile a drain may have evicted
 * another voter, or a person may have asked for something else. And the cluster's object comes from a watch,
 * which may be behind by any time.
 *
 * <ol>
 *   <li>Before all that follows from a wish: the cluster's object, for spec and annotations.
 *   <li>Before a pod or a claim is deleted: the pods. None of a voter may have gone, may be on its way out,
 * may
 *       be another one or may have stopped since the members were asked.
 *   <li>Before a set is made: that there is none. It is applied, and would be scaled back to what it began
 * with.
 * </ol>
 *
 * What is between this look and the step is one request; that much is left.
 */
final class SecondLook {
    private static final WakingChange CHANGE = new WakingChange();

    private final ApiReader reader;

    SecondLook(ApiReader reader) {
        this.reader = reader;
    }

    /** What has changed since the step was decided on, so that it has to wait; empty when nothing has. */
    String changed(Action action, CoordinationCluster decidedOn, Situation situation) {
        Names names = situation.blueprint().names();
        if (followsFromAWish(action)) {
            CoordinationCluster now = reader.cluster(names);
            if (now == null) {
                return "the cluster's object is gone";
            }
            if (CHANGE.accept(now, decidedOn)) {
                return "the cluster's object asks for something else by now";
            }
        }
        if (action instanceof Action.CreateSet it && reader.set(names, it.set()) != null) {
            return "somebody else has made the set";
        }
        Slot place = deletedAt(action);
        return place == null
                ? ""
                : changed(place, situation.observed().pods(),
                        new ObjectReader(names).pods(reader.pods(names)));
    }

    /** Null when the step deletes neither a pod nor a claim. */
    private static @Nullable Slot deletedAt(Action action) {
        return switch (action) {
            case Action.DeletePod it -> it.slot();
            case Action.DeleteClaim it -> it.slot();
            default -> null;
        };
    }

    /** A member that is to vote, to learn or to lead does so whatever is asked for by now. */
    private static boolean followsFromAWish(Action action) {
        return switch (action) {
            case Action.Format it -> false;
            case Action.FormatNewcomer it -> false;
            case Action.Activate it -> false;
            case Action.AddObserver it -> false;
            case Action.TransferLeadership it -> false;
            default -> true;
        };
    }

    /** A new pod in a place that had none is a change too: it may use a claim that was nobody's. */
    private static String changed(Slot place, SortedMap<Slot, Observed.Pod> before,
            SortedMap<Slot, Observed.Pod> now) {
        SortedMap<Slot, Observed.Pod> all = new TreeMap<>(before);
        all.putAll(now);
        for (Map.Entry<Slot, Observed.Pod> entry : all.entrySet()) {
            Slot slot = entry.getKey();
            Observed.Pod old = before.get(slot);
            Observed.Pod fresh = now.get(slot);
            boolean same = old != null && fresh != null && old.uid().equals(fresh.uid())
                    && old.terminating() == fresh.terminating()
                    && runsAsBefore(old.running(), fresh.running(), slot.equals(place));
            if ((slot.set() == PodSet.VOTERS || slot.equals(place)) && !same) {
                return "the pod of " + slot + " is not what it was a moment ago";
            }
        }
        return "";
    }

    /** Another pod may have become better since; the one that is to go, was to go as it was. */
    private static boolean runsAsBefore(boolean before, boolean now, boolean isToGo) {
        return now == before || now && !isToGo;
    }
}
