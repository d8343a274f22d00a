package dev.synod.operator.plan;

import dev.synod.operator.plan.Observed.Away;
import dev.synod.operator.plan.Observed.Claim;
import dev.synod.operator.plan.Observed.Confirmed;
import dev.synod.operator.plan.Observed.Latch;
import dev.synod.operator.plan.Observed.Member;
import dev.synod.operator.plan.Observed.Notes;
import dev.synod.operator.plan.Observed.Phase;
import dev.synod.operator.plan.Observed.Recovery;
import dev.synod.operator.plan.Observed.RecoveryJob;
import dev.synod.operator.plan.Observed.Replicas;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A new cluster from one volume that survived, after a quorum was lost for good and a person said so. The
 * hazard
 * is two clusters that both think they are the one: so first everything stops, then the new cluster is
 * written,
 * then all that is left of the old one goes, and only then anything starts.
 *
 * <ol>
 *   <li>There has been no quorum for a while, and the voters that answer are none: neither was the wish
 *     refused
 *       before.
 *   <li>The latch notes the survivor, its place, and the identities of the new cluster and its member.
 *   <li>Both sets have no pods. Up to here the wish may be taken back, and a quorum that comes back after
 *     all ends
 *       the recovery.
 *   <li>The latch notes that the volume may be written. Nothing that becomes of the Job takes that back.
 *   <li>A Job makes the survivor's volume that of the new cluster's only voter.
 *   <li>The latch is the new cluster's.
 *   <li>All other volumes go: two of them together could be a quorum of the old cluster.
 *   <li>The latch notes no recovery any more; the Job goes.
 * </ol>
 *
 * <p>From there on a cluster with one voter gets its pods and grows as any other ({@link Bootstrap}, {@link
 * Places}, {@link VoterScaling}). What was done is seen, so a crash between any two steps is gone on from.
 */
final class Recoveries {
    /** So long passes find no quorum before a recovery begins: an election or a slow disk is no loss. */
    static final Duration AWAY_MIN = Duration.ofSeconds(60);

    private static final Duration SEEN_EVERY = Duration.ofSeconds(10);

    private Recoveries() {}

    /**
     * Keeps what is remembered of a wish in step with it; null when it is. A wish that was refused or
     * called off is
     * ignored until it is taken back, and the time without a quorum counts only while one is wished for.
     */
    static @Nullable Decision remembered(Desired desired, Observed observed) {
        Latch latch = observed.latch();
        if (latch == null || latch.recovery() != null) {
            return null;
        }
        UUID wanted = desired.recoverFrom();
        Notes now = latch.notes();
        boolean meant = wanted != null && (wanted.equals(now.refused()) || wanted.equals(now.done()));
        Notes next = new Notes(wanted != null && wanted.equals(now.refused()) ? wanted : null,
                wanted != null && wanted.equals(now.done()) ? wanted : null,
                wanted == null || meant || observed.confirmed() != null ? null : now.away());
        return next.equals(now)
                ? null
                : act(new Action.Remember(next), "what was remembered of an earlier wish is forgotten");
    }

    /** A wish while there is a quorum: refused, and remembered; null when it means nobody who is there. */
    static @Nullable Decision needless(Desired desired, Observed observed, Confirmed confirmed) {
        UUID wanted = desired.recoverFrom();
        Latch latch = observed.latch();
        if (wanted == null || latch == null || wanted.equals(latch.notes().done())
                || confirmed.members().stream().noneMatch(one -> wanted.equals(one.id()))) {
            return null;
        }
        return refused(latch, wanted,
                "a recovery from member " + wanted + " is asked for, but the cluster has"
                        + " its quorum and needs none");
    }

    /** Whether one is to begin; null when nobody asked. */
    static @Nullable Decision asked(Desired desired, Observed observed) {
        UUID wanted = desired.recoverFrom();
        Latch latch = observed.latch();
        if (wanted == null || latch == null || wanted.equals(latch.notes().done())) {
            return null;
        }
        if (wanted.equals(latch.notes().refused())) {
            return refused(latch, wanted, "the recovery from member " + wanted + " was refused or called off"
                    + " before, and is not begun by itself later");
        }
        for (Map.Entry<Slot, Member> entry : observed.members().entrySet()) {
            if (wanted.equals(entry.getValue().id())) {
                return begin(observed, latch, entry.getKey(), entry.getValue());
            }
        }
        return new Decision.Blocked(Reason.RecoveryRefused,
                "no member " + wanted + " answers, from whose volume"
                        + " a recovery is asked for; those that do: " + answering(observed)
                        + ". Name one of them in synod.dev/recover-from, or see to it that its pod runs");
    }

    private static String answering(Observed observed) {
        List<String> all =
                observed.members().entrySet().stream().filter(entry -> entry.getValue().id() != null)
                        .map(entry -> entry.getKey() + " is " + entry.getValue().id()).toList();
        return all.isEmpty() ? "none" : String.join(", ", all);
    }

    private static Decision begin(Observed observed, Latch latch, Slot slot, Member survivor) {
        UUID wanted = Objects.requireNonNull(survivor.id());
        if (survivor.phase() == Phase.BUSY) {
            return await("the member of " + slot + " still reads its volume");
        }
        String objection = objection(observed, latch, slot, survivor);
        if (objection != null) {
            return refused(latch, wanted, objection);
        }
        Away away = latch.notes().away();
        if (away == null || !away.holdsAt(observed.at())) {
            return act(new Action.Remember(new Notes(null, null, new Away(observed.at(), observed.at()))),
                    "a recovery from " + slot + " begins when there has been no quorum for "
                            + AWAY_MIN.toSeconds()
                            + " s");
        }
        if (Duration.between(away.since(), observed.at()).compareTo(AWAY_MIN) >= 0) {
            return act(new Action.NoteRecovery(slot, wanted),
                    "a new cluster begins from the volume of " + slot + ", as asked for");
        }
        return Duration.between(away.seen(), observed.at()).compareTo(SEEN_EVERY) >= 0
                ? act(new Action.Remember(new Notes(null, null, new Away(away.since(), observed.at()))),
                        "there is still no quorum")
                : await("a recovery from " + slot + " begins when there has been no quorum for "
                        + AWAY_MIN.toSeconds() + " s, since " + away.since());
    }

    /** Why a new cluster must not begin from there; null when it may. */
    private static @Nullable String objection(Observed observed, Latch latch, Slot slot, Member survivor) {
        if (slot.set() != PodSet.VOTERS) {
            return slot + " only learns: name a voter in synod.dev/recover-from";
        }
        if (survivor.phase() != Phase.RUNNING || !latch.cluster().equals(survivor.cluster())) {
            return "the volume of " + slot + " is " + (survivor.phase() == Phase.FAULTY
                    ? "damaged, " + survivor.fault()
                    : survivor.phase() + ", of cluster " + survivor.cluster())
                    + ": name another member, or see docs/recovery.md";
        }
        if (observed.mayHaveQuorum()) {
            return observed.votersAnswering() + " of " + observed.electorate().voters().size()
                    + " voters answer:"
                    + " their volumes are there, and they are to find their quorum again by themselves";
        }
        for (Map.Entry<Slot, Member> other : observed.members().entrySet()) {
            Member member = other.getValue();
            if (other.getKey().set() == PodSet.VOTERS && member.phase() == Phase.RUNNING
                    && latch.cluster().equals(member.cluster())
                    && member.log().compareTo(survivor.log()) > 0) {
                return other.getKey() + ", member " + member.id() + ", has accepted " + member.log() + ", "
                        + slot
                        + " only " + survivor.log() + ": name that one";
            }
        }
        return null;
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
        if (recovery.writing() || job != null && job.cluster().equals(recovery.cluster())) {
            return null; // it may have written already, whatever became of it
        }
        if (observed.confirmed() != null || observed.mayHaveQuorum()) {
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
                : await("pods of the old cluster end: " + observed.pods().keySet()
                        + "; one whose node is gone"
                        + " for good goes when its Node object is deleted");
    }

    private static Decision write(Observed observed, Recovery recovery) {
        Claim claim = observed.claims().get(recovery.slot());
        RecoveryJob job = observed.recoveryJob();
        if (claim == null || claim.terminating()) {
            boolean begun = recovery.writing() || job != null;
            return new Decision.Blocked(Reason.RecoveryFailed, "the survivor's volume in " + recovery.slot()
                    + " is gone: " + (begun
                            ? "see docs/recovery.md for how to name another member"
                            : "remove the annotation synod.dev/recover-from, and name another member"));
        }
        if (job != null && job.terminating()) {
            return await("an earlier Job ends");
        }
        if (job != null && !job.cluster().equals(recovery.cluster())) {
            return act(new Action.DeleteRecoveryJob(job.uid()), "the Job of an earlier recovery goes");
        }
        if (job == null && !observed.attempts().isEmpty()) {
            return await("pods of an earlier Job end: " + attempts(observed));
        }
        if (!recovery.writing()) {
            return act(new Action.NoteWriting(),
                    "from here on there is no way back: the survivor's volume becomes"
                            + " that of cluster " + recovery.cluster());
        }
        if (job == null) {
            return act(new Action.RunRecovery(recovery), "the survivor's volume becomes that of cluster "
                    + recovery.cluster());
        }
        return switch (job.state()) {
            case RUNNING -> await("the Job writes the volume of cluster " + recovery.cluster()
                    + (observed.attempts().isEmpty() ? "" : ", in pod " + attempts(observed))
                    + ". If it does not end, delete it: it is made again");
            case SUCCEEDED -> observed.attempts().isEmpty()
                    ? act(new Action.SwitchLatch(recovery.cluster()), "cluster " + recovery.cluster()
                            + " is written")
                    : await("pods of the Job end: " + attempts(observed));
            case FAILED -> new Decision.Blocked(Reason.RecoveryFailed, "the Job that writes the new cluster's"
                    + " volume failed, its pods' logs and events say why:"
                    + " put that right, and delete the Job to"
                    + " have it tried again. The annotation does not call it off any more,"
                    + " for the volume may be"
                    + " the new cluster's: see docs/recovery.md");
        };
    }

    private static String attempts(Observed observed) {
        return String.join(", ", observed.attempts().stream().map(Observed.Attempt::toString).toList());
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

    /** Remembered first, then told for as long as the wish stands. */
    private static Decision refused(Latch latch, UUID wanted, String why) {
        String message =
                why + ": remove the annotation synod.dev/recover-from; if a recovery is needed after all,"
                        + " set it anew";
        return wanted.equals(latch.notes().refused())
                ? new Decision.Blocked(Reason.RecoveryRefused, message)
                : new Decision.Act(new Action.Remember(new Notes(wanted, latch.notes().done(), null)),
                        Reason.RecoveryRefused, message);
    }
}
