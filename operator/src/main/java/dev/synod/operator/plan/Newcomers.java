package dev.synod.operator.plan;

import dev.synod.operator.plan.Observed.Claim;
import dev.synod.operator.plan.Observed.Configured;
import dev.synod.operator.plan.Observed.Member;
import dev.synod.operator.plan.Observed.Phase;
import dev.synod.operator.plan.Observed.Pod;
import dev.synod.operator.plan.Observed.Replicas;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How members come into places that had none, and how places are cleared: the same for voters and observers.
 */
final class Newcomers {
    private Newcomers() {}

    /**
     * Gives a set as many pods as it is to have, after what earlier members left in the new places is gone: a
     * volume of
     * a removed member must not come back (zookeeper-operator#448, #513).
     */
    static @Nullable Decision raise(Observed observed, PodSet set, int replicas, Reason reason) {
        Replicas now = observed.replicas(set);
        if (now == null || now.count() >= replicas) {
            return null;
        }
        Decision left = leftOver(observed, set, now.count());
        return left != null
                ? left
                : new Decision.Act(new Action.Scale(set, replicas), reason,
                        now.count() + " to " + replicas + " pods");
    }

    /**
     * Deletes volumes behind the last place of a set. One of a member in the configuration stays, whatever
     * the
     * number of pods is: somebody may have changed that by hand.
     */
    static @Nullable Decision leftOver(Observed observed, PodSet set, int replicas) {
        for (Map.Entry<Slot, Claim> entry : Observed.ofSet(observed.claims(), set).entrySet()) {
            Slot slot = entry.getKey();
            if (slot.ordinal() < replicas || observed.isConfigured(slot)) {
                continue;
            }
            if (observed.pods().containsKey(slot) || entry.getValue().terminating()) {
                return new Decision.Await(Reason.VolumeLeftOver, "the pod and volume of " + slot + " are on"
                        + " their way out");
            }
            return new Decision.Act(new Action.DeleteClaim(slot, entry.getValue().uid()),
                    Reason.VolumeLeftOver,
                    "the member of " + slot + " left the cluster, and its volume goes");
        }
        return null;
    }

    /** Makes the member of a place an observer; null when it is in the configuration, or does not answer. */
    static @Nullable Decision join(Observed observed, View view, Slot slot, Reason reason) {
        Member there = view.member(slot);
        if (there == null) {
            return null;
        }
        if (there.phase() == Phase.EMPTY) {
            return new Decision.Act(new Action.FormatNewcomer(slot), reason, "a newcomer in " + slot);
        }
        UUID id = there.id();
        Configured known = view.configured(id);
        if (there.phase() == Phase.FAULTY && known == null) {
            return clear(observed, slot, reason, "the newcomer's volume in " + slot + " is damaged");
        }
        if (there.phase() != Phase.RUNNING || id == null || known != null) {
            return null;
        }
        Observed.Latch latch = observed.latch();
        if (latch != null && !latch.cluster().equals(there.cluster())) {
            return new Decision.Blocked(Reason.VolumeTaken, "the volume of " + slot + " is of cluster"
                    + " " + there.cluster()
                    + ", not of " + latch.cluster() + ": delete its claim and pod if it may go");
        }
        return new Decision.Act(new Action.AddObserver(slot, id), reason, slot + " learns what was decided");
    }

    /**
     * Empties a place: the claim first, for it goes only when no pod uses it; then the pod. The set makes
     * both anew.
     */
    static @Nullable Decision clear(Observed observed, @Nullable Slot slot, Reason reason, String why) {
        Claim claim = slot == null ? null : observed.claims().get(slot);
        Pod pod = slot == null ? null : observed.pods().get(slot);
        if (slot == null || claim == null || pod == null || pod.terminating()) {
            return null; // under way
        }
        return claim.terminating()
                ? new Decision.Act(new Action.DeletePod(slot, pod.uid()), reason, why + ": its pod goes too")
                : new Decision.Act(new Action.DeleteClaim(slot, claim.uid()), reason, why + ": it gets an"
                        + " empty one");
    }
}
