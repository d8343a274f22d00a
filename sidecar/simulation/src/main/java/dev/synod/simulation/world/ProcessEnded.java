package dev.synod.simulation.world;

/**
 * Unwinds a program whose process ends in the middle of a call. Not an exception: no program has a reason to
 * catch it.
 */
final class ProcessEnded extends Error {
    private static final long serialVersionUID = 1L;

    /** Why, for the trace. */
    private final String why;

    /** Whether the program itself asked for it. */
    private final boolean own;

    ProcessEnded(String why, boolean own) {
        super(why, null, false, false);
        this.why = why;
        this.own = own;
    }

    String why() {
        return why;
    }

    boolean isOwn() {
        return own;
    }
}
