package dev.synod.operator.plan;

import dev.synod.operator.plan.Observed.Claim;
import dev.synod.operator.plan.Observed.Configured;
import dev.synod.operator.plan.Observed.Pod;
import dev.synod.operator.plan.Observed.Replicas;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Brings pods to what they are to be, one at a time, without the cluster noticing more than one hand-over.
 *
 * <ol>
 *   <li>A pod on its way, out or in, is waited for: one at a time.
 *   <li>An outdated pod that is not healthy goes first: restarting healthy ones one after the other onto
 * something that
 *       does not start ends with none (strimzi#1001). A voter's goes only while the others make a quorum
 * without it.
 *   <li>While anybody is not healthy, nobody healthy is touched.
 *   <li>Outdated observers.
 *   <li>Outdated voters that do not lead, the highest ordinal first.
 *   <li>The leader hands over to a voter that is new already, and is a follower at the next pass.
 *   <li>A change of the application's images alone is patched into the running pods, each after the one
 * before runs.
 * </ol>
 */
final class Roll implements Rule {
    @Override
    public @Nullable Decision next(Desired desired, Observed observed, View view) {
        List<Slot> outdated = new ArrayList<>();
        for (Map.Entry<Slot, Pod> entry : observed.pods().entrySet()) {
            Claim claim = observed.claims().get(entry.getKey());
            if (!entry.getValue().hash().equals(desired.hash(entry.getKey().set()))
                    || claim != null && claim.restartToGrow()) {
                outdated.add(entry.getKey());
            }
        }
        if (outdated.isEmpty()) {
            return images(desired, observed);
        }
        String onItsWay = onItsWay(observed);
        if (onItsWay != null) {
            return await(onItsWay);
        }
        Collections.reverse(outdated); // observers before voters, high ordinals first
        for (Slot slot : outdated) {
            Configured member = at(view, slot);
            if (isCurrent(desired, observed, slot)) {
                continue; // it is only to grow, and that is no reason to take down what does not answer
            }
            if (member == null || !view.isHealthy(member)) {
                if (!newTemplateRuns(desired, observed)) {
                    return await(slot + " is outdated and not healthy, but a pod of the new template does not"
                            + " run yet");
                }
                return member == null || !member.voter() || view.hasQuorumWithout(member)
                        ? delete(observed, slot, slot + " is outdated and not healthy")
                        : await(slot + " is outdated and not healthy, but there is no quorum without it");
            }
        }
        List<String> awaited = awaited(observed, view);
        if (!awaited.isEmpty()) {
            return await("no healthy pod is touched before these are healthy: " + String.join(", ", awaited));
        }
        for (Slot slot : outdated) {
            Configured member = at(view, slot);
            if (member != null && !(member.voter() && view.isLeader(member))) {
                return delete(observed, slot, slot + " is outdated");
            }
        }
        return leader(observed, view, outdated.getFirst());
    }

    /**
     * A member without room whose file system grows when it starts: nobody else waits for that; null for
     * none.
     */
    static @Nullable Decision makeRoom(Observed observed, View view) {
        for (Configured member : view.full()) {
            Slot slot = member.slot();
            Claim claim = slot == null ? null : observed.claims().get(slot);
            if (slot == null || claim == null || !claim.restartToGrow() || onItsWay(observed) != null) {
                continue;
            }
            Configured successor = view.successor(view.voters());
            if (view.isLeader(member) && successor != null) {
                return new Decision.Act(new Action.TransferLeadership(successor.id()), Reason.RollingPods,
                        slot + " is full, leads, and hands over to " + successor.slot());
            }
            if (!member.voter() || view.voters().size() == 1 || view.canReadWithout(member)) {
                return delete(observed, slot, slot + " is full, and grows when it starts");
            }
        }
        return null;
    }

    /**
     * Whether all pods that were made from the new template run; none counts as all. While one does not,
     * nobody is taken down for the sake of it: one pod is the price of a template that does not start.
     */
    static boolean newTemplateRuns(Desired desired, Observed observed) {
        return observed.pods().entrySet().stream()
                .filter(entry -> entry.getValue().hash().equals(desired.hash(entry.getKey().set())))
                .allMatch(entry -> entry.getValue().running());
    }

    private static boolean isCurrent(Desired desired, Observed observed, Slot slot) {
        Pod pod = observed.pods().get(slot);
        return pod != null && pod.hash().equals(desired.hash(slot.set()));
    }

    /** The configured voter of a place, else the observer there. */
    private static @Nullable Configured at(View view, Slot slot) {
        return view.confirmed().members().stream().filter(member -> slot.equals(member.slot()))
                .max((a, b) -> Boolean.compare(a.voter(), b.voter())).orElse(null);
    }

    /** Whoever is not healthy, observers too: a template that nobody can run is not rolled any further. */
    private static List<String> awaited(Observed observed, View view) {
        List<String> awaited = new ArrayList<>(view.unhealthyVoters().stream()
                .filter(voter -> voter.slot() == null || !observed.pods().containsKey(voter.slot()))
                .map(voter -> voter.id().toString()).toList());
        for (Slot slot : observed.pods().keySet()) {
            Configured member = at(view, slot);
            if (member == null || !view.isHealthy(member)) {
                awaited.add(slot.toString());
            }
        }
        return awaited;
    }

    private static @Nullable String onItsWay(Observed observed) {
        for (PodSet set : PodSet.values()) {
            Replicas replicas = observed.replicas(set);
            for (int ordinal = 0; replicas != null && ordinal < replicas.count(); ordinal++) {
                Pod pod = observed.pods().get(new Slot(set, ordinal));
                if (pod == null || pod.terminating()) {
                    return "the pod of " + new Slot(set, ordinal) + " is made anew";
                }
            }
        }
        return null;
    }

    private static Decision leader(Observed observed, View view, Slot slot) {
        if (view.voters().size() == 1) {
            return delete(observed, slot, slot + " is outdated; the only voter is away until it is back");
        }
        Configured successor = view.successor(view.voters());
        if (successor == null) {
            return await("nobody can take over from " + slot);
        }
        return new Decision.Act(new Action.TransferLeadership(successor.id()), Reason.RollingPods,
                slot + " is outdated, leads, and hands over to " + successor.slot());
    }

    private static Decision delete(Observed observed, Slot slot, String why) {
        Pod pod = observed.pods().get(slot);
        return pod == null
                ? await("the pod of " + slot + " is made anew")
                : new Decision.Act(new Action.DeletePod(slot, pod.uid()), Reason.RollingPods, why);
    }

    private static @Nullable Decision images(Desired desired, Observed observed) {
        for (Map.Entry<Slot, Pod> entry : observed.pods().entrySet()) {
            Pod pod = entry.getValue();
            if (pod.terminating()) {
                continue;
            }
            if (!pod.appImages().equals(desired.appImages())) {
                return new Decision.Act(new Action.PatchAppImages(entry.getKey()), Reason.ChangingAppImages,
                        entry.getKey() + " gets the application's new images; its member stays");
            }
            if (!pod.appRunning() && hasOldImages(desired, observed)) {
                return new Decision.Await(Reason.ChangingAppImages, "the application in " + entry.getKey()
                        + " starts with its new images");
            }
        }
        return null;
    }

    private static boolean hasOldImages(Desired desired, Observed observed) {
        return observed.pods().values().stream()
                .anyMatch(pod -> !pod.appImages().equals(desired.appImages()));
    }

    private static Decision await(String message) {
        return new Decision.Await(Reason.RollingPods, message);
    }
}
