package dev.synod.operator.plan;

/** Why a step is taken, or none is: in conditions and events, in the form that Kubernetes uses. */
public enum Reason {
    // spotless:off
    /** All is as asked for. */
    AsDesired,
    /** A person asked for nothing to be changed. */
    Paused,
    /** The cluster begins. */
    Bootstrapping,
    /** Volumes of an earlier cluster were found, and nobody said to adopt them. */
    VolumesFound,
    /** Volumes were in use, and what says so is gone. */
    LatchLost,
    /** A volume is another cluster's. */
    VolumeTaken,
    /** No member answers. */
    MembersUnreachable,
    /** Members answer, and no quorum of them confirms anything. */
    QuorumLost,
    /** A person asked for a new cluster from a survivor's volume. */
    RecoveryRequested,
    /** The same, while a quorum is there. */
    RecoveryRefused,
    /** A recovery cannot go on. */
    RecoveryFailed,
    /** More voters, or fewer. */
    ScalingVoters,
    /** More observers, or fewer. */
    ScalingObservers,
    /** A member lost its volume. */
    VolumeLost,
    /** A member's volume is damaged. */
    MemberFaulty,
    /** A person asked for a member to be replaced. */
    ReplaceRequested,
    /** Something configured is nowhere any more. */
    MemberGone,
    /** A volume is left over from a member that left. */
    VolumeLeftOver,
    /** Volumes grow. */
    ExpandingVolumes,
    /** A pod that is not as it is to be, and does not run. */
    PodStuck,
    /** Pods are not as they are to be. */
    RollingPods,
    /** All members run the image asked for, and it is written down as the one to keep. */
    PinningImage,
    /** The application's images change. */
    ChangingAppImages,
    /** A member's volume is full. */
    DiskFull,
    /** Something is down, and nothing is to be done but wait. */
    MemberDown
    // spotless:on
}
