package dev.synod.simulation.walk;

/** A value of which only one with its key exists in a walk. */
interface Keyed {
    /** A 64-bit hash of all that the value is; equal keys are taken for equal values. */
    long key();
}
