package dev.synod.state;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Defect;
import dev.synod.paxos.Defects;
import dev.synod.paxos.MalformedException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The sessions that live, and the term whose leader may end them. */
final class Sessions {
    private final Ledger ledger;
    private final Defects defects;
    private final TreeMap<Long, Session> sessions = new TreeMap<>();
    private long next = 1;
    private Ballot term = Ballot.BOTTOM;

    Sessions(Ledger ledger, Defects defects) {
        this.ledger = ledger;
        this.defects = defects;
    }

    /** Null when it does not live. */
    @Nullable
    Session find(long id) {
        return sessions.get(id);
    }

    List<Session> all() {
        return new ArrayList<>(sessions.values());
    }

    /** Id of the session to be opened next. */
    long next() {
        return next;
    }

    /** Of the last leader established. */
    Ballot term() {
        return term;
    }

    /** Why nothing can be done for a session; null when it lives. */
    Reply.@Nullable Refused refusalOf(long id) {
        return sessions.containsKey(id) ? null : goneOrNeverThere(id);
    }

    private Reply.Refused goneOrNeverThere(long id) {
        return id > 0 && id < next
                ? new Reply.Refused(Refusal.SESSION_ENDED,
                        "session " + id
                                + " was closed or has expired, and all it owned is gone; open another")
                : new Reply.Refused(Refusal.SESSION_NOT_FOUND, "session " + id + " was never opened here");
    }

    Reply open(Command.OpenSession command) {
        long id = next++;
        var session = new Session(id, command.ttlMillis(), command.identity(), command.labels(),
                command.secretHash(), 1, 0);
        put(session);
        return attached(session);
    }

    Reply attach(Command.AttachSession command) {
        Session session = find(command.session());
        if (session == null) {
            return goneOrNeverThere(command.session());
        }
        if (!session.secretHash().equals(command.secretHash())) {
            return new Reply.Refused(Refusal.SECRET_WRONG,
                    "session " + command.session() + " was opened with another secret");
        }
        Session attached = session.attached();
        replace(session, attached);
        return attached(attached);
    }

    private Reply attached(Session session) {
        ledger.report(
                new Event.SessionAttached(session.id(), session.attachGeneration(), session.ttlMillis()));
        return new Reply.Attached(session.id(), session.attachGeneration(), session.ttlMillis());
    }

    Reply establish(Ballot leader) {
        boolean later = leader.compareTo(term) > 0;
        if (later) {
            term = leader;
        }
        return new Reply.Done(later);
    }

    /** Whether an expiry still means what its leader meant: nobody attached since, and it still leads. */
    boolean isCurrent(Command.ExpireSession command) {
        Session session = find(command.session());
        return session != null
                && session.attachGeneration() == command.attachGeneration()
                && (term.equals(command.term()) || defects.has(Defect.M25_OLD_LEADERS_EXPIRY));
    }

    /** The client has the replies of all requests of {@code session} below {@code request}. */
    void acknowledge(Session session, long request) {
        replace(session, session.acknowledgedBelow(request));
    }

    void end(long id, Cause cause) {
        Session session = sessions.remove(id);
        if (session == null) {
            throw new IllegalArgumentException("session " + id + " has ended before");
        }
        ledger.remove(new Element.OfSession(session));
        ledger.report(new Event.SessionEnded(id, cause));
    }

    /** Starts over with ids and terms; the sessions live on, until their TTLs say otherwise. */
    void beginEra() {
        next += Command.NewEra.LEAP;
        term = Ballot.BOTTOM;
    }

    private void replace(Session before, Session after) {
        ledger.remove(new Element.OfSession(before));
        put(after);
    }

    private void put(Session session) {
        sessions.put(session.id(), session);
        ledger.add(new Element.OfSession(session));
    }

    void restore(Element.Header header) {
        next = header.nextSession();
        term = header.term();
    }

    void restore(Element.OfSession element) {
        Session session = element.session();
        if (session.id() <= 0 || session.id() >= next) {
            throw new MalformedException("a session that was never opened");
        }
        put(session);
    }

    void forEach(Consumer<Element> sink) {
        for (Session session : sessions.values()) {
            sink.accept(new Element.OfSession(session));
        }
    }
}
