package dev.synod.operator.plan;

import dev.synod.operator.plan.Observed.Configured;
import dev.synod.operator.plan.Observed.Confirmed;
import dev.synod.operator.plan.Observed.Latch;
import dev.synod.operator.plan.Observed.Phase;
import dev.synod.operator.plan.Observed.Pod;
import dev.synod.operator.plan.Observed.Sidecar;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The table of contents of the operator's judgement. Each pass decides on one step, in this order; what comes
 * first
 * wins:
 *
 * <ol>
 *   <li>Asked to pause: nothing.
 *   <li>A recovery that is under way: {@link Recoveries}. Nothing else happens meanwhile.
 *   <li>A pod that is not as it is to be and does not run is made anew: a bad image must not need a person.
 *   <li>Until the cluster has begun: {@link Bootstrap}. After that an empty volume is never a first voter's.
 *   <li>No quorum confirms the configuration: nothing is done but reported, unless a person asked for a
 * recovery.
 *   <li>Claims grow while a member's volume is full: it takes no commands, and all else would wait for it.
 *   <li>Members whose volume is lost, damaged or to be replaced: {@link Replacement}.
 *   <li>Voters in places behind others that are free, as a recovery leaves them: {@link Places}.
 *   <li>Voters: {@link VoterScaling}. Membership first, pods second; newcomers catch up before they vote.
 *   <li>Observers: {@link ObserverScaling}.
 *   <li>Volumes: {@link VolumeGrowth}.
 *   <li>Pods that are not as they are to be: {@link Roll}.
 *   <li>The image that all members run by now is written down.
 * </ol>
 */
public final class Planner {
    private static final List<Rule> RULES =
            List.of(new Replacement(), new Places(), new VoterScaling(), new ObserverScaling(),
                    new VolumeGrowth(), new Roll());

    private Planner() {}

    /** What comes next. */
    public static Decision next(Desired desired, Observed observed) {
        if (desired.paused()) {
            return new Decision.Settled(Reason.Paused, "nothing is changed while the annotation"
                    + " synod.dev/paused is"
                    + " true; remove it to go on");
        }
        Decision recovery = Recoveries.underWay(desired, observed);
        if (recovery != null) {
            return recovery;
        }
        Decision remembered = Recoveries.remembered(desired, observed);
        if (remembered != null) {
            return remembered;
        }
        Decision stuck = stuckPod(desired, observed);
        if (stuck != null) {
            return stuck;
        }
        Decision beginning = Bootstrap.next(desired, observed);
        if (beginning != null) {
            return beginning;
        }
        Confirmed confirmed = observed.confirmed();
        if (confirmed == null) {
            return withoutQuorum(desired, observed);
        }
        Decision needless = Recoveries.needless(desired, observed, confirmed);
        if (needless != null) {
            return needless;
        }
        View view = new View(observed, confirmed);
        Decision room = view.full().isEmpty() ? null : VolumeGrowth.claims(desired, observed);
        Decision roomier = room == null ? Roll.makeRoom(observed, view) : room;
        if (roomier != null) {
            return roomier; // all else waits for the members that have none
        }
        for (Rule rule : RULES) {
            Decision decision = rule.next(desired, observed, view);
            if (decision != null) {
                return decision;
            }
        }
        List<Configured> full = view.full();
        if (!full.isEmpty()) {
            return new Decision.Blocked(Reason.DiskFull, "the volume is full of " + View.names(full)
                    + ": raise spec.storage.size");
        }
        if (!view.unhealthyVoters().isEmpty()) {
            return new Decision.Await(Reason.MemberDown, "not healthy:"
                    + " " + View.names(view.unhealthyVoters()));
        }
        String starting = ObserverScaling.starting(desired, view);
        if (!starting.isEmpty()) {
            return new Decision.Await(Reason.ScalingObservers, "newcomers start and catch up: " + starting);
        }
        // Not before: what was asked for and never ran is nothing to fall back to.
        return observed.image() == null || observed.image().equals(desired.image())
                ? new Decision.Settled(Reason.AsDesired, "everything is as asked for")
                : new Decision.Act(new Action.PinImage(), Reason.PinningImage, "all members run "
                        + desired.image() + ", and keep it when spec.image is taken out");
    }

    /**
     * A pod made from an old template whose sidecar's container does not run serves nobody, and by itself
     * never becomes a new one (kubernetes#67250). Kubernetes says that it does not run; that it does not
     * answer would not be enough, for it may answer others. A container that ended is started again in its
     * place; one that ends again and again is made anew unless a pod of the new template does not run either:
     * the old one may be back sooner.
     */
    private static @Nullable Decision stuckPod(Desired desired, Observed observed) {
        for (Map.Entry<Slot, Pod> entry : observed.pods().entrySet()) {
            Slot slot = entry.getKey();
            Pod pod = entry.getValue();
            boolean stuck = pod.sidecar() == Sidecar.NOT_YET
                    || pod.sidecar() == Sidecar.FAILING && Roll.newTemplateRuns(desired, observed);
            if (stuck && !pod.terminating() && !pod.hash().equals(desired.hash(slot.set()))) {
                return new Decision.Act(new Action.DeletePod(slot, pod.uid()), Reason.PodStuck,
                        "the pod of " + slot + " does not run, and is of an older template");
            }
        }
        return null;
    }

    private static Decision withoutQuorum(Desired desired, Observed observed) {
        Decision recovery = Recoveries.asked(desired, observed);
        if (recovery != null) {
            return recovery;
        }
        Latch latch = observed.latch();
        boolean anyAnswers = observed.members().values().stream()
                .anyMatch(member -> latch != null && latch.cluster().equals(member.cluster()));
        if (observed.isBeginning()) {
            return new Decision.Await(Reason.Bootstrapping,
                    "the first voters are there, and elect their first"
                            + " leader");
        }
        Decision lost = anyAnswers ? null : lostVolumes(observed, latch);
        if (lost != null) {
            return lost;
        }
        if (!anyAnswers) {
            return new Decision.Await(Reason.MembersUnreachable, "no member of the cluster answers the"
                    + " operator:"
                    + " nothing is changed; look at the pods, and whether a NetworkPolicy keeps the operator"
                    + " from"
                    + " their administration port");
        }
        return new Decision.Await(Reason.QuorumLost, "members answer, but no quorum of the voters confirms"
                + " the"
                + " configuration: nothing is changed; wait"
                + " for the others to come back. If a majority of"
                + " the volumes"
                + " is gone for good, see docs/recovery.md");
    }

    /** Members answer, but none of the cluster: that is no NetworkPolicy; null when none answers. */
    private static @Nullable Decision lostVolumes(Observed observed, @Nullable Latch latch) {
        String others = String.join(", ", observed.members().entrySet().stream()
                .filter(entry -> entry.getValue().cluster() != null)
                .map(entry -> entry.getKey() + " of cluster " + entry.getValue().cluster()).toList());
        if (!others.isEmpty()) {
            return new Decision.Blocked(Reason.VolumeTaken, "members of another cluster answer, " + others
                    + (latch == null ? "" : "; this one is " + latch.cluster())
                    + ": nothing is changed; bring the volumes of this cluster back, or restore the ConfigMap"
                    + " that says which one it is");
        }
        long empty =
                observed.members().values().stream().filter(member -> member.phase() == Phase.EMPTY).count();
        return empty == 0
                ? null
                : new Decision.Await(Reason.QuorumLost, empty + " of " + observed.pods().size()
                        + " volumes are"
                        + " empty, and no member of the cluster answers: nothing is changed;"
                        + " wait for the others to"
                        + " come back. If their volumes are gone for good, see docs/recovery.md");
    }
}
