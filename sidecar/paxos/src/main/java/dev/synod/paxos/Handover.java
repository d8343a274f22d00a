package dev.synod.paxos;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a leader passes leadership on: to a voter somebody named, or, when a StopSign leaves it out of the next
 * epoch, to the most caught-up voter of that.
 *
 * <p>A transfer stops new commands and reads until the target holds the whole log, then tells it to campaign
 * with this leader's ballot as a token. A dead target must not stop writes for longer than an election would
 * (openraft#1747).
 *
 * <p>A leader whose disk is full takes no commands, so it passes leadership on by itself. It goes on serving
 * reads meanwhile: when all disks are full nobody takes over, and there is nothing to gain by refusing them.
 */
final class Handover {
    private final Core core;
    private @Nullable UUID target;
    private long deadlineNanos;
    private boolean sent;
    private List<UUID> successors = List.of();
    /** Before this a leader with a full disk does not ask the next voter to take over. */
    private long nextRescueNanos = Long.MIN_VALUE;
    /** Voters asked to take over from a full disk: each time another, for one may have a full disk too. */
    private int rescues;

    Handover(Core core) {
        this.core = core;
    }

    Handover copy(Core copied) {
        Handover copy = new Handover(copied);
        copy.target = target;
        copy.deadlineNanos = deadlineNanos;
        copy.sent = sent;
        copy.successors = successors;
        copy.nextRescueNanos = nextRescueNanos;
        copy.rescues = rescues;
        return copy;
    }

    boolean underWay() {
        return target != null;
    }

    void clear() {
        target = null;
        nextRescueNanos = Long.MIN_VALUE;
        rescues = 0;
    }

    /** Begins a transfer to {@code voter}, if this member leads and it may. */
    void transferTo(UUID voter) {
        Effects.Refusal refusal = core.leadership.refusalOfTransfer();
        if (refusal != null) {
            core.out.refuse(refusal, null);
            return;
        }
        if (!core.configuration.isVoter(voter) || voter.equals(core.self)) {
            core.out.refuse(Effects.Refusal.NOT_ALLOWED,
                    voter + " is not another voter of epoch " + core.epoch());
            return;
        }
        target = voter;
        deadlineNanos = core.nowNanos + core.options.electionTimeoutNanos();
        sent = false;
        core.reads.refuseAll();
        advance(core.leadership.ballot());
    }

    /** Tells the target once it holds everything. */
    void advance(Ballot ballot) {
        UUID voter = target;
        Progress peer = voter == null ? null : core.leadership.followers().of(voter);
        if (voter != null && peer != null && !sent && peer.match == core.log.last()) {
            sent = true;
            core.send(voter, new Message.Transfer(ballot));
        }
        leaveFullDisk(ballot);
    }

    /**
     * The disk is full: asks a voter that holds everything to take over, not more often than once an election
     * timeout. Whoever has a full disk as well ignores it.
     */
    void leaveFullDisk(Ballot ballot) {
        if (!core.diskFull
                || core.nowNanos < nextRescueNanos
                || core.leadership.refusalOfTransfer() != null) {
            return;
        }
        List<UUID> able = new ArrayList<>();
        for (Progress peer : core.leadership.followers().all()) {
            if (peer.state == Progress.State.STREAMING
                    && peer.match == core.log.last()
                    && core.configuration.isVoter(peer.uuid)) {
                able.add(peer.uuid);
            }
        }
        if (!able.isEmpty()) {
            nextRescueNanos = core.nowNanos + core.options.electionTimeoutNanos();
            core.send(able.get(rescues % able.size()), new Message.Transfer(ballot));
            rescues++;
        }
    }

    /** With each round of heartbeats: tell it again, or give up. */
    void tick(Ballot ballot) {
        if (target != null && core.nowNanos >= deadlineNanos) {
            target = null;
        } else {
            sent = false;
            advance(ballot);
        }
    }

    /**
     * Remembers, before its epoch is left, who of its members is most caught up; nothing when this member did
     * not lead.
     */
    void rememberSuccessors() {
        if (core.role != Role.LEADER) {
            successors = List.of();
            return;
        }
        List<Progress> order = new ArrayList<>(core.leadership.followers().all());
        // By what they hold, not by what was sent to them; among equals, whoever was heard last is least
        // likely dead.
        order.sort(Comparator.comparingLong((Progress peer) -> peer.match)
                .thenComparingLong(peer -> peer.heardNanos)
                .reversed());
        List<UUID> best = new ArrayList<>();
        for (Progress peer : order) {
            best.add(peer.uuid);
        }
        successors = best;
    }

    /** Members of the epoch that this leader ended, most caught up first; empty when it did not lead. */
    List<UUID> successors() {
        return successors;
    }

    long fingerprint(long hash) {
        long h = Fingerprint.add(Fingerprint.add(hash, target), sent ? 1 : 0);
        h = Fingerprint.add(h, rescues);
        for (UUID successor : successors) {
            h = Fingerprint.add(h, successor);
        }
        return h;
    }
}
