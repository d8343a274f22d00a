package dev.synod.simulation.check;

/** An invariant of the whole cluster does not hold: what the simulator looks for. */
public final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String invariant;

    /**
     * @param invariant short name by which two failures are told to be the same, such as {@code I4} or
     *     {@code slot}
     * @param what what was found, with values
     */
    public Violation(String invariant, String what) {
        super(invariant + " broken: " + what);
        this.invariant = invariant;
    }

    /** Short name of what was broken; the shrinker keeps only runs that break the same. */
    public String invariant() {
        return invariant;
    }
}
