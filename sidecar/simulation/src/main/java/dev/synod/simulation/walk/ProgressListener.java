package dev.synod.simulation.walk;

/** Told now and then how far a walk is; on any of its threads, one at a time. */
@FunctionalInterface
public interface ProgressListener {
    /**
     * Hears how far the walk is.
     *
     * @param depth steps from the beginning
     * @param states distinct states so far
     * @param transitions steps taken so far
     */
    void at(int depth, long states, long transitions);
}
