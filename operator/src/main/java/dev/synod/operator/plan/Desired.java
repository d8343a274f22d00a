package dev.synod.operator.plan;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is asked for, as far as it decides on steps.
 *
 * @param voters 1, 3, 5 or 7
 * @param observers 0 to 64
 * @param volumeBytes size of each volume
 * @param adopt whether volumes of an earlier cluster are taken over
 * @param voterHash of the pods of voters as they are to be, application images left out
 * @param observerHash the same of observers
 * @param appImages of the application's containers, as one text
 * @param image of the sidecar
 * @param paused whether nothing is to be changed
 * @param replace a member to be given an empty volume and a new identity; done when no configuration knows it
 * @param recoverFrom a member from whose volume a new cluster begins after the quorum is lost for good
 */
public record Desired(
        int voters, int observers, long volumeBytes, boolean adopt, String voterHash, String observerHash,
        String appImages, String image, boolean paused, @Nullable UUID replace, @Nullable UUID recoverFrom) {
    /** The same with volumes as they are. */
    public Desired withoutGrowth() {
        return new Desired(voters, observers, 0, adopt, voterHash, observerHash, appImages, image, paused,
                replace, recoverFrom);
    }

    /** The same without the pause. */
    public Desired resumed() {
        return new Desired(voters, observers, volumeBytes, adopt, voterHash, observerHash, appImages, image,
                false, replace, recoverFrom);
    }

    /** Of the pods of a set. */
    String hash(PodSet set) {
        return set == PodSet.VOTERS ? voterHash : observerHash;
    }
}
