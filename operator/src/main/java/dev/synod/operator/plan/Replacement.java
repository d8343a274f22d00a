package dev.synod.operator.plan;

import dev.synod.operator.plan.Observed.Claim;
import dev.synod.operator.plan.Observed.Configured;
import dev.synod.operator.plan.Observed.Member;
import dev.synod.operator.plan.Observed.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A member whose volume is lost or damaged comes back in its place under a new identity: the old one has
 * promised what
 * nobody remembers, and never votes again (etcd#11410).
 *
 * <ol>
 *   <li>An observer in the configuration that is not in its place any more is forgotten.
 *   <li>A damaged volume, or one that a person gave up, is deleted, and its pod with it. A damaged member is
 * silent, so
 *       that takes nobody down; a sound one goes only while all others are healthy, and never as leader.
 *   <li>An empty volume becomes a newcomer's.
 *   <li>The newcomer learns as an observer.
 *   <li>It has caught up: one change of the configuration puts it into the old one's seat.
 * </ol>
 */
final class Replacement implements Rule {
    @Override
    public @Nullable Decision next(Desired desired, Observed observed, View view) {
        for (Configured observer : view.observers()) {
            Member there = view.member(observer.slot());
            boolean elsewhere = observer.slot() == null
                    || there != null && there.phase() != Phase.BUSY && !observer.id().equals(there.id());
            if (elsewhere) {
                return act(new Action.RemoveObserver(observer.id()), Reason.MemberGone, "observer"
                        + " " + observer.id()
                        + " is in no place any more");
            }
        }
        for (Configured configured : view.confirmed().members()) {
            Member there = view.member(configured.slot());
            if (there != null && there.phase() == Phase.FAULTY && configured.id().equals(there.id())) {
                Decision cleared = Newcomers.clear(observed, configured.slot(), Reason.MemberFaulty,
                        "the volume of " + configured.slot() + " is damaged");
                if (cleared != null) {
                    return cleared;
                }
            }
        }
        for (Configured voter : view.voters()) {
            Decision swap = swap(observed, view, voter);
            if (swap != null) {
                return swap;
            }
        }
        // A claim that somebody began to delete goes with its pod, whenever that ends: better now, in good
        // order.
        for (Configured member : view.confirmed().members()) {
            Claim claim = member.slot() == null ? null : observed.claims().get(member.slot());
            if (claim != null && claim.terminating()) {
                Decision going = giveUp(desired, observed, view, member, Reason.VolumeLost, "loses its"
                        + " claim");
                if (going != null) {
                    return going;
                }
            }
        }
        Configured unwanted = view.configured(desired.replace());
        return unwanted == null
                ? null
                : giveUp(desired, observed, view, unwanted, Reason.ReplaceRequested, "is to be replaced");
    }

    private static @Nullable Decision swap(Observed observed, View view, Configured voter) {
        Slot slot = voter.slot();
        Member there = view.member(slot);
        if (slot == null || there == null || voter.id().equals(there.id())) {
            return null;
        }
        Decision joining = Newcomers.join(observed, view, slot, Reason.VolumeLost);
        if (joining != null) {
            return joining;
        }
        Configured known = view.configured(there.id());
        if (known == null) {
            return null;
        }
        if (!view.isHealthy(known)) {
            return new Decision.Await(Reason.VolumeLost, "the newcomer in " + slot + " catches up");
        }
        if (!view.confirmed().established()) {
            return new Decision.Await(Reason.VolumeLost, "epoch " + view.confirmed().epoch() + " has no"
                    + " leader yet");
        }
        List<UUID> voters = new ArrayList<>(view.voters().stream().map(Configured::id).toList());
        voters.set(voters.indexOf(voter.id()), known.id());
        return act(new Action.Reconfigure(view.confirmed().epoch(), voters), Reason.VolumeLost,
                "the newcomer in " + slot + " takes the seat of " + voter.id());
    }

    /**
     * Asked again before the claim goes and before the pod goes: between the two another voter may have gone
     * down. A
     * place whose member does not answer may hold the newcomer's volume already, and is left alone.
     */
    private static @Nullable Decision giveUp(Desired desired, Observed observed, View view,
            Configured member, Reason reason, String why) {
        Member there = view.member(member.slot());
        if (there == null || !member.id().equals(there.id())) {
            return null;
        }
        String what = member.slot() + " " + why;
        if (member.voter()) {
            if (view.voters().size() == 1 && desired.voters() > 1) {
                return null; // others come first
            }
            if (view.voters().size() == 1) {
                return new Decision.Blocked(reason, what + ", but it is the only voter and what it knows is"
                        + " nowhere"
                        + " else: raise spec.voters.replicas to 3 first");
            }
            if (!view.mayTakeDown(member)) {
                return new Decision.Await(reason, what + ", after these are healthy: "
                        + View.names(view.unhealthyVoters()));
            }
            Configured successor = view.successor(view.voters());
            if (view.isLeader(member) && successor != null) {
                return act(new Action.TransferLeadership(successor.id()), reason, what + ", and hands over"
                        + " first");
            }
        }
        return Newcomers.clear(observed, member.slot(), reason, what);
    }

    private static Decision act(Action action, Reason reason, String message) {
        return new Decision.Act(action, reason, message);
    }
}
