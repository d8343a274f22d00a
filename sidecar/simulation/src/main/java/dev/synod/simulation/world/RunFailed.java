package dev.synod.simulation.world;

/** Ends a run: something broke. */
final class RunFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String invariant;

    /**
     * @param invariant short name by which failures are told apart
     * @param message with values
     */
    RunFailed(String invariant, String message) {
        super(message, null, false, false);
        this.invariant = invariant;
    }

    String invariant() {
        return invariant;
    }

    String message() {
        String message = getMessage();
        return message == null ? "" : message;
    }
}
