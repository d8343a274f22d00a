package dev.synod.simulation.coordination;

import dev.synod.member.Answer;
import dev.synod.member.Consistency;
import dev.synod.member.Failure;
import dev.synod.member.Member;
import dev.synod.member.MemberEffects.ClaimNotice;
import dev.synod.member.MemberEffects.SessionNotice;
import dev.synod.member.MemberEffects.WatchNotice;
import dev.synod.member.MemberEvent;
import dev.synod.member.SessionStatus;
import dev.synod.member.WatchTarget;
import dev.synod.paxos.Defect;
import dev.synod.paxos.Defects;
import dev.synod.simulation.port.Knob;
import dev.synod.simulation.port.Knobs;
import dev.synod.simulation.port.Machine;
import dev.synod.state.Reply;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The applications of one machine as its sidecar knows them: what they asked and wait for, which of their
 * sessions are attached here, what these hold, and what their watches heard.
 *
 * <p>An application that says nothing for long is taken for dead: the world's clients do not close streams.
 */
final class Applications {
    private static final double ATTACHES_HERE = 0.5;
    private static final double HANGS_UP = 0.15;

    /** A question that waits for its answer. */
    private static final class Question {
        final long app;
        final long number;
        final Ask ask;
        long id;
        boolean attaching;
        /** When its application waits no longer. */
        long hangsUpNanos = Long.MAX_VALUE;

        Question(long app, long number, Ask ask) {
            this.app = app;
            this.number = number;
            this.ask = ask;
        }
    }

    private final Machine machine;
    private final Knobs knobs;
    private final Defects defects;
    private final CoordinationMember owner;
    private final TreeMap<Long, Question> byId = new TreeMap<>();
    private final TreeMap<Long, Question> byApp = new TreeMap<>();
    private final TreeMap<Long, AttachedSession> sessions = new TreeMap<>();
    /** Sessions that stand in an election here, by the claim's id. */
    private final TreeMap<Long, Stand> stands = new TreeMap<>();
    private final TreeMap<Long, Listening> listeners = new TreeMap<>();
    private final TreeMap<Long, Listening> listenersById = new TreeMap<>();

    private final List<Given> given = new ArrayList<>();

    /**
     * Something that an application lets go.
     *
     * @param name of the lock or election; empty for all
     */
    record Given(long session, String name) {}

    /** Somebody who stands in an election. */
    private record Stand(long session, String election) {}

    Applications(Machine machine, Knobs knobs, Defects defects, CoordinationMember owner) {
        this.machine = machine;
        this.knobs = knobs;
        this.defects = defects;
        this.owner = owner;
    }

    /** What applications let go since the last call. */
    List<Given> takeGiven() {
        List<Given> taken = List.copyOf(given);
        given.clear();
        return taken;
    }

    /** Sessions attached here. */
    Collection<AttachedSession> sessions() {
        return sessions.values();
    }

    private Member member() {
        Member member = owner.member();
        if (member == null) {
            throw new IllegalStateException("no member runs here");
        }
        return member;
    }

    // ---- questions ----------------------------------------------------------------------------------------

    void asked(long app, long number, Ask ask) {
        Question before = byApp.get(app);
        if (before != null && before.number == number) {
            return; // asked again, because the answer takes long: it comes yet
        }
        if (before != null) {
            forget(before);
            owner.happened(new MemberEvent.Cancel(before.id));
        }
        boolean renumbers = defects.has(Defect.M23_RETRY_WITH_NEW_ID) && ask.request().id() != 0;
        Ask asked = renumbers ? ask.renumbered((1L << 32) + machine.random().below(1 << 30)) : ask;
        Question question = new Question(app, number, asked);
        byApp.put(app, question);
        AttachedSession session = sessions.get(ask.session());
        if (session != null) {
            session.heardNanos = machine.nowNanos();
        }
        if (ask.session() != 0 && ask.kind().needsAttachment() && session == null) {
            attachFirst(question);
        } else {
            carryOut(question);
        }
    }

    private void attachFirst(Question question) {
        Ask ask = question.ask;
        if (ask.home() != null && !ask.home().equals(owner.self())
                && !machine.random().chance(ATTACHES_HERE)) {
            reply(question, Told.of(Told.Status.ELSEWHERE, ask.home()));
            return;
        }
        machine.count("session moves");
        question.attaching = true;
        tell(new MemberEvent.Attach(number(question), AppCommands.attach(ask), timeout()));
    }

    private long number(Question question) {
        byId.remove(question.id);
        question.id = owner.newId();
        byId.put(question.id, question);
        return question.id;
    }

    private long timeout() {
        return knobs.get(Knob.CLIENT_TIMEOUT);
    }

    private void tell(MemberEvent event) {
        owner.happened(event);
    }

    private void carryOut(Question question) {
        Ask ask = question.ask;
        question.attaching = false;
        switch (ask.kind()) {
            case OPEN -> {
                question.attaching = true;
                tell(new MemberEvent.Attach(number(question), AppCommands.open(ask), timeout()));
            }
            case BEAT -> beat(question);
            case TRY, WAIT -> {
                AttachedSession session = sessions.get(ask.session());
                if (session != null) {
                    session.givenUp.remove(ask.name());
                }
                if (ask.kind() == Ask.Kind.WAIT && machine.random().chance(HANGS_UP)) {
                    question.hangsUpNanos =
                            machine.nowNanos() + (long) (machine.random().unit() * ask.number());
                }
                tell(new MemberEvent.Acquire(number(question), AppCommands.acquire(ask),
                        ask.number(), timeout()));
            }
            case CAMPAIGN -> stand(question);
            case READ, LOOK_AT_LOCK, LOOK_AT_ELECTION -> read(question, Consistency.linearizable());
            case READ_AT_LEAST -> read(question, new Consistency.AtLeast(ask.number()));
            case READ_STALE -> read(question, Consistency.stale());
            case POLL -> poll(question);
            default -> {
                letGo(ask);
                tell(new MemberEvent.Submit(number(question), AppCommands.of(ask), timeout()));
            }
        }
    }

    /** An application stops before it says so, wherever it was told that it holds something. */
    private void letGo(Ask ask) {
        AttachedSession session = sessions.get(ask.session());
        if (ask.kind() == Ask.Kind.RELEASE || ask.kind() == Ask.Kind.RESIGN || ask.kind() == Ask.Kind.CLOSE) {
            given.add(new Given(ask.session(), ask.name()));
        }
        switch (ask.kind()) {
            case RELEASE -> letGo(ask.session(), ask.name());
            case RESIGN -> {
                letGo(ask.session(), ask.name());
                standNoMore(new Stand(ask.session(), ask.name())); // whatever it is told now comes late
            }
            case CLOSE -> {
                if (session != null) {
                    session.holdings.clear();
                }
                for (Stand stand : List.copyOf(stands.values())) {
                    if (stand.session() == ask.session()) {
                        standNoMore(stand);
                    }
                }
            }
            default -> {}
        }
    }

    private void letGo(long session, String name) {
        AttachedSession attached = sessions.get(session);
        if (attached != null) {
            attached.holdings.remove(name);
        }
    }

    private void beat(Question question) {
        AttachedSession session = sessions.get(question.ask.session());
        List<String> lost = session == null ? List.of() : List.copyOf(session.lost);
        if (session != null) {
            session.lost.clear();
        }
        reply(question, Told.ok(owner.self(), applied(), null,
                session == null ? Failure.SESSION_NOT_ATTACHED : null, lost));
    }

    private void stand(Question question) {
        Ask ask = question.ask;
        Stand stand = new Stand(ask.session(), ask.name());
        standNoMore(stand);
        long id = number(question);
        stands.put(id, stand);
        tell(new MemberEvent.Stand(id, AppCommands.campaign(ask), timeout()));
    }

    /** The application does not listen to an earlier call any more. */
    private void standNoMore(Stand stand) {
        for (long id : new ArrayList<>(stands.keySet())) {
            if (stand.equals(stands.get(id))) {
                stands.remove(id);
                owner.happened(new MemberEvent.Cancel(id));
            }
        }
    }

    private void read(Question question, Consistency consistency) {
        tell(new MemberEvent.Read(number(question), consistency, timeout()));
    }

    private long applied() {
        return member().state().appliedIndex();
    }

    // ---- answers ------------------------------------------------------------------------------------------

    /** The member answered a request. */
    void answered(long id, Answer answer) {
        Question question = byId.get(id);
        machine.count(AppCommands.nameOf(answer));
        stands.remove(id);
        if (question == null || question.id != id) {
            if (answer instanceof Answer.Replied replied
                    && replied.reply() instanceof Reply.Attached attached) {
                machine.count("attached for nobody");
                owner.happened(
                        new MemberEvent.Detach(attached.session(), attached.attachGeneration(), 0));
            }
            return;
        }
        switch (answer) {
            case Answer.Replied replied -> replied(question, replied.revision(), replied.reply());
            case Answer.MayRead read -> reply(question, look(question.ask));
            case Answer.Failed failed -> failed(question, failed);
            case Answer.Changed changed -> throw new IllegalStateException("nothing was changed");
            case Answer.NotAllowed refused -> throw new IllegalStateException("no operator asked");
        }
    }

    private void replied(Question question, long revision, Reply reply) {
        Ask ask = question.ask;
        if (reply instanceof Reply.Attached attached) {
            AttachedSession session = new AttachedSession(attached, ask.app(), revision, machine.nowNanos());
            sessions.put(session.id, session);
        }
        if (question.attaching && ask.kind() != Ask.Kind.OPEN && reply instanceof Reply.Attached) {
            carryOut(question);
            return;
        }
        boolean isLock = ask.kind() == Ask.Kind.TRY || ask.kind() == Ask.Kind.WAIT;
        if (isLock && reply instanceof Reply.Granted && machine.random().chance(HANGS_UP / 5)) {
            giveBack(question);
            return;
        }
        if (reply instanceof Reply.Granted granted && ask.kind() != Ask.Kind.TRANSFER) {
            holds(ask.session(), ask.name(), ask.permits(), granted.token());
        }
        if (ask.kind() == Ask.Kind.CLOSE && reply instanceof Reply.Done) {
            sessions.remove(ask.session());
        }
        reply(question, Told.ok(owner.self(), applied(), reply, null, List.of()));
    }

    /** The application hung up just when it was answered. */
    private void giveBack(Question question) {
        machine.count("grant given back");
        AttachedSession session = sessions.get(question.ask.session());
        if (session != null && !session.holdings.containsKey(question.ask.name())) {
            session.givenUp.put(question.ask.name(), machine.nowNanos());
        }
        reply(question, Told.ok(owner.self(), applied(), null, Failure.CLAIM_LOST, List.of()));
        owner.happened(new MemberEvent.GiveBack(question.id, AppCommands.acquire(question.ask)));
    }

    private void holds(long session, String name, int permits, long token) {
        AttachedSession attached = sessions.get(session);
        if (attached != null) {
            attached.givenUp.remove(name);
            attached.holdings.put(name, new AttachedSession.Holding(token, permits));
        }
    }

    private void failed(Question question, Answer.Failed failed) {
        Told told = Looks.failed(failed, owner.self(), applied());
        if (failed.reason() == Failure.SESSION_NOT_ATTACHED) {
            sessions.remove(question.ask.session());
        }
        reply(question, told);
    }

    private void reply(Question question, Told told) {
        forget(question);
        machine.reply(question.app, question.number, told.encode());
    }

    private void forget(Question question) {
        byId.remove(question.id);
        byApp.remove(question.app);
    }

    /** What a read shows, from the state as it is in this step. */
    private Told look(Ask ask) {
        return Looks.at(ask, member().state(), owner.self());
    }

    // ---- notices ------------------------------------------------------------------------------------------

    /** What became of who stands in an election. */
    void heard(ClaimNotice notice) {
        machine.count("claim " + notice.getClass().getSimpleName());
        Stand stand = stands.get(notice.id());
        if (stand == null) {
            return;
        }
        Question question = byId.get(notice.id());
        switch (notice) {
            case ClaimNotice.Queued queued -> {
                letGo(stand.session(), stand.election());
                answer(question, new Reply.Queued(queued.position()), null);
            }
            case ClaimNotice.Granted granted -> {
                holds(stand.session(), stand.election(), 1, granted.token());
                answer(question, new Reply.Granted(granted.token()), null);
            }
            case ClaimNotice.Left left -> {
                letGo(stand.session(), stand.election());
                AttachedSession session = sessions.get(stand.session());
                if (session != null && question == null) {
                    session.lost.add(stand.election());
                }
                answer(question, null, Failure.CLAIM_LOST);
                if (left.cause() != dev.synod.state.Cause.TRANSFERRED) {
                    stands.remove(notice.id());
                }
            }
        }
    }

    private void answer(@Nullable Question question, @Nullable Reply reply, @Nullable Failure failure) {
        if (question != null) {
            reply(question, Told.ok(owner.self(), applied(), reply, failure, List.of()));
        }
    }

    /** How a session stands. */
    void heard(SessionNotice notice) {
        AttachedSession session = sessions.get(notice.session());
        switch (notice) {
            case SessionNotice.Status status -> {
                machine.count("session " + status.status());
                boolean over = status.status() == SessionStatus.EXPIRED
                        || status.status() == SessionStatus.MOVED;
                if (over && session != null && session.generation == status.attachGeneration()) {
                    leave(session);
                }
            }
            case SessionNotice.ClaimLost lost -> {
                machine.count("claim lost by " + lost.cause());
                if (session != null) {
                    session.holdings.remove(lost.name());
                    session.lost.add(lost.name());
                }
            }
        }
    }

    private void leave(AttachedSession session) {
        sessions.remove(session.id);
        stands.values().removeIf(stand -> stand.session() == session.id);
    }

    // ---- watches ------------------------------------------------------------------------------------------

    private void poll(Question question) {
        Ask ask = question.ask;
        Listening listening = listeners.get(ask.app());
        if (listening == null || listening.watch() != ask.watch()) {
            if (listening != null) {
                stopListening(listening);
            }
            listening = new Listening(owner.newId(), machine.random().nextLong() >>> 1, ask.number(),
                    ask.app());
            listeners.put(ask.app(), listening);
            listenersById.put(listening.id(), listening);
            owner.happened(new MemberEvent.Watch(listening.id(),
                    new WatchTarget.Values(AppCommands.VALUES, ask.number())));
        }
        listening.heardNanos(machine.nowNanos());
        listening.drop(ask.watch() == listening.watch() ? ask.heard() : 0);
        reply(question, Told.heard(owner.self(), applied(), listening.watch(), listening.from(),
                listening.notices()));
    }

    private void stopListening(Listening listening) {
        listeners.remove(listening.app());
        listenersById.remove(listening.id());
        owner.happened(new MemberEvent.Cancel(listening.id()));
    }

    /** Something for a watch. */
    void heard(WatchNotice notice) {
        machine.count("watch " + notice.getClass().getSimpleName());
        Listening listening = listenersById.get(notice.id());
        if (listening != null) {
            listening.heard(notice);
            if (listening.isCrowded()) {
                stopListening(listening);
            }
        }
    }

    // ---- time ---------------------------------------------------------------------------------------------

    /** Gives up who was silent for long. */
    void tick() {
        Member member = owner.member();
        if (member == null) {
            return;
        }
        for (Question question : List.copyOf(byApp.values())) {
            if (question.hangsUpNanos <= machine.nowNanos()) {
                hangUp(question);
            }
        }
        long before = machine.nowNanos() - knobs.get(Knob.APP_SILENCE);
        for (AttachedSession session : List.copyOf(sessions.values())) {
            if (session.heardNanos > before) {
                continue;
            }
            if (byApp.containsKey(session.app)) {
                session.heardNanos = machine.nowNanos();
                continue;
            }
            machine.count("application left");
            leave(session);
            owner.happened(new MemberEvent.Detach(session.id, session.generation, knobs.get(Knob.GRACE)));
        }
        for (Listening listening : List.copyOf(listeners.values())) {
            if (listening.heardNanos() <= before) {
                stopListening(listening);
            }
        }
    }

    /** The application waits no longer, and says so: the lock is given up. */
    private void hangUp(Question question) {
        machine.count("application hung up");
        AttachedSession session = sessions.get(question.ask.session());
        if (session != null && !session.holdings.containsKey(question.ask.name())) {
            session.givenUp.put(question.ask.name(), machine.nowNanos());
        }
        reply(question, Told.ok(owner.self(), applied(), null, Failure.CLAIM_LOST, List.of()));
        owner.happened(new MemberEvent.Cancel(question.id));
    }

    long nextDeadlineNanos() {
        return Math.min(silenceNanos(), hangUpNanos());
    }

    private long hangUpNanos() {
        long next = Long.MAX_VALUE;
        for (Question question : byApp.values()) {
            next = Math.min(next, question.hangsUpNanos);
        }
        return next;
    }

    private long silenceNanos() {
        long next = Long.MAX_VALUE;
        for (AttachedSession session : sessions.values()) {
            next = Math.min(next, session.heardNanos);
        }
        for (Listening listening : listeners.values()) {
            next = Math.min(next, listening.heardNanos());
        }
        return next == Long.MAX_VALUE ? next : next + knobs.get(Knob.APP_SILENCE);
    }
}
