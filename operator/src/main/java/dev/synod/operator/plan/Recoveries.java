package dev.synod.operator.plan;

import dev.synod.operator.plan.Observed.Claim;
import dev.synod.operator.plan.Observed.JobState;
import dev.synod.operator.plan.Observed.Latch;
import dev.synod.operator.plan.Observed.Member;
import dev.synod.operator.plan.Observed.Phase;
import dev.synod.operator.plan.Observed.Recovery;
import dev.synod.operator.plan.Observed.RecoveryJob;
import dev.synod.operator.plan.Observed.Replicas;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A new cluster from one volume that survived, after a quorum was lost for good and a person said so. The hazard
 * is two clusters that both think they are the one: so first everything stops, then the new cluster is written,
 * then all that is left of the old one goes, and only then anything starts.
 *
 * <ol>
 *   <li>The latch notes the survivor, its place, and the identities of the new cluster and its member.
 *   <li>Both sets have no pods.
 *   <li>A Job makes the survivor's volume that of the new cluster's only voter. Until it has, the wish may be
 *       taken back, and a quorum that comes back after all ends the recovery.
 *   <li>The latch is the new cluster's.
 *   <li>All other volumes go: two of them together could be a quorum of the old cluster.
 *   <li>The latch notes no recovery any more; the Job goes.
 * </ol>
 *
 * <p>From there on a cluster with one voter gets its pods and grows as any other ({@link Bootstrap}, {@link
 * Places}, {@link VoterScaling}). What was done is seen, so a crash between any two steps is gone on from.
 */
final class Recoveries {
    private Recoveries() {}

    /** Whether one is to begin; null when nobody asked, or nobody answers whose volume could be taken. */
    static @Nullable Decision asked(Desired desired, Observed observed) {
        UUID wanted = desired.recoverFrom();
        Latch latch = observed.latch();
        if (wanted == null || latch == null) {
            return null;
        }
        for (Map.Entry<Slot, Member> entry : observed.members().entrySet()) {
            if (wanted.equals(entry.getValue().id())) {
                return begin(observed, latch, entry.getKey(), entry.getValue());
            }
        }
        return null;
    }

    private static Decision begin(Observed observed, Latch latch, Slot slot, Member survivor) {
        if (slot.set() != PodSet.VOTERS) {
            return refused(slot + " only learns: name a voter in synod.dev/recover-from");
        }
        if (survivor.phase() != Phase.RUNNING || !latch.cluster().equals(survivor.cluster())) {
            return refused("the volume of " + slot + " is " + (survivor.phase() == Phase.FAULTY
                    ? "damaged, " + survivor.fault()
                    : survivor.phase() + ", of cluster " + survivor.cluster())
                    + ": name another member in synod.dev/recover-from, or see docs/recovery.md");
        }
        for (Map.Entry<Slot, Member> other : observed.members().entrySet()) {
            Member member = other.getValue();
            if (other.getKey().set() == PodSet.VOTERS && member.phase() == Phase.RUNNING
                    && latch.cluster().equals(member.cluster()) && member.applied() > survivor.applied()) {
                return refused(other.getKey() + ", member " + member.id() + ", has applied "
                        + member.applied() + " entries, " + slot + " only " + survivor.applied()
                        + ": name that one in synod.dev/recover-from");
            }
        }
        return act(new Action.NoteRecovery(slot, Objects.requireNonNull(survivor.id())),
                "a new cluster begins from the volume of " + slot + ", as asked for");
    }

    /** What comes next; null when none is under way, and nothing is left of one. */
    static @Nullable Decision underWay(Desired desired, Observed observed) {
        Latch latch = observed.latch();
        Recovery recovery = latch == null ? null : latch.recovery();
        RecoveryJob job = observed.recoveryJob();
        if (latch == null || recovery == null) {
            return job == null || job.terminating()
                    ? null
                    : act(new Action.DeleteRecoveryJob(job.uid()), "the recovery is over");
        }
        boolean written = latch.cluster().equals(recovery.cluster());
        Decision off = written ? null : calledOff(desired, observed, recovery);
        if (off != null) {
            return off;
        }
        Decision stopping = stop(observed);
        if (stopping != null) {
            return stopping;
        }
        return written ? clear(observed, recovery) : write(observed, recovery);
    }

    private static @Nullable Decision calledOff(Desired desired, Observed observed, Recovery recovery) {
        RecoveryJob job = observed.recoveryJob();
        if (job != null && job.state() != JobState.FAILED && job.cluster().equals(recovery.cluster())) {
            return null; // it may have written already
        }
        if (observed.confirmed() != null) {
            return act(new Action.ForgetRecovery(), "the quorum is back, and nothing is recovered");
        }
        return recovery.survivor().equals(desired.recoverFrom())
                ? null
                : act(new Action.ForgetRecovery(), "the wish for a recovery from " + recovery.survivor()
                        + " was taken back");
    }

    private static @Nullable Decision stop(Observed observed) {
        for (PodSet set : PodSet.values()) {
            Replicas replicas = observed.replicas(set);
            if (replicas != null && replicas.count() > 0) {
                return act(new Action.Scale(set, 0), "all members of the old cluster stop");
            }
        }
        return observed.pods().isEmpty()
                ? null
                : await("pods of the old cluster end: " + observed.pods().keySet() + "; one whose node is gone"
                        + " for good goes when its Node object is deleted");
    }

    private static Decision write(Observed observed, Recovery recovery) {
        Claim claim = observed.claims().get(recovery.slot());
        if (claim == null || claim.terminating()) {
            return new Decision.Blocked(Reason.RecoveryFailed, "the survivor's volume in " + recovery.slot()
                    + " is gone: remove the annotation synod.dev/recover-from, and name another member");
        }
        RecoveryJob job = observed.recoveryJob();
        if (job == null) {
            return act(new Action.RunRecovery(recovery), "the survivor's volume becomes that of cluster "
                    + recovery.cluster());
        }
        if (job.terminating()) {
            return await("an earlier Job ends");
        }
        if (!job.cluster().equals(recovery.cluster())) {
            return act(new Action.DeleteRecoveryJob(job.uid()), "the Job of an earlier recovery goes");
        }
        return switch (job.state()) {
            case RUNNING -> await("the Job writes the volume of cluster " + recovery.cluster());
            case SUCCEEDED -> act(new Action.SwitchLatch(recovery.cluster()), "cluster " + recovery.cluster()
                    + " is written");
            case FAILED -> new Decision.Blocked(Reason.RecoveryFailed, "the Job that writes the new cluster's"
                    + " volume failed, its pod's log says why: delete the Job to have it tried again, or"
                    + " remove the annotation synod.dev/recover-from to have the old pods back");
        };
    }

    private static Decision clear(Observed observed, Recovery recovery) {
        boolean going = false;
        for (Map.Entry<Slot, Claim> entry : observed.claims().entrySet()) {
            if (entry.getKey().equals(recovery.slot())) {
                continue;
            }
            if (!entry.getValue().terminating()) {
                return act(new Action.DeleteClaim(entry.getKey(), entry.getValue().uid()), "the volume of "
                        + entry.getKey() + " is the old cluster's");
            }
            going = true;
        }
        return going
                ? await("volumes of the old cluster go")
                : act(new Action.FinishRecovery(), "nothing of the old cluster is left");
    }

    private static Decision act(Action action, String message) {
        return new Decision.Act(action, Reason.RecoveryRequested, message);
    }

    private static Decision await(String message) {
        return new Decision.Await(Reason.RecoveryRequested, message);
    }

    private static Decision refused(String message) {
        return new Decision.Blocked(Reason.RecoveryRefused, message);
    }
}
