package dev.synod.operator.plan;

import dev.synod.operator.plan.Observed.Claim;
import dev.synod.operator.plan.Observed.Latch;
import dev.synod.operator.plan.Observed.Member;
import dev.synod.operator.plan.Observed.Phase;
import dev.synod.operator.plan.Observed.Pod;
import dev.synod.operator.plan.Observed.Replicas;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a cluster begins, once. Never decided from names, pods or answers that are missing
 * (zookeeper-operator#240):
 *
 * <ol>
 *   <li>No latch and no volume: the latch is written, with the identities of cluster and first voters, not
 * set.
 *   <li>The sets of pods are made.
 *   <li>Each first voter's empty volume is formatted with the same first configuration. None may vote.
 *   <li>The latch is set.
 *   <li>Each first voter is activated.
 * </ol>
 *
 * A crash between any two of them is gone on from by what was seen. No latch and volumes: the cluster on them
 * is
 * adopted if that was asked for, each of them says that it is its, and a quorum confirms it; else nothing is
 * done.
 */
final class Bootstrap {
    private Bootstrap() {}

    /** What is missing; null when the cluster has begun and its sets of pods exist. */
    static @Nullable Decision next(Desired desired, Observed observed) {
        Latch latch = observed.latch();
        if (latch == null) {
            return withoutLatch(desired, observed);
        }
        Decision sets = sets(desired, observed, latch);
        if (sets != null) {
            return sets;
        }
        return latch.initialised() ? activation(observed, latch) : formatting(observed, latch);
    }

    private static Decision withoutLatch(Desired desired, Observed observed) {
        Map<Slot, Claim> claims = Observed.ofSet(observed.claims(), PodSet.VOTERS);
        if (observed.claims().isEmpty()) {
            return observed.pods().isEmpty()
                    ? act(new Action.WriteLatch(desired.voters()), "the identity of the cluster is written"
                            + " down")
                    : new Decision.Await(Reason.Bootstrapping, "pods of an earlier cluster are still there");
        }
        if (observed.voters() != null && !desired.adopt()) {
            return withLatchLost(observed);
        }
        if (!desired.adopt() || claims.isEmpty()) {
            return new Decision.Blocked(Reason.VolumesFound, observed.claims().size() + " volumes of an"
                    + " earlier cluster"
                    + " of this name"
                    + " are there, and nothing says that it ever began here: make the cluster anew with"
                    + " spec.storage.existing: Adopt to go on with it, or delete the claims to begin from"
                    + " nothing");
        }
        if (observed.voters() == null) {
            int replicas = claims.keySet().stream().mapToInt(Slot::ordinal).max().orElse(0) + 1;
            return act(new Action.CreateSet(PodSet.VOTERS, replicas), "the volumes found get their pods");
        }
        return adoption(observed, claims.keySet());
    }

    /**
     * Volumes of two clusters may be there, each with a quorum among its own: after a restore for which not
     * all claims were deleted. So each volume says whose it is before any of them is adopted.
     */
    private static Decision adoption(Observed observed, Set<Slot> places) {
        Map<Slot, UUID> clusters = new TreeMap<>();
        observed.members().forEach((slot, member) -> {
            if (member.cluster() != null) {
                clusters.put(slot, member.cluster());
            }
        });
        List<String> silent = places.stream().filter(slot -> !clusters.containsKey(slot))
                .filter(slot -> {
                    Member member = observed.members().get(slot);
                    return member == null || member.phase() != Phase.EMPTY;
                }).map(Slot::toString).toList();
        if (Set.copyOf(clusters.values()).size() > 1) {
            return new Decision.Blocked(Reason.VolumeTaken, "the volumes found are of more than one cluster, "
                    + clusters + ": none is adopted; delete the cluster, and the claims of all but one");
        }
        UUID cluster = clusterOf(observed);
        if (!silent.isEmpty() || observed.confirmed() == null || cluster == null) {
            return new Decision.Await(Reason.Bootstrapping, "the volumes found are adopted as soon as each"
                    + " says whose it is, and a quorum confirms it"
                    + (silent.isEmpty()
                            ? ""
                            : "; nothing is heard from " + String.join(", ", silent)
                                    + " (if a volume is gone for good, delete its claim and its pod)"));
        }
        return act(new Action.AdoptLatch(cluster), "cluster " + cluster + " is adopted");
    }

    /**
     * The set of voters is this cluster's own, and was made after the latch: so the cluster began, and its
     * record was deleted. What a quorum confirms is written down again.
     */
    private static Decision withLatchLost(Observed observed) {
        UUID cluster = clusterOf(observed);
        return observed.confirmed() == null || cluster == null
                ? new Decision.Blocked(Reason.LatchLost,
                        "the ConfigMap that says who this cluster is and that"
                                + " it began is gone, and no quorum confirms it now: it is written again as"
                                + " soon as one does, and nothing is changed before. Wait for the members to"
                                + " come back, or put the"
                                + " ConfigMap back from a backup")
                : act(new Action.AdoptLatch(cluster), "the record of cluster " + cluster + " was lost, and is"
                        + " written again from what a quorum confirms");
    }

    /** The one cluster of all who answer; null when there is none, or more. */
    private static @Nullable UUID clusterOf(Observed observed) {
        UUID found = null;
        for (Member member : observed.members().values()) {
            UUID cluster = member.cluster();
            if (cluster != null && found != null && !found.equals(cluster)) {
                return null;
            }
            found = cluster == null ? found : cluster;
        }
        return found;
    }

    private static @Nullable Decision sets(Desired desired, Observed observed, Latch latch) {
        int needed = votersNeeded(observed, latch);
        Replicas voters = observed.voters();
        if (voters == null) {
            return act(new Action.CreateSet(PodSet.VOTERS, needed), latch.initialised()
                    ? "the set of voters is made again"
                    : "the set of voters is made");
        }
        if (voters.count() < needed) {
            // Somebody scaled it by hand; or a recovery has left none.
            return act(new Action.Scale(PodSet.VOTERS, needed), "the volumes of voters get their pods back: "
                    + voters.count() + " to " + needed);
        }
        Replicas observers = observed.observers();
        if (observers == null && latch.initialised()) {
            return act(new Action.CreateSet(PodSet.OBSERVERS,
                    Math.min(observed.placesWithClaims(PodSet.OBSERVERS), desired.observers())),
                    "the set of observers is made");
        }
        int learning = observed.placesConfigured(PodSet.OBSERVERS);
        return observers != null && observers.count() < learning
                ? act(new Action.Scale(PodSet.OBSERVERS, learning), "observers get their pods back")
                : null;
    }

    /**
     * How many places the voters' set has at the least. With a quorum its configuration says so: never
     * fewer, for
     * nobody's pod goes before it has left. Without one the volumes do, however many there are: the quorum
     * may be
     * on those that have no pod. Unless a quorum answers, which has only not confirmed anything just now.
     */
    private static int votersNeeded(Observed observed, Latch latch) {
        int configured = observed.placesConfigured(PodSet.VOTERS);
        if (configured > 0) {
            return configured;
        }
        if (observed.voters() != null && observed.mayHaveQuorum()) {
            return observed.voters().count();
        }
        int claims = observed.placesWithClaims(PodSet.VOTERS);
        return claims > 0 && latch.initialised()
                ? claims
                : Math.max(claims, Math.max(latch.initial().size(), 1));
    }

    private static Decision formatting(Observed observed, Latch latch) {
        Slot missing = null;
        for (int ordinal = 0; ordinal < latch.initial().size(); ordinal++) {
            Slot slot = Slot.voter(ordinal);
            Member member = observed.members().get(slot);
            UUID planned = latch.initial().get(ordinal);
            if (member == null || member.phase() == Phase.BUSY) {
                missing = missing == null ? slot : missing;
                continue;
            }
            if (member.phase() == Phase.EMPTY) {
                return act(new Action.Format(slot, planned), "the volume of " + slot + " becomes a first"
                        + " voter's");
            }
            if (!planned.equals(member.id()) || !latch.cluster().equals(member.cluster())) {
                return new Decision.Blocked(Reason.VolumeTaken, "the volume of " + slot + " is member"
                        + " " + member.id()
                        + " of cluster " + member.cluster() + ", not member " + planned + " of cluster "
                        + latch.cluster() + ": delete its claim and pod if it may go");
            }
            if (member.activated()) {
                return new Decision.Blocked(Reason.LatchLost, "the member of " + slot + " votes already, but"
                        + " the latch"
                        + " in the ConfigMap says that the cluster has not begun: it was put back to an"
                        + " earlier state;"
                        + " set initialised to true in it if nothing else was");
            }
        }
        if (missing != null) {
            return new Decision.Await(Reason.Bootstrapping, "the pod of " + missing + " does not answer yet");
        }
        return act(new Action.SetLatch(), "every first voter is formatted");
    }

    private static @Nullable Decision activation(Observed observed, Latch latch) {
        for (int ordinal = 0; ordinal < latch.initial().size(); ordinal++) {
            Slot slot = Slot.voter(ordinal);
            Member member = observed.members().get(slot);
            Pod pod = observed.pods().get(slot);
            if (member != null && pod != null && member.phase() == Phase.RUNNING && !member.activated()
                    && latch.initial().get(ordinal).equals(member.id())
                    && latch.cluster().equals(member.cluster())) {
                return act(new Action.Activate(slot), slot + " may vote");
            }
        }
        return null;
    }

    private static Decision act(Action action, String message) {
        return new Decision.Act(action, Reason.Bootstrapping, message);
    }
}
