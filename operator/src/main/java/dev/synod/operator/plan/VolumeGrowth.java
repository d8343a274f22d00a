package dev.synod.operator.plan;

import dev.synod.operator.plan.Observed.Claim;
import dev.synod.operator.plan.Observed.Replicas;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Larger volumes: each claim asks for more, then the set is made anew around its pods, so that new members
 * get the new
 * size. Volumes never become smaller; the CRD refuses it, and this does nothing about it.
 */
final class VolumeGrowth implements Rule {
    @Override
    public @Nullable Decision next(Desired desired, Observed observed, View view) {
        Decision claims = claims(desired, observed);
        return claims == null ? sets(desired, observed) : claims;
    }

    /** The next claim that is too small; null when none is. */
    static @Nullable Decision claims(Desired desired, Observed observed) {
        for (Map.Entry<Slot, Claim> entry : observed.claims().entrySet()) {
            Claim claim = entry.getValue();
            if (!claim.terminating() && claim.bytes() < desired.volumeBytes()) {
                return new Decision.Act(new Action.ResizeClaim(entry.getKey(), desired.volumeBytes()),
                        Reason.ExpandingVolumes, entry.getKey() + ": " + claim.bytes() + " to"
                                + " " + desired.volumeBytes()
                                + " bytes");
            }
        }
        return null;
    }

    private static @Nullable Decision sets(Desired desired, Observed observed) {
        for (PodSet set : PodSet.values()) {
            Replicas replicas = observed.replicas(set);
            if (replicas != null && replicas.claimBytes() < desired.volumeBytes()) {
                return new Decision.Act(new Action.RecreateSet(set), Reason.ExpandingVolumes,
                        "volumes of new members have the new size");
            }
        }
        return null;
    }
}
