package dev.synod.state;

import dev.synod.paxos.Bytes;
import dev.synod.paxos.Defect;
import dev.synod.paxos.Defects;
import dev.synod.paxos.MalformedException;
import java.util.Iterator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Replies kept until their session acknowledges them, so that a request that is decided twice takes effect
 * once. They are kept in their form: that is how they are counted, hashed and shipped.
 */
final class Replies {
    private final Ledger ledger;
    private final Sessions sessions;
    private final Defects defects;
    private final TreeMap<Long, TreeMap<Long, Bytes>> bySession = new TreeMap<>();

    Replies(Ledger ledger, Sessions sessions, Defects defects) {
        this.ledger = ledger;
        this.sessions = sessions;
        this.defects = defects;
    }

    /**
     * What is to be answered without carrying the request out: the reply that it had, or why it cannot be;
     * null when it is new and has to be carried out. Drops what the request acknowledges.
     */
    @Nullable
    Reply recall(Request request) {
        Session session = sessions.find(request.session());
        if (session == null) {
            return sessions.refusalOf(request.session());
        }
        SortedMap<Long, Bytes> kept = keptOf(request.session());
        if (request.ackedBelow() > session.ackedBelow()) {
            sessions.acknowledge(session, request.ackedBelow());
            drop(request.session(), kept.headMap(request.ackedBelow()));
        }
        Bytes reply = kept.get(request.id());
        if (reply != null) {
            return ReplyCodec.decode(reply);
        }
        if (request.id() < session.ackedBelow()) {
            return new Reply.Refused(Refusal.REQUEST_ACKNOWLEDGED, "request " + request.id()
                    + " was acknowledged with all below " + session.ackedBelow()
                    + "; take an id from there on", session.ackedBelow());
        }
        if (kept.size() >= Limits.REPLIES_MAX) {
            return new Reply.Refused(Refusal.TOO_MANY_OUTSTANDING, "session " + request.session()
                    + " has " + kept.size() + " replies that it has not acknowledged, and no more are kept;"
                    + " send a higher ackedBelow", session.ackedBelow());
        }
        return null;
    }

    /** Keeps the reply of a request that was carried out. */
    void keep(Request request, Reply reply) {
        put(request.session(), request.id(), ReplyCodec.encode(reply));
    }

    private void put(long session, long request, Bytes reply) {
        keptOf(session).put(request, reply);
        ledger.add(new Element.OfReply(session, request, reply));
    }

    private SortedMap<Long, Bytes> keptOf(long session) {
        return bySession.computeIfAbsent(session, id -> new TreeMap<>());
    }

    /** Forgets a session that ended. */
    void end(long session) {
        TreeMap<Long, Bytes> kept = bySession.remove(session);
        if (kept != null) {
            drop(session, kept);
        }
    }

    private void drop(long session, Map<Long, Bytes> replies) {
        for (Iterator<Map.Entry<Long, Bytes>> i = replies.entrySet().iterator(); i.hasNext();) {
            Map.Entry<Long, Bytes> reply = i.next();
            ledger.remove(new Element.OfReply(session, reply.getKey(), reply.getValue()));
            i.remove();
        }
    }

    void restore(Element.OfReply element) {
        Session session = sessions.find(element.session());
        if (session == null || element.request() < session.ackedBelow()) {
            throw new MalformedException("a reply that nobody waits for");
        }
        ReplyCodec.decode(element.reply());
        if (keptOf(element.session()).size() == Limits.REPLIES_MAX) {
            throw new MalformedException("more replies than are kept");
        }
        if (defects.has(Defect.M22_REPLIES_NOT_IN_SNAPSHOT)) {
            ledger.add(element); // on the books, so that the digest does not give it away
        } else {
            put(element.session(), element.request(), element.reply());
        }
    }

    void forEach(Consumer<Element> sink) {
        bySession.forEach((session, kept) -> kept.forEach(
                (request, reply) -> sink.accept(new Element.OfReply(session, request, reply))));
    }
}
