package dev.synod.operator.plan;

import java.util.List;
import java.util.UUID;

/**
 * One change of the world outside. Each may be carried out twice, or by two operators at once: deletions name
 * the UID
 * of what they mean, changes of the configuration the epoch that they were decided in.
 */
public sealed interface Action {
    /**
     * Decides on the cluster's identity and that of its first voters, and writes them down; nothing runs yet.
     */
    record WriteLatch(int voters) implements Action {}

    /** Writes down the identity of the cluster that is on the volumes found, as begun. */
    record AdoptLatch(UUID cluster) implements Action {}

    /** Makes a set of pods. */
    record CreateSet(PodSet set, int replicas) implements Action {}

    /** Makes an empty volume that of a first voter. */
    record Format(Slot slot, UUID member) implements Action {}

    /** From here on an empty volume is never again that of a first voter. */
    record SetLatch() implements Action {}

    /** A first voter may vote. */
    record Activate(Slot slot) implements Action {}

    /** Makes an empty volume that of a newcomer, with an identity that nobody had before. */
    record FormatNewcomer(Slot slot) implements Action {}

    /** The member there learns from now on. */
    record AddObserver(Slot slot, UUID member) implements Action {}

    /** A member that only learns is forgotten. */
    record RemoveObserver(UUID member) implements Action {}

    /** Other voters, if the epoch is still that one. */
    record Reconfigure(int expectedEpoch, List<UUID> voters) implements Action {
        /** With a copy of the list. */
        public Reconfigure {
            voters = List.copyOf(voters);
        }
    }

    /** Another voter leads. */
    record TransferLeadership(UUID to) implements Action {}

    /** Another number of pods in a set. */
    record Scale(PodSet set, int replicas) implements Action {}

    /** Deletes a pod, to be made anew by its set. */
    record DeletePod(Slot slot, String uid) implements Action {}

    /** Deletes a claim and with it the volume, once no pod uses it. */
    record DeleteClaim(Slot slot, String uid) implements Action {}

    /** Asks for a larger volume. */
    record ResizeClaim(Slot slot, long bytes) implements Action {}

    /** Deletes a set without its pods and makes it anew: its claim template cannot be changed. */
    record RecreateSet(PodSet set) implements Action {}

    /** Writes down the image that all members run, to be kept when the spec names none any more. */
    record PinImage() implements Action {}

    /** Changes the application's images in a running pod. */
    record PatchAppImages(Slot slot) implements Action {}

    /**
     * Writes down in the latch that a recovery is under way: of this survivor in this place, with
     * identities for
     * cluster and member that nobody had before. Nothing else changes yet.
     */
    record NoteRecovery(Slot slot, UUID survivor) implements Action {}

    /** Writes down in the latch what is to be remembered of the wish for a recovery. */
    record Remember(Observed.Notes notes) implements Action {}

    /** Writes down in the latch that the survivor's volume may be written from here on. */
    record NoteWriting() implements Action {}

    /**
     * Takes the recovery out of the latch: nothing has been changed by it that matters. Its wish is noted as
     * refused.
     */
    record ForgetRecovery() implements Action {}

    /**
     * Makes the Job that turns the survivor's volume into that of the new cluster's only voter. It can be
     * made
     * again: done twice is done once.
     */
    record RunRecovery(Observed.Recovery recovery) implements Action {}

    /** The latch is the new cluster's from here on: begun, without first voters; its recovery stays noted. */
    record SwitchLatch(UUID cluster) implements Action {}

    /** Takes the recovery out of the latch: nothing of the old cluster is left. Its wish is noted as done. */
    record FinishRecovery() implements Action {}

    /** Deletes the Job of a recovery, and its pods. */
    record DeleteRecoveryJob(String uid) implements Action {}
}
