package dev.synod.simulation.check;

import java.util.HashMap;
import java.util.Map;

/**
 * A request of a session takes effect at most once, and is answered always the same. What a request changes
 * carries a tag that no other request has, so that a second effect shows however the request was numbered.
 */
public final class ExactlyOnce {
    private record Request(long session, long id) {}

    private record Answered(Object reply, long index) {}

    private final Map<String, Long> effects = new HashMap<>();
    private final Map<Request, Answered> replies = new HashMap<>();

    /** Nothing happened yet. */
    public ExactlyOnce() {}

    /** The entry at {@code index} changed something in the name of what {@code tag} names. */
    public void effect(String tag, long index) {
        Long before = effects.putIfAbsent(tag, index);
        if (before != null) {
            throw new Violation("exactly-once", tag + " took effect at " + before + " and again at " + index);
        }
    }

    /** A request was answered, somewhere at {@code index} or later. */
    public void reply(long session, long id, Object reply, long index) {
        Answered before = replies.putIfAbsent(new Request(session, id), new Answered(reply, index));
        if (before != null && !before.reply().equals(reply)) {
            throw new Violation("exactly-once", "request " + id + " of session " + session + " was answered "
                    + before.reply() + " at " + before.index() + " and " + reply + " at " + index);
        }
    }
}
