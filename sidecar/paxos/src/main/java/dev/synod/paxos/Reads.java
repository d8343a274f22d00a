package dev.synod.paxos;

import java.util.ArrayDeque;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Linearizable reads by batched ReadIndex, from any member.
 *
 * <ol>
 *   <li>The read reaches the leader; one that does not lead asks it, under the read's own id. No id is ever
 *   used for a second attempt (etcd#20418).
 *   <li>Its index is what is decided on arrival. It waits until LeaderStart is decided (etcd#7331).
 *   <li>It needs a confirmation round begun after its arrival: a heartbeat with a new sequence, acknowledged
 *   by qr voters that still promise this ballot. While one round is under way, all newcomers share the next.
 *   <li>Confirmed: granted; whoever asked serves it once it has applied that far.
 * </ol>
 */
final class Reads {
    private static final class Waiting {
        final long id;
        final @Nullable UUID origin;
        final long sinceNanos;
        /** -1 while LeaderStart is not decided, or while a remote leader is asked. */
        long index = -1;
        long sequence;
        /** Who was asked for it; null where this member answers. */
        @Nullable UUID leader;

        Waiting(long id, @Nullable UUID origin, long sinceNanos) {
            this.id = id;
            this.origin = origin;
            this.sinceNanos = sinceNanos;
        }

        Waiting copy() {
            Waiting copy = new Waiting(id, origin, sinceNanos);
            copy.index = index;
            copy.sequence = sequence;
            copy.leader = leader;
            return copy;
        }
    }

    private final Core core;
    /** Rounds begun; never reused within a run, so not within a ballot either. */
    private long sequence;
    private long confirmed;
    /** Reads this leader answers, in order of arrival. */
    private ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    /** Own reads for which the leader was asked. */
    private ArrayDeque<Waiting> asked = new ArrayDeque<>();

    Reads(Core core) {
        this.core = core;
    }

    Reads copy(Core copied) {
        Reads copy = new Reads(copied);
        copy.sequence = sequence;
        copy.confirmed = confirmed;
        for (Waiting read : waiting) {
            copy.waiting.add(read.copy());
        }
        for (Waiting read : asked) {
            copy.asked.add(read.copy());
        }
        return copy;
    }

    long sequence() {
        return sequence;
    }

    int queued() {
        return waiting.size() + asked.size();
    }

    // ---- asking -------------------------------------------------------------------------------------------

    void onRead(long id) {
        if (core.role == Role.LEADER) {
            admit(new Waiting(id, null, core.nowNanos));
            return;
        }
        if (core.defects.has(Defect.R18_FOLLOWER_LOCAL_READ) && core.role == Role.FOLLOWER) {
            core.out.read(id, core.decided);
            return;
        }
        UUID leader = core.leader;
        if (leader == null || core.enteringEpoch() || asked.size() >= core.options.readsMax()) {
            core.out.read(id, -1);
            return;
        }
        Waiting read = new Waiting(id, null, core.nowNanos);
        read.leader = leader;
        asked.add(read);
        core.send(leader, new Message.ReadRequest(id ^ core.nonce));
    }

    void onReadRequest(UUID from, Message.ReadRequest request) {
        if (core.role != Role.LEADER) {
            core.send(from, new Message.ReadReply(request.id(), -1));
            return;
        }
        admit(new Waiting(request.id(), from, core.nowNanos));
    }

    /** An index from anybody but who was asked is no answer. */
    void onReadReply(UUID from, Message.ReadReply reply) {
        for (Waiting read : asked) {
            if (read.id == (reply.id() ^ core.nonce) && from.equals(read.leader)) {
                asked.remove(read);
                core.out.read(read.id, reply.index());
                return;
            }
        }
    }

    // ---- leading ------------------------------------------------------------------------------------------

    private void admit(Waiting read) {
        if (core.leadership.refusesReads() || waiting.size() >= core.options.readsMax()) {
            answer(read, -1);
            return;
        }
        if (core.defects.has(Defect.M29_UNCONFIRMED_READ)) {
            answer(read, core.decided);
            return;
        }
        waiting.add(read);
        if (core.leadership.servesReads()) {
            arm(read);
        }
    }

    /** Fixes the read's index and the round it needs. */
    private void arm(Waiting read) {
        read.index = core.decided;
        boolean roundUnderWay = sequence > confirmed;
        if (core.defects.has(Defect.M30_READ_CONFIRMATION_REUSED) && sequence > 0) {
            read.sequence = sequence;
            confirmed(confirmed);
            return;
        }
        read.sequence = sequence + 1;
        if (!roundUnderWay) {
            nextRound();
        }
    }

    private void nextRound() {
        sequence++;
        core.leadership.confirm();
    }

    /** A leadership begins: rounds of an earlier one will not be acknowledged any more. */
    void begin() {
        confirmed = sequence;
    }

    /** LeaderStart may just have been decided. */
    void decidedAdvanced() {
        if (waiting.isEmpty() || !core.leadership.servesReads()) {
            return;
        }
        for (Waiting read : waiting.toArray(new Waiting[0])) {
            if (read.index < 0) {
                arm(read);
            }
        }
    }

    /** qr voters acknowledged every round up to {@code upTo}, at this ballot. */
    void confirmed(long upTo) {
        confirmed = Math.max(confirmed, upTo);
        while (!waiting.isEmpty()
                && waiting.getFirst().index >= 0
                && waiting.getFirst().sequence <= confirmed) {
            Waiting read = waiting.removeFirst();
            answer(read, read.index);
        }
        boolean more = !waiting.isEmpty() && waiting.getLast().sequence > sequence;
        if (more && sequence <= confirmed) {
            nextRound();
        }
    }

    private void answer(Waiting read, long index) {
        if (read.origin == null) {
            core.out.read(read.id, index);
        } else {
            core.send(read.origin, new Message.ReadReply(read.id, index));
        }
    }

    // ---- giving up ----------------------------------------------------------------------------------------

    /** A leader's heartbeat: a lost round is begun anew with the next heartbeats, old reads are refused. */
    void tick() {
        refuseOld(waiting);
        if (!waiting.isEmpty() && core.leadership.servesReads() && waiting.getLast().sequence > sequence) {
            sequence++;
        }
    }

    /** Whoever asked a leader that does not answer asks again with a new id. */
    void tickAsked() {
        refuseOld(asked);
    }

    long nextDeadlineNanos() {
        return asked.isEmpty() || core.options.timersOff()
                ? Long.MAX_VALUE
                : asked.getFirst().sinceNanos + core.options.electionTimeoutNanos();
    }

    private void refuseOld(ArrayDeque<Waiting> queue) {
        while (!queue.isEmpty()
                && !core.options.timersOff()
                && core.nowNanos - queue.getFirst().sinceNanos >= core.options.electionTimeoutNanos()) {
            answer(queue.removeFirst(), -1);
        }
    }

    void refuseAll() {
        while (!waiting.isEmpty()) {
            answer(waiting.removeFirst(), -1);
        }
        while (!asked.isEmpty()) {
            answer(asked.removeFirst(), -1);
        }
    }

    long fingerprint(long hash) {
        long h = Fingerprint.add(Fingerprint.add(hash, sequence), confirmed);
        for (Waiting read : waiting) {
            h = Fingerprint.add(Fingerprint.add(h, read.id), read.origin);
            h = Fingerprint.add(Fingerprint.add(h, read.index), read.sequence);
        }
        for (Waiting read : asked) {
            h = Fingerprint.add(Fingerprint.add(h, read.id), read.leader);
        }
        return Fingerprint.add(Fingerprint.add(h, waiting.size()), asked.size());
    }
}
