package dev.synod.state;

/**
 * Which request of which session a command is, so that it takes effect once however often it is decided.
 *
 * @param session the session that asks; 0 for none, and then nothing is remembered
 * @param id chosen by the client, unique within the session, in any order
 * @param ackedBelow the client has the replies of all its requests below this id; at most {@code id}
 */
public record Request(long session, long id, long ackedBelow) {
    /** Without a session: a repeat of the command is another command. */
    public static final Request NONE = new Request(0, 0, 0);

    /** Whether a session stands behind it, which remembers its reply. */
    public boolean isRemembered() {
        return session != 0;
    }
}
