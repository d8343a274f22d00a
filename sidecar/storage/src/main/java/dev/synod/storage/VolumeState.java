package dev.synod.storage;

/** How far a volume has come in becoming a member's. */
public enum VolumeState {
    /** It belongs to nobody; {@link Volume#format} makes it a member's. */
    EMPTY,
    /** It is a member's, but the cluster's latch was not yet known to be set when it was last written. */
    FORMATTED,
    /** It is a member's, and the member may vote. */
    ACTIVATED,
    /** Whose it is cannot be told; see {@link Volume#fault()}. Nothing is ever written to it. */
    UNREADABLE
}
