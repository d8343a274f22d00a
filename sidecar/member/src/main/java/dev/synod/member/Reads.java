package dev.synod.member;

import dev.synod.paxos.Effects;
import dev.synod.paxos.Event;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads that wait until the state may be looked at. All that come in one step share one ReadIndex of the
 * protocol; an attempt that failed is made again under a new number (etcd#20418), until its time runs out.
 */
final class Reads {
    /** Told once. */
    interface Reader {
        /** The state may be read now, and until the next step. */
        void readable();

        /** It was not to be had in time. */
        void failed(Failure reason);
    }

    private static final class Read {
        final Reader reader;
        final boolean repeated;
        long index = -1;
        long revision;
        boolean done;
        Deadlines.@Nullable Key deadline;

        Read(Reader reader, boolean repeated) {
            this.reader = reader;
            this.repeated = repeated;
        }
    }

    private final Member member;
    private final ArrayDeque<Read> fresh = new ArrayDeque<>();
    private final TreeMap<Long, List<Read>> asked = new TreeMap<>();
    private final ArrayDeque<Read> granted = new ArrayDeque<>();
    private final ArrayDeque<Read> atLeast = new ArrayDeque<>();
    private final Deadlines<Read> deadlines = new Deadlines<>();
    private final List<Effects.ReadOutcome> outcomes = new ArrayList<>();
    private int waiting;
    private long lastId;
    private long askFromNanos = Long.MIN_VALUE;

    Reads(Member member) {
        this.member = member;
    }

    /** A read that sees all that was acknowledged before now. */
    void linearizable(long timeoutNanos, Reader reader) {
        enter(new Read(reader, true), timeoutNanos, fresh);
    }

    /** Whether this member, which leads, still did after now; asked once. */
    void confirmation(Reader reader) {
        fresh.add(new Read(reader, false));
        waiting++;
    }

    /** A read that sees at least {@code revision}. */
    void atLeast(long revision, long timeoutNanos, Reader reader) {
        Read read = new Read(reader, true);
        read.revision = revision;
        enter(read, timeoutNanos, atLeast);
    }

    private void enter(Read read, long timeoutNanos, ArrayDeque<Read> queue) {
        boolean useless = member.fault() != null || queue == fresh && !member.belongs();
        if (useless || waiting >= member.options().waitingMax()) {
            read.done = true;
            read.reader.failed(useless ? Failure.UNAVAILABLE : Failure.BUSY);
            return;
        }
        long deadline = Deadlines.after(member.nowNanos(), timeoutNanos);
        if (deadline != Long.MAX_VALUE) {
            read.deadline = deadlines.add(deadline, read);
        }
        queue.add(read);
        waiting++;
    }

    int waiting() {
        return waiting;
    }

    long nextDeadlineNanos() {
        long next = deadlines.nextNanos();
        return fresh.isEmpty() ? next : Math.min(next, Math.max(askFromNanos, member.nowNanos()));
    }

    void tick() {
        for (Read late = deadlines.takeDue(member.nowNanos()); late != null;
                late = deadlines.takeDue(member.nowNanos())) {
            late.deadline = null;
            fail(late, Failure.NO_LEADER);
        }
    }

    /** Asks the protocol for an index for all that came since. */
    void flush() {
        fresh.removeIf(read -> read.done);
        if (fresh.isEmpty() || member.nowNanos() < askFromNanos) {
            return;
        }
        lastId++;
        asked.put(lastId, new ArrayList<>(fresh));
        fresh.clear();
        member.paxos(new Event.Read(lastId));
    }

    /** The protocol decided about a number; acted upon by {@link #serve}. */
    void noteOutcome(Effects.ReadOutcome outcome) {
        outcomes.add(outcome);
    }

    /** Lets those read that may. */
    void serve() {
        for (Effects.ReadOutcome outcome : outcomes) {
            settle(outcome);
        }
        outcomes.clear();
        release(granted);
        release(atLeast);
    }

    private void settle(Effects.ReadOutcome outcome) {
        List<Read> reads = asked.remove(outcome.id());
        if (reads == null) {
            return;
        }
        for (Read read : reads) {
            if (read.done) {
                continue;
            }
            if (outcome.index() >= 0) {
                read.index = outcome.index();
                granted.add(read);
            } else if (read.repeated) {
                askFromNanos = member.nowNanos() + member.options().paxos().heartbeatNanos() / 4;
                fresh.add(read);
            } else {
                fail(read, Failure.NO_LEADER);
            }
        }
    }

    private void release(ArrayDeque<Read> reads) {
        if (reads.isEmpty()) {
            return;
        }
        List<Read> now = new ArrayList<>();
        for (Iterator<Read> i = reads.iterator(); i.hasNext();) {
            Read read = i.next();
            boolean seen = read.index <= member.state().appliedIndex()
                    && read.revision <= member.state().revision();
            if (read.done || seen) {
                i.remove();
                now.add(read);
            }
        }
        for (Read read : now) {
            if (!read.done) {
                finish(read);
                read.reader.readable();
            }
        }
    }

    void failAll(Failure reason) {
        List<Read> all = new ArrayList<>(fresh);
        asked.values().forEach(all::addAll);
        all.addAll(granted);
        all.addAll(atLeast);
        fresh.clear();
        asked.clear();
        granted.clear();
        atLeast.clear();
        all.forEach(read -> fail(read, reason));
    }

    private void fail(Read read, Failure reason) {
        if (!read.done) {
            finish(read);
            read.reader.failed(reason);
        }
    }

    private void finish(Read read) {
        read.done = true;
        waiting--;
        if (read.deadline != null) {
            deadlines.remove(read.deadline);
        }
    }
}
