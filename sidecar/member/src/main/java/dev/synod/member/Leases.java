package dev.synod.member;

import dev.synod.member.PeerMessage.SessionRef;
import dev.synod.paxos.Ballot;
import dev.synod.paxos.Defect;
import dev.synod.paxos.Role;
import dev.synod.state.Command;
import dev.synod.state.CommandCodec;
import dev.synod.state.Event;
import dev.synod.state.Reply;
import dev.synod.state.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * A leader's clocks of all sessions.
 *
 * <ol>
 *   <li>A new leader first has {@link Command.LeaderEstablished} decided, which makes every expiry of earlier
 *   leaders void; with it every session's time to live starts anew, in full.
 *   <li>A renewal counts from its arrival, and is acknowledged only after a quorum confirmed that this leader
 *   still led after it: then no later leader's clocks can have started before.
 *   <li>A session whose time ran out is ended by a command. From proposing it until its fate is known no
 *   renewal of that session is acknowledged (a renewal that was, and an expiry that was decided, would both
 *   be true).
 *   <li>While this process did not run, renewals may have waited at its door: a gap in its own ticks extends
 *   every deadline by the gap (etcd#12528).
 * </ol>
 */
final class Leases {
    private static final class Lease {
        final long attachGeneration;
        final long ttlNanos;
        long deadlineNanos;
        boolean ending;

        Lease(long attachGeneration, long ttlNanos, long deadlineNanos) {
            this.attachGeneration = attachGeneration;
            this.ttlNanos = ttlNanos;
            this.deadlineNanos = deadlineNanos;
        }
    }

    private static final long MILLISECOND_NANOS = 1_000_000;

    private final Member member;
    private final TreeMap<Long, Lease> leases = new TreeMap<>();
    private Ballot ballot = Ballot.BOTTOM;
    private boolean proposed;
    private boolean established;
    private long checkAtNanos = Long.MAX_VALUE;

    Leases(Member member) {
        this.member = member;
    }

    boolean established() {
        return established;
    }

    /** Takes note of time in which this process did not run. */
    void noteGap(long sinceLastStepNanos) {
        boolean gap = sinceLastStepNanos > 2 * member.options().paxos().heartbeatNanos();
        if (established && gap && !member.defects().has(Defect.C05_TICK_GAP_IGNORED)) {
            leases.values().forEach(lease -> lease.deadlineNanos += sinceLastStepNanos);
        }
    }

    long nextDeadlineNanos() {
        return checkAtNanos;
    }

    /** Follows the protocol's role. */
    void lead() {
        Ballot now = member.replica().role() == Role.LEADER
                ? member.replica().leadershipBallot()
                : Ballot.BOTTOM;
        if (!now.equals(ballot)) {
            ballot = now;
            proposed = false;
            established = false;
            leases.clear();
            checkAtNanos = Long.MAX_VALUE;
        }
        if (!ballot.isBottom() && !proposed) {
            proposed = true;
            Ballot mine = ballot;
            member.proposals().submitFirst(CommandCodec.encode(new Command.LeaderEstablished(mine)),
                    new Proposals.Outcome() {
                        @Override
                        public void replied(long index, long revision, Reply reply) {}

                        @Override
                        public void failed(Failure reason, boolean maybeApplied) {
                            proposed = proposed && !mine.equals(ballot);
                        }
                    });
        }
    }

    // ---- what was applied ---------------------------------------------------------------------------------

    /** A command was applied; the first may have been the one that establishes this leader. */
    void applied(List<Event> events) {
        if (ballot.isBottom()) {
            return;
        }
        if (!established) {
            if (member.state().term().equals(ballot)) {
                established = true;
                begin();
            }
            return;
        }
        for (Event event : events) {
            switch (event) {
                case Event.SessionAttached attached ->
                        start(attached.session(), attached.attachGeneration(), attached.ttlMillis(), false);
                case Event.SessionEnded ended -> leases.remove(ended.session());
                default -> {}
            }
        }
    }

    /** The state was replaced by a snapshot's: a leader that skips entries knows nothing of its sessions. */
    void restored() {
        if (established) {
            begin();
        }
    }

    private void begin() {
        leases.clear();
        for (Session session : member.state().sessions()) {
            start(session.id(), session.attachGeneration(), session.ttlMillis(), true);
        }
    }

    private void start(long session, long attachGeneration, int ttlMillis, boolean beginning) {
        long ttlNanos = ttlMillis * MILLISECOND_NANOS;
        Lease lease = new Lease(attachGeneration, ttlNanos, member.nowNanos() + ttlNanos);
        if (beginning && member.defects().has(Defect.M31_EXPIRY_NOT_RESTARTED)) {
            lease.deadlineNanos = member.nowNanos();
        }
        leases.put(session, lease);
        checkAtNanos = Math.min(checkAtNanos, lease.deadlineNanos);
    }

    // ---- renewals -----------------------------------------------------------------------------------------

    /** Told which sessions of a renewal were not renewed. */
    interface Acknowledgement {
        /** The others were, by a leader confirmed after the renewal came. */
        void renewed(List<Long> withheld);
    }

    void onRenew(UUID from, PeerMessage.Renew message) {
        renew(message.sessions(), withheld -> member.send(from,
                new PeerMessage.Renewed(message.nonce(), message.id(), withheld)));
    }

    void renew(List<SessionRef> sessions, Acknowledgement acknowledgement) {
        if (!established) {
            return;
        }
        Ballot mine = ballot;
        long arrivedNanos = member.nowNanos();
        if (member.defects().has(Defect.C01_RENEWAL_UNCONFIRMED)) {
            acknowledgement.renewed(confirmed(sessions, arrivedNanos));
            return;
        }
        member.reads().confirmation(new Reads.Reader() {
            @Override
            public void readable() {
                if (mine.equals(ballot)) {
                    acknowledgement.renewed(confirmed(sessions, arrivedNanos));
                }
            }

            @Override
            public void failed(Failure reason) {}
        });
    }

    /** Renews what may be, and returns what may not. */
    private List<Long> confirmed(List<SessionRef> sessions, long arrivedNanos) {
        List<Long> withheld = new ArrayList<>();
        for (SessionRef ref : sessions) {
            Lease lease = leases.get(ref.session());
            boolean ending = lease != null && lease.ending
                    && !member.defects().has(Defect.C02_RENEWAL_AFTER_EXPIRE);
            if (lease == null || ending || lease.attachGeneration != ref.attachGeneration()) {
                withheld.add(ref.session());
            } else {
                lease.deadlineNanos = Math.max(lease.deadlineNanos, arrivedNanos + lease.ttlNanos);
            }
        }
        return withheld;
    }

    // ---- ends ---------------------------------------------------------------------------------------------

    /** The applications of these sessions are gone. */
    void onDeparted(List<SessionRef> sessions) {
        for (SessionRef ref : sessions) {
            Lease lease = leases.get(ref.session());
            if (established && lease != null && !lease.ending
                    && lease.attachGeneration == ref.attachGeneration()) {
                end(ref.session(), lease);
            }
        }
    }

    /** Ends what was not renewed in time. */
    void tick() {
        if (!established || member.nowNanos() < checkAtNanos) {
            return;
        }
        checkAtNanos = Long.MAX_VALUE;
        for (Map.Entry<Long, Lease> entry : leases.entrySet()) {
            Lease lease = entry.getValue();
            if (lease.ending) {
                continue;
            }
            if (lease.deadlineNanos <= member.nowNanos()) {
                end(entry.getKey(), lease);
            } else {
                checkAtNanos = Math.min(checkAtNanos, lease.deadlineNanos);
            }
        }
    }

    private void end(long session, Lease lease) {
        lease.ending = true;
        Command command = new Command.ExpireSession(session, lease.attachGeneration, ballot);
        member.proposals().submit(CommandCodec.encode(command), Proposals.Kind.OF_THIS_LEADER, Long.MAX_VALUE,
                new Proposals.Outcome() {
                    @Override
                    public void replied(long index, long revision, Reply reply) {
                        resume(session, lease);
                    }

                    @Override
                    public void failed(Failure reason, boolean maybeApplied) {
                        resume(session, lease);
                    }
                });
    }

    /**
     * The fate of an expiry is known; if the session lives and was not attached anew, it gets its time again.
     */
    private void resume(long session, Lease lease) {
        if (leases.get(session) == lease) {
            lease.ending = false;
            lease.deadlineNanos = member.nowNanos() + lease.ttlNanos;
            checkAtNanos = Math.min(checkAtNanos, lease.deadlineNanos);
        }
    }
}
