package dev.synod.node.api;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.UnsafeByteOperations;
import dev.synod.coordination.v1.Candidate;
import dev.synod.coordination.v1.Cause;
import dev.synod.coordination.v1.Claimant;
import dev.synod.coordination.v1.Election;
import dev.synod.coordination.v1.ElectionEvent;
import dev.synod.coordination.v1.KeyValue;
import dev.synod.coordination.v1.Leader;
import dev.synod.coordination.v1.Lock;
import dev.synod.coordination.v1.LockEvent;
import dev.synod.coordination.v1.LockHolder;
import dev.synod.coordination.v1.LockMode;
import dev.synod.coordination.v1.LockWaiter;
import dev.synod.coordination.v1.Session;
import dev.synod.coordination.v1.ValueEvent;
import dev.synod.paxos.Bytes;
import dev.synod.state.Claim;
import dev.synod.state.ElectionView;
import dev.synod.state.Event;
import dev.synod.state.Holder;
import dev.synod.state.Label;
import dev.synod.state.LockView;
import dev.synod.state.StateMachine;
import dev.synod.state.Waiter;
import org.jspecify.annotations.Nullable;

/** The state as clients see it. */
final class Views {
    private Views() {}

    /** The state machine never changes the bytes that it gives out. */
    static ByteString bytes(Bytes bytes) {
        return UnsafeByteOperations.unsafeWrap(bytes.array());
    }

    static Duration millis(long millis) {
        return Duration.newBuilder().setSeconds(millis / 1_000).setNanos((int) (millis % 1_000) * 1_000_000)
                .build();
    }

    static Duration duration(java.time.Duration duration) {
        return Duration.newBuilder().setSeconds(duration.getSeconds()).setNanos(duration.getNano()).build();
    }

    static Session session(dev.synod.state.Session session) {
        var view = Session.newBuilder()
                .setSessionId(session.id())
                .setTtl(millis(session.ttlMillis()))
                .setIdentity(session.identity())
                .setAttachGeneration(session.attachGeneration());
        for (Label label : session.labels()) {
            view.putLabels(label.key(), label.value());
        }
        return view.build();
    }

    /** A claimant with what its session says of itself, if {@code state} is at hand and it lives. */
    static Claimant claimant(dev.synod.state.Claimant claimant, @Nullable StateMachine state) {
        var view = Claimant.newBuilder().setSessionId(claimant.session()).setOwnerId(claimant.owner());
        dev.synod.state.Session session = state == null ? null : state.session(claimant.session());
        if (session != null) {
            view.setIdentity(session.identity());
            for (Label label : session.labels()) {
                view.putLabels(label.key(), label.value());
            }
        }
        return view.build();
    }

    static Cause cause(dev.synod.state.Cause cause) {
        return switch (cause) {
            case RELEASED -> Cause.CAUSE_RELEASED;
            case CANCELLED -> Cause.CAUSE_CANCELLED;
            case RESIGNED -> Cause.CAUSE_RESIGNED;
            case TRANSFERRED -> Cause.CAUSE_TRANSFERRED;
            case BROKEN -> Cause.CAUSE_BROKEN;
            case SESSION_CLOSED -> Cause.CAUSE_SESSION_CLOSED;
            case SESSION_EXPIRED -> Cause.CAUSE_SESSION_EXPIRED;
        };
    }

    private static LockMode mode(dev.synod.state.LockMode mode) {
        return switch (mode) {
            case EXCLUSIVE -> LockMode.LOCK_MODE_EXCLUSIVE;
            case SHARED -> LockMode.LOCK_MODE_SHARED;
            case PERMIT -> LockMode.LOCK_MODE_PERMIT;
        };
    }

    static LockHolder holder(Holder holder, @Nullable StateMachine state) {
        Claim claim = holder.claim();
        return LockHolder.newBuilder()
                .setClaimant(claimant(claim.claimant(), state))
                .setMode(mode(claim.mode()))
                .setMaxHolders(claim.holdersMax())
                .setFencingToken(holder.token())
                .build();
    }

    private static LockWaiter waiter(Waiter waiter, int position, StateMachine state) {
        Claim claim = waiter.claim();
        return LockWaiter.newBuilder()
                .setClaimant(claimant(claim.claimant(), state))
                .setMode(mode(claim.mode()))
                .setMaxHolders(claim.holdersMax())
                .setPosition(position)
                .build();
    }

    static Lock lock(Namespace namespace, LockView lock, StateMachine state) {
        var view = Lock.newBuilder().setName(namespace.shown(lock.name()));
        for (Holder holder : lock.holders()) {
            view.addHolders(holder(holder, state));
        }
        for (Waiter waiter : lock.queue()) {
            view.addQueue(waiter(waiter, view.getQueueCount() + 1, state));
        }
        return view.build();
    }

    static LockEvent lockEvent(Event.OfLock event, StateMachine state) {
        var view = LockEvent.newBuilder();
        switch (event) {
            case Event.LockQueued e -> view.setQueued(waiter(e.waiter(), 0, state));
            case Event.LockGranted e -> view.setGranted(holder(e.holder(), state));
            case Event.LockLeft e -> view.setLeft(LockEvent.Left.newBuilder()
                    .setClaimant(claimant(e.claimant(), state))
                    .setFencingToken(e.token())
                    .setCause(cause(e.cause()))
                    .setReason(e.reason()));
        }
        return view.build();
    }

    static Leader leader(dev.synod.state.Leader leader, StateMachine state, boolean withValue) {
        var view = Leader.newBuilder()
                .setClaimant(claimant(leader.claimant(), state))
                .setFencingToken(leader.token());
        if (withValue) {
            view.setValue(bytes(leader.value()));
        }
        return view.build();
    }

    private static Candidate candidate(dev.synod.state.Candidate candidate, int position, StateMachine state,
            boolean withValue) {
        var view = Candidate.newBuilder()
                .setClaimant(claimant(candidate.claimant(), state))
                .setPosition(position);
        if (withValue) {
            view.setValue(bytes(candidate.value()));
        }
        return view.build();
    }

    static Election election(Namespace namespace, ElectionView election, StateMachine state,
            boolean withValues) {
        var view = Election.newBuilder().setName(namespace.shown(election.name()));
        if (election.leader() != null) {
            view.setLeader(leader(election.leader(), state, withValues));
        }
        for (dev.synod.state.Candidate candidate : election.candidates()) {
            view.addCandidates(candidate(candidate, view.getCandidatesCount() + 1, state, withValues));
        }
        return view.build();
    }

    static ElectionEvent electionEvent(Event.OfElection event, StateMachine state) {
        var view = ElectionEvent.newBuilder();
        switch (event) {
            case Event.CandidateQueued e -> view.setQueued(candidate(e.candidate(), 0, state, true));
            case Event.LeaderElected e -> view.setElected(leader(e.leader(), state, true));
            case Event.LeaderProclaimed e -> view.setProclaimed(leader(e.leader(), state, true));
            case Event.ElectionLeft e -> view.setLeft(ElectionEvent.Left.newBuilder()
                    .setClaimant(claimant(e.claimant(), state))
                    .setFencingToken(e.token())
                    .setCause(cause(e.cause())));
        }
        return view.build();
    }

    static KeyValue value(Namespace namespace, dev.synod.state.KeyValue value) {
        return KeyValue.newBuilder()
                .setKey(namespace.shown(value.key()))
                .setValue(bytes(value.value()))
                .setCreateRevision(value.createRevision())
                .setModRevision(value.modRevision())
                .setVersion(value.version())
                .setBoundSessionId(value.session())
                .build();
    }

    static ValueEvent valueEvent(Namespace namespace, Event.OfValue event) {
        var view = ValueEvent.newBuilder();
        switch (event) {
            case Event.ValuePut e -> view.setPut(value(namespace, e.value()));
            case Event.ValueDeleted e -> view.setDeletion(ValueEvent.Deletion.newBuilder()
                    .setKey(namespace.shown(e.key())).setRevision(e.revision()));
        }
        return view.build();
    }
}
