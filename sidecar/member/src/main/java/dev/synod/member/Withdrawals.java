package dev.synod.member;

import dev.synod.paxos.Defect;
import dev.synod.state.Claimant;
import dev.synod.state.Command;
import dev.synod.state.CommandCodec;
import dev.synod.state.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Takes back what nobody waits for any more: leaves the queue of a lock, and releases a grant that came
 * first. A withdrawal goes on until its outcome is known or the session has ended or left (zk-ruby#49), and a
 * new claim of the same claimant waits for it: a withdrawal that came late would undo a grant that was told.
 * It is void once the session was attached anew, because elsewhere a claim cannot wait for it.
 */
final class Withdrawals {
    /** The claim of one claimant on one lock. */
    record LockClaim(String name, Claimant claimant) implements Comparable<LockClaim> {
        @Override
        public int compareTo(LockClaim other) {
            int byName = name.compareTo(other.name);
            return byName != 0 ? byName : claimant.compareTo(other.claimant);
        }
    }

    /** Who would still take a grant that came before the cancel. */
    interface Caller {
        /**
         * The lock was granted, by the entry at {@code index} or before.
         *
         * @return whether the caller takes it
         */
        boolean granted(long index);

        /** Nothing is left. */
        void withdrawn();
    }

    private static final class Withdrawal {
        final LockClaim claim;
        final long attachGeneration;
        final @Nullable Caller caller;
        final List<Runnable> next = new ArrayList<>();
        /** Of the grant to be released; 0 while it is not known whether there is one. */
        long token;
        boolean waits;

        Withdrawal(LockClaim claim, long attachGeneration, @Nullable Caller caller) {
            this.claim = claim;
            this.attachGeneration = attachGeneration;
            this.caller = caller;
        }
    }

    private final Member member;
    private final TreeMap<LockClaim, Withdrawal> underWay = new TreeMap<>();
    private long againAtNanos = Long.MAX_VALUE;

    Withdrawals(Member member) {
        this.member = member;
    }

    int size() {
        return underWay.size();
    }

    long nextDeadlineNanos() {
        return againAtNanos;
    }

    /** Withdraws a claim; {@code caller} may be null, and is not asked when one is under way already. */
    void begin(LockClaim claim, @Nullable Caller caller) {
        long generation = member.attachments().generation(claim.claimant().session());
        if (generation == 0 || underWay.containsKey(claim) || member.defects().has(Defect.C06_CLAIM_LEAKED)) {
            return;
        }
        Withdrawal withdrawal = new Withdrawal(claim, generation, caller);
        underWay.put(claim, withdrawal);
        send(withdrawal);
    }

    /** Runs {@code next} once no withdrawal of this claim is under way: at once, when there is none. */
    void after(LockClaim claim, Runnable next) {
        Withdrawal withdrawal = underWay.get(claim);
        if (withdrawal == null) {
            next.run();
        } else {
            withdrawal.next.add(next);
        }
    }

    private void send(Withdrawal withdrawal) {
        LockClaim claim = withdrawal.claim;
        Command command = new Command.WithdrawLock(claim.claimant().session(), withdrawal.attachGeneration,
                claim.name(), claim.claimant().owner(), withdrawal.token);
        member.proposals().submit(CommandCodec.encode(command), Proposals.Kind.OWN, Long.MAX_VALUE,
                new Proposals.Outcome() {
                    @Override
                    public void replied(long index, long revision, Reply reply) {
                        Withdrawals.this.replied(withdrawal, index, reply);
                    }

                    @Override
                    public void failed(Failure reason, boolean maybeApplied) {
                        Withdrawals.this.failed(withdrawal);
                    }
                });
    }

    private void replied(Withdrawal withdrawal, long index, Reply reply) {
        if (withdrawal.token != 0 || !(reply instanceof Reply.Granted granted)) {
            finish(withdrawal, true);
        } else if (withdrawal.caller != null && withdrawal.caller.granted(index)) {
            finish(withdrawal, false);
        } else if (member.claims().isTold(withdrawal.claim, granted.token())) {
            finish(withdrawal, true);
        } else {
            withdrawal.token = granted.token();
            send(withdrawal);
        }
    }

    private void failed(Withdrawal withdrawal) {
        long generation = member.attachments().generation(withdrawal.claim.claimant().session());
        if (member.fault() != null || generation != withdrawal.attachGeneration) {
            finish(withdrawal, true);
        } else {
            withdrawal.waits = true;
            againAtNanos = Math.min(againAtNanos,
                    member.nowNanos() + member.options().paxos().heartbeatNanos());
        }
    }

    private void finish(Withdrawal withdrawal, boolean nothingLeft) {
        underWay.remove(withdrawal.claim);
        if (nothingLeft && withdrawal.caller != null) {
            withdrawal.caller.withdrawn();
        }
        withdrawal.next.forEach(Runnable::run);
    }

    /** Tries again what was refused. */
    void tick() {
        if (member.nowNanos() < againAtNanos) {
            return;
        }
        againAtNanos = Long.MAX_VALUE;
        for (Withdrawal withdrawal : List.copyOf(underWay.values())) {
            if (withdrawal.waits) {
                withdrawal.waits = false;
                send(withdrawal);
            }
        }
    }
}
