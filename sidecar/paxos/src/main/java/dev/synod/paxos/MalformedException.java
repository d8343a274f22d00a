package dev.synod.paxos;

/**
 * Bytes that a peer or a disk handed in are not what they ought to be. It carries no stack: whoever reads
 * catches it, and garbage may come in faster than stacks can be filled.
 */
public final class MalformedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param what what was found wrong
     */
    public MalformedException(String what) {
        super(what, null, false, false);
    }
}
