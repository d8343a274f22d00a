package dev.synod.paxos;

/**
 * The member found one of its own invariants broken: a bug of ours or memory gone bad. It must stop, not go
 * on.
 */
public final class InvariantViolation extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /**
     * @param invariant number in {@code docs/protocol.md}, such as {@code I6}
     * @param what what was found, with values
     */
    public InvariantViolation(String invariant, String what) {
        super(invariant + " broken: " + what);
    }
}
