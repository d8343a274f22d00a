package dev.synod.state;

/**
 * Which request of which session a command is, so that it takes effect once however often it is decided.
 *
 * @param session the session that asks; 0 for none, and then nothing is remembered
 * @param id chosen by the client, unique within the session, in any order; 0 for a request that may be
 *     carried out again when it is decided again
 * @param ackedBelow the client has the replies of all its requests below this id; at most {@code id}
 */
public record Request(long session, long id, long ackedBelow) {
    /** Without a session: a repeat of the command is another command. */
    public static final Request NONE = new Request(0, 0, 0);

    /** One of a session that does not remember its reply: for what may be carried out twice without harm. */
    public static Request unremembered(long session) {
        return new Request(session, 0, 0);
    }

    /** Whether the session remembers its reply. */
    public boolean isRemembered() {
        return session != 0 && id != 0;
    }
}
