package dev.synod.simulation.disk;

/** The process dies here: whoever runs it catches this and throws the process away. It carries no stack. */
public final class SimulatedCrash extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * A crash at a given place.
     *
     * @param where the operation before which it happens
     */
    public SimulatedCrash(String where) {
        super(where, null, false, false);
    }
}
