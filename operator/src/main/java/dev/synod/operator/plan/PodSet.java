package dev.synod.operator.plan;

/** The two sets of pods of a cluster, each a StatefulSet. */
public enum PodSet {
    /** Those that vote, or are about to. */
    VOTERS,
    /** Those that only learn. */
    OBSERVERS
}
