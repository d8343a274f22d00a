package dev.synod.simulation.walk;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Bytes;
import dev.synod.paxos.Codec;
import dev.synod.paxos.Configuration;
import dev.synod.paxos.Effects;
import dev.synod.paxos.Envelope;
import dev.synod.paxos.Event;
import dev.synod.paxos.Message;
import dev.synod.paxos.Options;
import dev.synod.paxos.Payload;
import dev.synod.paxos.Replica;
import dev.synod.paxos.Role;
import dev.synod.paxos.Seal;
import dev.synod.paxos.SeededRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Runs the real core: tells what each event does to each state of a member. A step is deterministic and time
 * stands still (with an election timeout of 0 the core has neither timers nor rate limits), so each is taken
 * once and remembered. Safe for threads.
 */
final class Stepper {
    /** An election timeout of 0 switches timers, rate limits and stickiness off. */
    private static final Options OPTIONS = new Options(1, 0, 256, 1 << 20, 1 << 20, 1 << 10, 16);

    final WalkOptions bounds;
    final LogNode root = LogNode.root();
    private final Frames frames = new Frames();
    private final Known<MemberState> members = new Known<>();
    private final Known<Remembered> remembered = new Known<>();
    private long coreSteps;

    /** What a frame, or a read, does to a member; null: nothing. */
    private record Remembered(long key, @Nullable Outcome outcome) implements Keyed {}

    Stepper(WalkOptions bounds) {
        this.bounds = bounds;
    }

    long memberStates() {
        return members.size();
    }

    synchronized long coreSteps() {
        return coreSteps;
    }

    synchronized void countCoreStep() {
        coreSteps++;
    }

    Frame frame(byte[] bytes) {
        return frames.of(bytes, bounds.newIncarnations());
    }

    MemberState known(MemberState.Parts parts) {
        return members.putIfAbsent(new MemberState(parts, bounds));
    }

    // ---- processes ----------------------------------------------------------------------------------------

    Configuration initialConfiguration() {
        List<UUID> voters = new ArrayList<>();
        List<String> addresses = new ArrayList<>();
        for (int slot = 0; slot < bounds.voters(); slot++) {
            voters.add(Frames.uuid(slot));
            addresses.add("m" + (slot + 1));
        }
        Configuration initial = Configuration.initial(voters, addresses);
        for (int slot = bounds.voters(); slot < bounds.members(); slot++) {
            initial = initial.after(new Payload.AddObserver(Frames.uuid(slot), "m" + (slot + 1)));
        }
        return initial;
    }

    MemberState initial(int slot) {
        DiskImage disk = DiskImage.formatted(initialConfiguration(), root);
        return start(slot, disk, Witness.of(root), Tally.NONE);
    }

    /**
     * A Probe that {@code from} may have sent to {@code to} before the walk begins, and that may arrive at
     * any time: by its answer a member learns that its epoch has ended.
     */
    Frame probe(int from, int to) {
        return frame(Codec
                .encode(new Envelope(Frames.CLUSTER, Frames.uuid(from), Frames.uuid(to), 1, nonce(from, 1),
                        0, Seal.NONE, Ballot.BOTTOM, Ballot.BOTTOM, 0, new Message.Probe(1))));
    }

    private static long nonce(int slot, long incarnation) {
        return slot * 100L + incarnation;
    }

    private MemberState start(int slot, DiskImage disk, Witness witness, Tally tally) {
        long incarnation = bounds.newIncarnations() ? tally.crashes() + 1 : 1;
        Replica replica = new Replica(
                disk.recover(Frames.CLUSTER, Frames.uuid(slot), incarnation, nonce(slot, incarnation)),
                OPTIONS,
                new SeededRandom(1),
                bounds.defects(),
                0);
        Effects out = new Effects();
        for (int peer = 0; peer < bounds.members(); peer++) {
            if (peer != slot) {
                replica.step(0, new Event.Received(greeting(peer, slot)), out);
                out.clear();
            }
        }
        return known(new MemberState.Parts(slot, replica, 0, disk, new DiskImage[0], new MemberState.Held[0],
                witness, tally, disk.log, new int[bounds.members()]));
    }

    /**
     * A frame that does nothing but let the receiver know of the sender's first incarnation: to know that
     * one, below which there is none, and to know none are the same, and without this would be two states.
     */
    private static byte[] greeting(int from, int to) {
        return Codec
                .encode(new Envelope(Frames.CLUSTER, Frames.uuid(from), Frames.uuid(to), 1, nonce(from, 1), 0,
                        Seal.NONE, Ballot.BOTTOM, Ballot.BOTTOM, 0, new Message.ProbeReply(0, false, 0)));
    }

    // ---- events of a member's own -------------------------------------------------------------------------

    /** What may happen to the member without any frame or read. */
    Outcome[] own(MemberState member) {
        Outcome[] known = member.own();
        if (known != null) {
            return known;
        }
        List<Outcome> found = new ArrayList<>();
        if (member.pending.length > 0) {
            found.add(new CoreStep(this, member, "has its oldest batch durable").durable());
        }
        if (member.tally.crashes() < WalkOptions.CRASHES_EACH_MAX && bounds.crashesMax() > 0) {
            found.add(crash(member));
        }
        addCampaign(member, found);
        addProposals(member, found);
        boolean entered = member.disk.epoch() == member.replica.epoch();
        boolean votes = member.replica.configuration().isVoter(Frames.uuid(member.slot));
        if (member.replica.epoch() > 0 && !votes && entered && member.tally.ticks() == 0) {
            found.add(step(member, "has time to tell the next voters", new Event.Tick(),
                    member.tally.ticked()));
        }
        found.removeIf(outcome -> outcome.isNothingTo(member));
        Outcome[] all = found.toArray(new Outcome[0]);
        member.own(all);
        return all;
    }

    private void addCampaign(MemberState member, List<Outcome> found) {
        Replica replica = member.replica;
        boolean idle = replica.role() == Role.FOLLOWER || replica.role() == Role.PREPARING;
        boolean entered = member.disk.epoch() == replica.epoch();
        boolean votes = replica.configuration().isVoter(Frames.uuid(member.slot));
        // Numbers only break ties between rounds, so with b ballots and no change of voters the first b
        // voters may stand for any others.
        boolean stands = !bounds.reduced() || bounds.changesMax() > 0 || member.slot < bounds.ballotsMax();
        if (idle && entered && votes && stands && member.tally.campaigns() < bounds.ballotsMax()) {
            found.add(step(member, "campaigns", new Event.Campaign(), member.tally));
        }
    }

    private void addProposals(MemberState member, List<Outcome> found) {
        Tally tally = member.tally;
        if (member.replica.role() != Role.LEADER) {
            return;
        }
        if (tally.commands() < bounds.commandsMax()) {
            byte[] body = {(byte) (member.slot + 1), (byte) (tally.commands() + 1)};
            found.add(step(member, "proposes c" + body[0] + "." + body[1],
                    new Event.Propose(List.of(Bytes.of(body))), tally.proposed()));
        }
        if (tally.changes() < bounds.changesMax()) {
            for (List<Integer> next : bounds.changes()) {
                List<UUID> voters = new ArrayList<>();
                for (int number : next) {
                    voters.add(Frames.uuid(number - 1));
                }
                found.add(step(member, "changes the voters to " + next,
                        new Event.Reconfigure(0, voters), tally.changed()));
            }
        }
    }

    private Outcome crash(MemberState member) {
        String label = "crashes and starts again";
        Witness witness = member.witness.withFloor(-1).withLed(Witness.Logs.NONE);
        LogNode hinted = member.disk.log.upTo(member.disk.decided);
        if (bounds.readsMax() == 0) {
            witness = witness.withDecided(hinted);
        }
        MemberState next;
        try {
            next = start(member.slot, member.disk, witness, member.tally.crashed());
        } catch (RuntimeException e) {
            return new Outcome(label, null, member, CoreStep.nothing(bounds.members()), e.toString(), false);
        }
        if (bounds.reduced() && next.freshKey == member.freshKey) {
            next = member; // nothing was lost, and a crash spent: whatever follows may also follow without it
        }
        return new Outcome(label, null, next, CoreStep.nothing(bounds.members()), null, false);
    }

    private Outcome step(MemberState member, String label, Event event, Tally tally) {
        Outcome outcome = new CoreStep(this, member, label).take(event, null, tally);
        boolean refused = outcome.next().log == member.log && event instanceof Event.Propose
                || outcome.next().log == member.log && event instanceof Event.Reconfigure;
        if (refused && outcome.violation() == null) {
            return new Outcome(label, null, member, CoreStep.nothing(bounds.members()), null, false);
        }
        return outcome;
    }

    // ---- reads and frames ---------------------------------------------------------------------------------

    /** A read that must not return less than {@code floor}. */
    Outcome read(MemberState member, long floor) {
        long key = Hash.add(Hash.add(member.key(), -7), floor);
        Remembered known = remembered.get(key);
        if (known == null) {
            Outcome outcome = new CoreStep(this, member, "asks for a read, " + floor + " is decided")
                    .read(new Event.Read(member.tally.reads() + 1), floor, member.tally.read());
            known = remembered.putIfAbsent(new Remembered(key, outcome));
        }
        Outcome outcome = known.outcome();
        return outcome == null ? new CoreStep(this, member, "").none() : outcome;
    }

    /** What the frames of {@code box}, each by itself, do to the member. */
    Deliveries deliveries(MemberState member, Outbox box) {
        Deliveries known = member.deliveries(box);
        if (known != null) {
            return known;
        }
        List<Outcome> moving = new ArrayList<>();
        List<Outcome> silent = new ArrayList<>();
        for (Frame frame : box.frames) {
            Outcome outcome = delivery(member, frame);
            if (outcome != null) {
                boolean stays = outcome.next() == member && outcome.violation() == null && !outcome.beyond();
                (stays ? silent : moving).add(outcome);
            }
        }
        Deliveries found =
                new Deliveries(box.key(), moving.toArray(new Outcome[0]), silent.toArray(new Outcome[0]));
        member.deliveries(found);
        return found;
    }

    private @Nullable Outcome delivery(MemberState member, Frame frame) {
        long key = Hash.add(member.key(), frame.key());
        Remembered known = remembered.get(key);
        if (known == null) {
            Outcome outcome = new CoreStep(this, member, "")
                    .take(new Event.Received(frame.bytes), frame, member.tally);
            known = remembered.putIfAbsent(new Remembered(key, outcome.isNothingTo(member) ? null : outcome));
        }
        return known.outcome();
    }
}
