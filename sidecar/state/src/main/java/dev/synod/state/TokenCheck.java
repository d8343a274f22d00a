package dev.synod.state;

/**
 * What became of a fencing token.
 *
 * @param state whether it is still good
 * @param current the newest token that is good for that name; 0 when nobody holds it
 */
public record TokenCheck(State state, long current) {
    /** Whether a token is still good. */
    public enum State {
        /** Its grant stands. */
        VALID,
        /** Its grant is over, if it ever was one for that name. */
        STALE,
        /** This cluster has never been at such a revision: it comes from elsewhere. */
        UNKNOWN
    }
}
