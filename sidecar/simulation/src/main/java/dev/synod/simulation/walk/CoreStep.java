package dev.synod.simulation.walk;

import dev.synod.paxos.Effects;
import dev.synod.paxos.Event;
import dev.synod.paxos.Message;
import dev.synod.paxos.Replica;
import dev.synod.paxos.Role;
import dev.synod.paxos.WalRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One event at one member: lets a copy of the real core take the step, does the driver's duties (see
 * {@link Effects}) and checks the member from outside. Used once.
 */
final class CoreStep {
    private static final Frame[] NO_FRAMES = {};

    private final Stepper stepper;
    private final WalkOptions bounds;
    private final MemberState before;
    private final String label;
    private final List<Frame> released = new ArrayList<>();
    private final List<MemberState.Held> held;
    private @Nullable Frame delivered;
    private long durableSequence;
    private DiskImage disk;
    private DiskImage[] pending;
    private Witness witness;
    private Tally tally;
    private int[] streams;
    private @Nullable String violation;
    private boolean beyond;
    private boolean restsOnWrite;

    CoreStep(Stepper stepper, MemberState before, String label) {
        this.stepper = stepper;
        this.bounds = stepper.bounds;
        this.before = before;
        this.label = label;
        this.held = new ArrayList<>(Arrays.asList(before.held));
        this.durableSequence = before.durableSequence;
        this.disk = before.disk;
        this.pending = before.pending;
        this.witness = before.witness;
        this.tally = before.tally;
        this.streams = new int[bounds.members()];
    }

    static Frame[][] nothing(int members) {
        Frame[][] nothing = new Frame[members][];
        Arrays.fill(nothing, NO_FRAMES);
        return nothing;
    }

    /** Nothing happens. */
    Outcome none() {
        return new Outcome(label, delivered, before, nothing(bounds.members()), violation, beyond);
    }

    /** The oldest batch is durable: what waited for it leaves, then the core hears of it. */
    Outcome durable() {
        durableSequence++;
        DiskImage older = disk;
        disk = pending[0];
        pending = Arrays.copyOfRange(pending, 1, pending.length);
        held.removeIf(each -> {
            boolean leaves = each.sequence() <= durableSequence;
            if (leaves) {
                released.add(each.frame());
            }
            return leaves;
        });
        if (!bounds.outcomesOnly()) {
            violation = LocalChecks.volume(older, disk);
        }
        noteVote();
        return take(new Event.Durable(durableSequence), null, tally);
    }

    private void noteVote() {
        int at = witness.voted().find(disk.accepted);
        if (disk.accepted.isBottom() || at >= 0 && witness.voted().logs()[at].index >= disk.log.index) {
            return;
        }
        if (at >= 0 && !witness.voted().logs()[at].isPrefixOf(disk.log)) {
            violation =
                    "I7: at " + disk.accepted + " the volume held " + witness.voted().logs()[at] + ", now "
                            + disk.log;
        }
        witness = witness.withVote(disk.accepted, disk.log);
    }

    Outcome read(Event.Read read, long floor, Tally spent) {
        witness = witness.withFloor(floor);
        return take(read, null, spent);
    }

    /** Takes the step. */
    Outcome take(Event event, @Nullable Frame frame, Tally spent) {
        delivered = frame;
        tally = spent;
        stepper.countCoreStep();
        Replica replica = before.replica.copy();
        Effects out = new Effects();
        try {
            replica.step(0, event, out);
            write(out.records());
        } catch (RuntimeException e) {
            violation = e.toString();
            return none();
        }
        if (out.fault() != null) {
            violation = "a member turned FAULTY although no volume was harmed: " + out.fault();
        }
        if (replica.role() == Role.LEADER && before.replica.role() == Role.LEADER) {
            streams = before.streams.clone();
        }
        for (Effects.Outgoing each : out.outgoing()) {
            send(stepper.frame(each.frame()), each.afterSequence());
        }
        LogNode log = observe(replica, out);
        check(replica, log);
        MemberState next =
                stepper.known(new MemberState.Parts(before.slot, replica, durableSequence, disk, pending,
                        held.toArray(new MemberState.Held[0]), witness, tally, log, streams));
        Outcome outcome = new Outcome(label, delivered, next, byReceiver(), violation, beyond);
        boolean follows = replica.role() != Role.LEADER && replica.role() != Role.PREPARING;
        return bounds.atomicWrites() && follows && !restsOnWrite ? settled(outcome) : outcome;
    }

    private void write(List<WalRecord> records) {
        if (records.isEmpty()) {
            return;
        }
        DiskImage newest = pending.length > 0 ? pending[pending.length - 1] : disk;
        pending = Arrays.copyOf(pending, pending.length + 1);
        pending[pending.length - 1] = newest.plus(records);
        for (WalRecord record : records) {
            if (record instanceof WalRecord.Promised promised
                    && promised.ballot().member() == before.slot + 1) {
                tally = tally.campaigned(); // only a candidate promises a ballot of its own
            }
        }
    }

    private void send(Frame frame, long afterSequence) {
        switch (frame.envelope.message()) {
            case Message.Refused refused -> {
                if (delivered != null && refused.incarnation() < delivered.envelope.incarnation()) {
                    violation =
                            "a member takes another for forgetful although no volume was harmed: " + refused;
                }
                return; // says that a later process is known, so the receiver is that one or none
            }
            case Message.HeartbeatAck ack -> {
                if (ack.readSequence() == 0) {
                    return; // only tells the time
                }
            }
            case Message.ProbeReply reply -> {
                return; // nobody waits for one
            }
            case Message.Sync sync -> {
                streams[frame.to] = (int) sync.stream();
                beyond |= sync.stream() > WalkOptions.STREAMS_MAX;
            }
            default -> {}
        }
        if (afterSequence <= durableSequence) {
            released.add(frame);
            restsOnWrite |= pending.length > 0 && !frame.restsOnNothing();
            return;
        }
        MemberState.Held wait = new MemberState.Held(afterSequence, frame);
        if (!held.contains(wait)) {
            held.add(wait);
        }
    }

    /** Notes what the oracle remembers. */
    private LogNode observe(Replica replica, Effects out) {
        LogNode log = stepper.root;
        LogNode decided = stepper.root;
        for (long index = 1; index <= replica.last(); index++) {
            log = log.plus(replica.entry(index));
            decided = index == replica.decided() ? log : decided;
        }
        if (!decided.comparable(witness.decided())) {
            violation = "I8: the member knew " + witness.decided() + " decided, now " + decided;
        }
        if (bounds.readsMax() == 0 || decided.index > witness.decided().index) {
            witness = witness.withDecided(decided);
        }
        boolean leads = replica.role() == Role.LEADER;
        boolean led =
                before.replica.role() == Role.LEADER && before.replica.accepted().equals(replica.accepted());
        if (!leads) {
            witness = witness.withLed(Witness.Logs.NONE);
        } else if (!led) {
            witness = witness.withLed(Witness.Logs.NONE.with(replica.accepted(), log));
        }
        for (Effects.ReadOutcome read : out.reads()) {
            if (read.index() >= 0 && read.index() < witness.floor()) {
                violation = "I14: a read is granted at " + read.index() + " although " + witness.floor()
                        + " was decided before it was asked for";
            }
            witness = witness.withFloor(-1);
        }
        return log;
    }

    private void check(Replica replica, LogNode log) {
        if (violation == null && !bounds.outcomesOnly()) {
            violation = LocalChecks.released(released, disk);
        }
        if (violation == null) {
            violation = LocalChecks.monotone(before.replica, replica);
        }
        if (violation == null) {
            violation = LocalChecks.stopSigns(log, replica.decided());
        }
    }

    private Frame[][] byReceiver() {
        Frame[][] emitted = nothing(bounds.members());
        for (Frame frame : released) {
            if (!Arrays.asList(emitted[frame.to]).contains(frame)) {
                emitted[frame.to] = with(emitted[frame.to], frame);
            }
        }
        return emitted;
    }

    private static Frame[] with(Frame[] frames, Frame frame) {
        Frame[] more = Arrays.copyOf(frames, frames.length + 1);
        more[frames.length] = frame;
        return more;
    }

    /** The same step with all that it wrote durable. */
    private Outcome settled(Outcome outcome) {
        Outcome all = outcome;
        while (all.violation() == null && all.next().pending.length > 0) {
            Outcome more = new CoreStep(stepper, all.next(), label).durable();
            Frame[][] emitted = nothing(bounds.members());
            for (int to = 0; to < emitted.length; to++) {
                emitted[to] = all.emitted()[to];
                for (Frame frame : more.emitted()[to]) {
                    emitted[to] = with(emitted[to], frame);
                }
            }
            all = new Outcome(label, delivered, more.next(), emitted, more.violation(),
                    all.beyond() || more.beyond());
        }
        return all;
    }
}
