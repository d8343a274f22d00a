package dev.synod.member;

import dev.synod.member.MemberEffects.SessionNotice;
import dev.synod.member.PeerMessage.SessionRef;
import dev.synod.paxos.Defect;
import dev.synod.paxos.Role;
import dev.synod.state.Cause;
import dev.synod.state.Event;
import dev.synod.state.Holder;
import dev.synod.state.KeyRange;
import dev.synod.state.Leader;
import dev.synod.state.LockView;
import dev.synod.state.Reply;
import dev.synod.state.Session;
import dev.synod.state.StateMachine;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of the applications beside this member: renews them with the leader, all in one message, and
 * knows until when what they hold is guaranteed.
 *
 * <p>The guarantee counts from when the last acknowledged renewal was <em>sent</em>: the leader counts from
 * when it came, which is later, and its clock may run faster by the drift that is allowed, so the guarantee
 * ends first whatever the network did.
 */
final class Attachments {
    private static final class Attachment {
        final long session;
        final long generation;
        final long ttlNanos;
        /** Grants up to here were made before, and may have been told by another process. */
        final long sinceRevision;
        long ackedSentNanos = Long.MIN_VALUE;
        long guaranteedUntilNanos = Long.MIN_VALUE;
        SessionStatus status = SessionStatus.ACTIVE;
        /** Whether its application heard anything of it. */
        boolean told;
        /** When the application's absence becomes its departure. */
        long leavesAtNanos = Long.MAX_VALUE;

        Attachment(Reply.Attached reply, long sinceRevision) {
            this.session = reply.session();
            this.generation = reply.attachGeneration();
            this.ttlNanos = reply.ttlMillis() * MILLISECOND_NANOS;
            this.sinceRevision = sinceRevision;
        }

        boolean isOver() {
            return status == SessionStatus.EXPIRED || status == SessionStatus.MOVED;
        }
    }

    /** A renewal on its way. */
    private record Sent(long atNanos, List<SessionRef> sessions) {}

    private static final long MILLISECOND_NANOS = 1_000_000;
    /** Renewals are sent so often within a TTL. */
    private static final int RENEWALS_PER_TTL = 8;
    /** After so many renewal intervals without an acknowledgement a session is suspended. */
    private static final int INTERVALS_UNTIL_SUSPENDED = 3;
    /** Older renewals are given up; their acknowledgements would prove nothing that newer ones do not. */
    private static final int SENT_MAX = 64;

    private final Member member;
    private final TreeMap<Long, Attachment> attachments = new TreeMap<>();
    /** Sessions whose applications are gone, until they ended; with the time to stop saying so. */
    private final TreeMap<Long, Departure> departed = new TreeMap<>();
    private final TreeMap<Long, Sent> sent = new TreeMap<>();
    private long lastRenewId;
    private long renewAtNanos = Long.MAX_VALUE;
    private long intervalNanos = Long.MAX_VALUE;
    private long paceSetNanos;

    private record Departure(long generation, long forgottenAtNanos) {}

    /** @param firstRenewId above all of earlier runs of this member */
    Attachments(Member member, long firstRenewId) {
        this.member = member;
        this.lastRenewId = firstRenewId;
    }

    // ---- views --------------------------------------------------------------------------------------------

    int size() {
        return attachments.size();
    }

    @Nullable
    SessionStatus status(long session) {
        Attachment attachment = attachments.get(session);
        return attachment == null ? null : attachment.status;
    }

    /** Of the attachment here; 0 when there is none. */
    long generation(long session) {
        Attachment attachment = attachments.get(session);
        return attachment == null || attachment.isOver() ? 0 : attachment.generation;
    }

    /** The revision at which it was attached here; 0 when it is not. */
    long sinceRevision(long session) {
        Attachment attachment = attachments.get(session);
        return attachment == null || attachment.isOver() ? 0 : attachment.sinceRevision;
    }

    boolean isActive(long session) {
        Attachment attachment = attachments.get(session);
        return attachment != null && attachment.status == SessionStatus.ACTIVE
                && member.nowNanos() < attachment.guaranteedUntilNanos;
    }

    long guaranteedForNanos(long session, long nowNanos) {
        Attachment attachment = attachments.get(session);
        return attachment == null || attachment.isOver() ? 0 : attachment.guaranteedUntilNanos - nowNanos;
    }

    long nextDeadlineNanos() {
        long next = attachments.isEmpty() && departed.isEmpty() ? Long.MAX_VALUE : renewAtNanos;
        for (Attachment attachment : attachments.values()) {
            next = Math.min(next, attachment.leavesAtNanos);
            if (attachment.status == SessionStatus.ACTIVE) {
                next = Math.min(next, suspendedAtNanos(attachment));
            }
            if (attachment.status == SessionStatus.ACTIVE || attachment.status == SessionStatus.SUSPENDED) {
                next = Math.min(next, attachment.guaranteedUntilNanos);
            }
        }
        return next;
    }

    // ---- coming and going ---------------------------------------------------------------------------------

    /** A session was attached here, by a command that was sent at {@code sentNanos}. */
    void attached(long index, long revision, Reply.Attached reply, long sentNanos) {
        Attachment attachment = new Attachment(reply, revision);
        acknowledge(attachment, sentNanos);
        Attachment before = attachments.get(reply.session());
        if (before != null && before.generation >= attachment.generation) {
            return;
        }
        if (before != null) {
            become(before, SessionStatus.MOVED);
        }
        departed.remove(reply.session());
        attachments.put(reply.session(), attachment);
        setPace();
        renewAtNanos = Math.min(renewAtNanos, member.nowNanos() + intervalNanos);
        become(attachment, SessionStatus.ACTIVE);
        if (member.state().appliedIndex() >= index) {
            compare(attachment, member.state());
            removeOver();
        }
    }

    void detach(long session, long generation, long graceNanos) {
        Attachment attachment = attachments.get(session);
        if (attachment != null && attachment.generation == generation) {
            attachment.leavesAtNanos = Deadlines.after(member.nowNanos(), graceNanos);
        }
    }

    private void depart(Attachment attachment) {
        attachments.remove(attachment.session);
        setPace();
        departed.put(attachment.session, new Departure(attachment.generation,
                Deadlines.after(member.nowNanos(), attachment.ttlNanos)));
        renewAtNanos = member.nowNanos();
    }

    /** What a command did. */
    void applied(List<Event> events) {
        if (attachments.isEmpty() && departed.isEmpty()) {
            return;
        }
        for (Event event : events) {
            switch (event) {
                case Event.SessionAttached attached -> {
                    Attachment here = attachments.get(attached.session());
                    if (here != null && attached.attachGeneration() > here.generation) {
                        become(here, SessionStatus.MOVED);
                    }
                }
                case Event.SessionEnded ended -> {
                    departed.remove(ended.session());
                    Attachment here = attachments.get(ended.session());
                    if (here != null) {
                        become(here, SessionStatus.EXPIRED);
                    }
                }
                case Event.LockLeft left -> lost(left.claimant().session(), false, left.name(),
                        left.claimant().owner(), left.token(), left.cause(), left.reason());
                case Event.ElectionLeft left -> lost(left.claimant().session(), true, left.name(),
                        left.claimant().owner(), left.token(), left.cause(), "");
                default -> {}
            }
        }
        removeOver();
    }

    private void lost(long session, boolean election, String name, String owner, long token, Cause cause,
            String reason) {
        boolean unasked = cause == Cause.BROKEN || cause == Cause.TRANSFERRED;
        if (token != 0 && unasked && attachments.containsKey(session)) {
            member.out()
                    .tell(new SessionNotice.ClaimLost(session, election, name, owner, token, cause, reason));
        }
    }

    /** The state was replaced by a snapshot's. */
    void restored(StateMachine before, StateMachine now) {
        for (Attachment attachment : attachments.values()) {
            compare(attachment, now);
        }
        for (String name : before.locks(KeyRange.ALL, Integer.MAX_VALUE)) {
            Set<Holder> holders = holdersHere(now.lock(name));
            for (Holder holder : holdersHere(before.lock(name))) {
                if (!holders.contains(holder)) {
                    lost(holder.claimant().session(), false, name, holder.claimant().owner(), holder.token(),
                            Cause.BROKEN, "");
                }
            }
        }
        for (String name : before.elections(KeyRange.ALL, Integer.MAX_VALUE)) {
            Leader led = before.election(name).leader();
            Leader leads = now.election(name).leader();
            if (led != null && isHereStill(led.claimant().session())
                    && (leads == null || leads.token() != led.token())) {
                lost(led.claimant().session(), true, name, led.claimant().owner(), led.token(),
                        Cause.TRANSFERRED, "");
            }
        }
        removeOver();
    }

    private Set<Holder> holdersHere(LockView lock) {
        Set<Holder> holders = new TreeSet<>(Comparator.comparingLong(Holder::token));
        for (Holder holder : lock.holders()) {
            if (isHereStill(holder.claimant().session())) {
                holders.add(holder);
            }
        }
        return holders;
    }

    private boolean isHereStill(long session) {
        Attachment attachment = attachments.get(session);
        return attachment != null && !attachment.isOver();
    }

    private void compare(Attachment attachment, StateMachine state) {
        Session session = state.session(attachment.session);
        if (session == null) {
            become(attachment, SessionStatus.EXPIRED);
        } else if (session.attachGeneration() > attachment.generation) {
            become(attachment, SessionStatus.MOVED);
        }
    }

    private void removeOver() {
        if (attachments.values().removeIf(Attachment::isOver)) {
            setPace();
        }
    }

    // ---- renewing -----------------------------------------------------------------------------------------

    /** The shortest TTL sets the pace for all: they are renewed together. */
    private void setPace() {
        long interval = member.options().renewalNanosMax();
        for (Attachment attachment : attachments.values()) {
            interval = Math.min(interval, attachment.ttlNanos / RENEWALS_PER_TTL);
        }
        interval = Math.max(interval, MILLISECOND_NANOS);
        if (interval < intervalNanos) {
            paceSetNanos = member.nowNanos(); // nobody has missed a renewal that was not due yet
            renewAtNanos = paceSetNanos;
        }
        intervalNanos = interval;
    }

    private long suspendedAtNanos(Attachment attachment) {
        return Math.max(attachment.ackedSentNanos, paceSetNanos) + INTERVALS_UNTIL_SUSPENDED * intervalNanos;
    }

    /** Looks at the clock, and renews when it is time. */
    void tick() {
        for (Attachment attachment : List.copyOf(attachments.values())) {
            if (attachment.leavesAtNanos <= member.nowNanos()) {
                depart(attachment);
            } else {
                become(attachment, statusNow(attachment));
            }
        }
        departed.values().removeIf(departure -> departure.forgottenAtNanos <= member.nowNanos());
        boolean some = !attachments.isEmpty() || !departed.isEmpty();
        if (some && member.nowNanos() >= renewAtNanos) {
            renewAtNanos = member.nowNanos() + intervalNanos;
            renew();
            tellDepartures();
        }
    }

    private SessionStatus statusNow(Attachment attachment) {
        if (attachment.isOver()) {
            return attachment.status;
        }
        if (member.nowNanos() >= attachment.guaranteedUntilNanos) {
            return SessionStatus.JEOPARDY;
        }
        return member.nowNanos() >= suspendedAtNanos(attachment)
                ? SessionStatus.SUSPENDED
                : SessionStatus.ACTIVE;
    }

    private void renew() {
        if (attachments.isEmpty()) {
            return;
        }
        List<SessionRef> sessions = new ArrayList<>();
        attachments.values().forEach(a -> sessions.add(new SessionRef(a.session, a.generation)));
        long id = ++lastRenewId;
        sent.put(id, new Sent(member.nowNanos(), sessions));
        if (sent.size() > SENT_MAX) {
            sent.pollFirstEntry();
        }
        if (member.replica().role() == Role.LEADER) {
            member.leases().renew(sessions,
                    withheld -> onRenewed(new PeerMessage.Renewed(member.nonce(), id, withheld)));
        } else {
            sendToLeader(new PeerMessage.Renew(member.nonce(), id, sessions));
        }
    }

    private void tellDepartures() {
        if (departed.isEmpty()) {
            return;
        }
        List<SessionRef> sessions = new ArrayList<>();
        departed.forEach((session, departure) -> sessions.add(new SessionRef(session, departure.generation)));
        if (member.replica().role() == Role.LEADER) {
            member.leases().onDeparted(sessions);
        } else {
            sendToLeader(new PeerMessage.Departed(sessions));
        }
    }

    private void sendToLeader(PeerMessage message) {
        UUID leader = member.replica().leader();
        if (leader != null && !leader.equals(member.self())) {
            member.send(leader, message);
        }
    }

    void onRenewed(PeerMessage.Renewed message) {
        Sent renewal = message.nonce() == member.nonce() ? sent.remove(message.id()) : null;
        if (renewal == null) {
            return;
        }
        sent.headMap(message.id()).clear();
        for (SessionRef ref : renewal.sessions()) {
            Attachment attachment = attachments.get(ref.session());
            if (attachment != null && attachment.generation == ref.attachGeneration()
                    && !message.withheld().contains(ref.session())) {
                boolean late = member.defects().has(Defect.M32_GUARANTEE_FROM_REPLY);
                acknowledge(attachment, late ? member.nowNanos() : renewal.atNanos());
                become(attachment, statusNow(attachment));
            }
        }
    }

    private void acknowledge(Attachment attachment, long sentNanos) {
        int drift = member.options().driftPerMille();
        long guaranteed = attachment.ttlNanos / (1_000 + drift) * (1_000 - drift);
        attachment.ackedSentNanos = Math.max(attachment.ackedSentNanos, sentNanos);
        attachment.guaranteedUntilNanos = Math.max(attachment.guaranteedUntilNanos,
                sentNanos + guaranteed - member.options().marginNanos());
    }

    private void become(Attachment attachment, SessionStatus status) {
        boolean first = attachment.status == status && attachments.get(attachment.session) == attachment
                && !attachment.told;
        if (attachment.status == status && !first) {
            return;
        }
        attachment.told = true;
        attachment.status = status;
        member.out().tell(new SessionNotice.Status(attachment.session, attachment.generation, status,
                attachment.guaranteedUntilNanos));
        if (status == SessionStatus.ACTIVE) {
            member.claims().sessionActive(attachment.session);
        } else if (attachment.isOver()) {
            member.claims().sessionOver(attachment.session, status);
        }
    }
}
