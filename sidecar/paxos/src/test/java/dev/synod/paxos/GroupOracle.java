package dev.synod.paxos;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What must hold in a {@link ScriptedGroup} whatever its script does: members agree on what is decided (I8),
 * nothing leaves before it is durable (I4), nothing that a member holds regresses (I1, I6), equal accepted
 * ballots mean prefix-comparable logs (I7), and a read sees everything decided before it was asked (I14).
 */
final class GroupOracle {
    private final List<Entry> decided = new ArrayList<>();
    private final Map<Long, Long> readsAsked = new LinkedHashMap<>();

    /** Everything that any member ever decided, from index 1 on. */
    List<Entry> decided() {
        return decided;
    }

    // ---- before and after each step -------------------------------------------------------------------

    /** What a member held before a step. */
    record Before(Ballot promised, Ballot accepted, int epoch, long decided) {
        Before(Replica replica) {
            this(replica.promised(), replica.accepted(), replica.epoch(), replica.decided());
        }
    }

    void stepped(ScriptedMember member, Before before, Replica after) {
        demand(!after.promised().isBelow(before.promised()), member,
                () -> "I1: promised regressed from " + before.promised());
        demand(!after.accepted().isBelow(before.accepted()), member,
                () -> "I1: accepted regressed from " + before.accepted());
        demand(after.epoch() >= before.epoch(), member, () -> "I1: epoch regressed from " + before.epoch());
        demand(after.decided() >= before.decided(), member,
                () -> "I6: decided regressed from " + before.decided());
        learned(member, before.decided(), after);
    }

    /** A process that starts has decided some of what its volume held. */
    void started(ScriptedMember member, Replica replica) {
        learned(member, replica.base(), replica);
    }

    private void learned(ScriptedMember member, long from, Replica replica) {
        for (long index = from + 1; index <= replica.decided(); index++) {
            if (index > replica.base()) {
                agree(member, replica.entry(index));
            }
        }
        demand(
                replica.decided() <= decided.size(),
                member,
                () -> "I8: holds a snapshot through " + replica.decided() + ", decided is " + decided.size());
    }

    private void agree(ScriptedMember member, Entry entry) {
        if (entry.index() == decided.size() + 1) {
            decided.add(entry);
        }
        demand(
                entry.index() <= decided.size() && decided.get((int) entry.index() - 1).equals(entry),
                member,
                () -> "I8: decides " + Notation.entry(entry) + ", decided is "
                        + Notation.entries(decided.subList(Math.max(0, decided.size() - 3), decided.size())));
    }

    /** The state of a snapshot is that of the decided entries up to its index. */
    void restored(ScriptedMember member, ToySnapshot snapshot) {
        List<String> applied = commands(decided.subList(0, (int) snapshot.index()));
        demand(applied.equals(snapshot.applied()), member,
                () -> "I8: snapshot " + snapshot.index() + " holds "
                        + snapshot.applied() + ", decided is " + applied);
    }

    /** What the toy state machine amounts to after these entries. */
    static List<String> commands(List<Entry> entries) {
        List<String> commands = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.payload() instanceof Payload.Command command) {
                commands.add(Notation.command(command.body()));
            }
        }
        return commands;
    }

    // ---- what leaves ----------------------------------------------------------------------------------

    /** I4: a message that a peer may count leaves only after what it says is on disk. */
    void leaves(ScriptedMember member, Envelope envelope) {
        DurableState disk = member.volume().state();
        switch (envelope.message()) {
            case Message.Prepare prepare -> durable(member, disk.promised(), prepare.ballot(), envelope);
            case Message.Promise promise -> {
                durable(member, disk.promised(), promise.ballot(), envelope);
                durable(member, disk.accepted(), promise.accepted(), envelope);
                demand(
                        !disk.accepted().equals(promise.accepted()) || disk.last() >= promise.last(),
                        member,
                        () -> "I4: says " + Notation.message(envelope) + ", disk ends at " + disk.last());
            }
            case Message.Accepted accepted -> {
                durable(member, disk.accepted(), accepted.ballot(), envelope);
                demand(
                        !disk.accepted().equals(accepted.ballot()) || disk.last() >= accepted.upTo(),
                        member,
                        () -> "I4: says " + Notation.message(envelope) + ", disk ends at " + disk.last());
            }
            default -> {}
        }
        boolean epochIsDurable = disk.configuration().epoch() >= envelope.epoch();
        demand(
                epochIsDurable || envelope.message() instanceof Message.Fetch
                        || envelope.message() instanceof Message.Chunk
                        || envelope.message() instanceof Message.ChunkRequest
                        || envelope.message() instanceof Message.SnapshotOffer
                        || envelope.message() instanceof Message.ReadReply
                        || envelope.message() instanceof Message.Refused,
                member,
                () -> "I12: says " + Notation.message(envelope) + " before its EPOCH batch is durable");
    }

    private static void durable(ScriptedMember member, Ballot held, Ballot said, Envelope envelope) {
        demand(!held.isBelow(said), member,
                () -> "I4: says " + Notation.message(envelope) + ", disk holds " + held);
    }

    // ---- reads ----------------------------------------------------------------------------------------

    void readAsked(long id) {
        readsAsked.put(id, (long) decided.size());
    }

    void readGranted(ScriptedMember member, long id, long index) {
        Long atLeast = readsAsked.remove(id);
        demand(atLeast != null, member, () -> "I14: grants read " + id + ", which nobody waits for");
        demand(
                index < 0 || atLeast == null || index >= atLeast,
                member,
                () -> "I14: grants read " + id + " at " + index + ", but " + atLeast + " was decided before");
    }

    // ---- all together ---------------------------------------------------------------------------------

    /** I7 over the logs as they stand. */
    void compareLogs(List<ScriptedMember> members) {
        for (ScriptedMember one : members) {
            for (ScriptedMember other : members) {
                Replica a = one.replica();
                Replica b = other.replica();
                if (a != null && b != null && a != b && a.accepted().equals(b.accepted())) {
                    comparePrefixes(one, a, b);
                }
            }
        }
    }

    private static void comparePrefixes(ScriptedMember member, Replica a, Replica b) {
        for (long index = Math.max(a.base(), b.base()) + 1; index <= Math.min(a.last(), b.last()); index++) {
            Entry one = a.entry(index);
            Entry other = b.entry(index);
            demand(
                    one.equals(other),
                    member,
                    () -> "I7: at " + a.accepted() + " holds " + Notation.entry(one) + ", another "
                            + Notation.entry(other));
        }
    }

    /** A copy taken before the step does what its original did, and is then in the same state. */
    static void compareCopy(ScriptedMember member, Replica original, Effects done, Replica copy,
            Event event) {
        Effects out = new Effects();
        copy.step(member.nowNanos(), event, out);
        boolean same = out.records().equals(done.records())
                && out.batchSequence() == done.batchSequence()
                && out.snapshotActions().equals(done.snapshotActions())
                && out.reads().equals(done.reads())
                && out.decided() == done.decided()
                && out.proposedFrom() == done.proposedFrom()
                && out.refusal() == done.refusal()
                && out.outgoing().size() == done.outgoing().size()
                && copy.nextDeadlineNanos() == original.nextDeadlineNanos()
                && copy.fingerprint() == original.fingerprint();
        for (int i = 0; same && i < out.outgoing().size(); i++) {
            Effects.Outgoing one = out.outgoing().get(i);
            Effects.Outgoing other = done.outgoing().get(i);
            same = one.to().equals(other.to())
                    && one.afterSequence() == other.afterSequence()
                    && one.bulk() == other.bulk()
                    && Arrays.equals(one.frame(), other.frame());
        }
        demand(same, member, () -> "a copy does otherwise on " + event);
    }

    private static void demand(boolean holds, ScriptedMember member, Supplier<String> what) {
        if (!holds) {
            throw new AssertionError("member " + member.name() + ": " + what.get());
        }
    }
}
