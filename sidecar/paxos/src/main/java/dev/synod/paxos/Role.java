package dev.synod.paxos;

/** What a member is doing. */
public enum Role {
    /** A voter that follows a leader or waits for one. */
    FOLLOWER,
    /** A voter that heard no leader and asks whether it may campaign. */
    PROBING,
    /** A voter that owns a ballot and gathers promises. */
    PREPARING,
    /** The leader of a ballot. */
    LEADER,
    /** Not a voter of its epoch, or not allowed to vote yet: it learns what is decided. */
    OBSERVER,
    /** Silent for good: its volume is damaged, forgot something, or belongs to another process by now. */
    FAULTY
}
