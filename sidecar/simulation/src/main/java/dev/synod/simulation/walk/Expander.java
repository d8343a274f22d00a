package dev.synod.simulation.walk;

import dev.synod.paxos.Role;
import java.util.List;

/**
 * Finds the successors of one state after the other. For one thread; what it finds is shared.
 *
 * <p>The network is a set for each pair of members: nothing delivered is taken out (duplication, reordering),
 * nothing need be delivered (loss). So a state with more frames can do all that the same members can do with
 * fewer, and whatever happens at one member commutes with whatever happens at another. From this follow the
 * reductions:
 *
 * <ol>
 *   <li>A delivery that leaves its receiver as it was and only makes it send something is taken at once,
 *   before anything else.
 *   <li>Frames that can never matter again are dropped, see {@link DeadFrames}.
 *   <li>A state is not gone on from when the same state was met in fewer steps with fewer crashes spent:
 *   whatever follows here follows there.
 *   <li>With b ballots and no change of voters, only the first b voters campaign: numbers break ties between
 *   rounds and do nothing else, so any other candidates can be renamed to these.
 *   <li>A crash that loses nothing is not taken.
 *   <li>If the walk asks for it ({@link WalkOptions#atomicWrites()}), a follower's write is durable in the
 *   step that makes it. The follower's own state does not depend on when it is, but for frames that wait for
 *   it; a crash in between loses the step, waiting frames included, and is the crash before the step, as
 *   nothing has left that anybody counts (else the step is not taken so). A Nack may have left: it makes a
 *   candidate give up, which leaves it less than it had.
 *   <li>If the walk does not ask for {@link WalkOptions#newIncarnations()}, all processes of a member have
 *   one incarnation: no frame is refused for being of an older process, which adds behaviour and takes none
 *   away.
 * </ol>
 */
final class Expander {
    private final WalkOptions bounds;
    private final Stepper stepper;
    private final Shares shares;
    private final DeadFrames dead;
    private final int members;
    private final Outbox[][] boxes;
    private final MemberState[] now;
    private Share[] state;
    /** The successor found last. */
    final Share[] next;

    Expander(Stepper stepper, Shares shares) {
        this.bounds = stepper.bounds;
        this.stepper = stepper;
        this.shares = shares;
        this.dead = new DeadFrames(bounds);
        this.members = bounds.members();
        this.boxes = new Outbox[members][];
        this.now = new MemberState[members];
        this.state = new Share[members];
        this.next = new Share[members];
    }

    /** Takes steps out of {@code from} until the next call. */
    void begin(Share[] from) {
        state = from;
    }

    /** Adds every outcome of every event that may happen next to {@code outcomes}. */
    void outcomes(List<Outcome> outcomes) {
        long floor = 0;
        for (Share share : state) {
            floor = Math.max(floor, share.member.witness.decided().index);
        }
        for (int to = 0; to < members; to++) {
            MemberState member = state[to].member;
            for (Outcome outcome : stepper.own(member)) {
                outcomes.add(outcome);
            }
            for (int from = 0; from < members; from++) {
                if (from == to || state[from].to[to] == Outbox.EMPTY) {
                    continue;
                }
                Deliveries deliveries = stepper.deliveries(member, state[from].to[to]);
                for (Outcome outcome : deliveries.moving()) {
                    outcomes.add(outcome);
                }
                if (!bounds.reduced()) {
                    for (Outcome outcome : deliveries.silent()) {
                        outcomes.add(outcome);
                    }
                }
            }
            if (member.tally.reads() < bounds.readsMax() && member.replica.role() == Role.LEADER) {
                outcomes.add(stepper.read(member, floor));
            }
        }
    }

    /** Takes a step into {@link #next}. @return whether the bounds allow it and it changes anything */
    boolean take(Outcome outcome) {
        MemberState moved = outcome.next();
        int slot = moved.slot;
        if (outcome.beyond() || !withinBounds(moved)) {
            return false;
        }
        for (int i = 0; i < members; i++) {
            now[i] = state[i].member;
            boxes[i] = state[i].to;
        }
        MemberState before = now[slot];
        now[slot] = moved;
        boolean changed = send(slot, outcome.emitted());
        if (!changed && moved == before) {
            return false;
        }
        if (bounds.reduced()) {
            if (DeadFrames.mayDiffer(before, moved)) {
                dropDead(slot);
            }
            takeSilent();
        }
        for (int i = 0; i < members; i++) {
            boolean same = now[i] == state[i].member && boxes[i] == state[i].to;
            next[i] = same ? state[i] : shares.of(now[i], boxes[i]);
        }
        return true;
    }

    private boolean withinBounds(MemberState moved) {
        Tally tally = moved.tally;
        int campaigns = tally.campaigns();
        int commands = tally.commands();
        int changes = tally.changes();
        int reads = tally.reads();
        int crashes = tally.crashes();
        for (int i = 0; i < members; i++) {
            if (i != moved.slot) {
                Tally other = state[i].member.tally;
                campaigns += other.campaigns();
                commands += other.commands();
                changes += other.changes();
                reads += other.reads();
                crashes += other.crashes();
            }
        }
        return campaigns <= bounds.ballotsMax()
                && commands <= bounds.commandsMax()
                && changes <= bounds.changesMax()
                && reads <= bounds.readsMax()
                && crashes <= bounds.crashesMax();
    }

    private boolean send(int from, Frame[][] frames) {
        boolean sent = false;
        for (int to = 0; to < members; to++) {
            for (Frame frame : frames[to]) {
                if (boxes[from][to].holds(frame) || dead.isDead(frame, now[from], now[to])) {
                    continue;
                }
                put(from, to, boxes[from][to].plus(frame, shares.boxes));
                sent = true;
            }
        }
        return sent;
    }

    private void put(int from, int to, Outbox box) {
        if (boxes[from] == state[from].to) {
            boxes[from] = boxes[from].clone();
        }
        boxes[from][to] = box;
    }

    private void dropDead(int slot) {
        for (int other = 0; other < members; other++) {
            if (other != slot) {
                dropDead(slot, other);
                dropDead(other, slot);
            }
        }
    }

    private void dropDead(int from, int to) {
        Outbox box = boxes[from][to];
        Outbox rest = box;
        for (Frame frame : box.frames) {
            if (dead.isDead(frame, now[from], now[to])) {
                rest = rest.minus(frame, shares.boxes);
            }
        }
        if (rest != box) {
            put(from, to, rest);
        }
    }

    private void takeSilent() {
        boolean again = true;
        while (again) {
            again = false;
            for (int to = 0; to < members; to++) {
                for (int from = 0; from < members; from++) {
                    if (from == to || boxes[from][to] == Outbox.EMPTY) {
                        continue;
                    }
                    for (Outcome silent : stepper.deliveries(now[to], boxes[from][to]).silent()) {
                        again |= send(to, silent.emitted());
                    }
                }
            }
        }
    }

    /** The sum of the parts of {@link #next}. */
    long fingerprint() {
        long sum = 0;
        for (Share share : next) {
            sum += share.part;
        }
        return sum;
    }

    /** Whether {@link #next} was met above {@code depth} with fewer crashes spent. */
    boolean isDominated(long fingerprint, FingerprintSet visited, int depth) {
        int crashed = 0;
        for (int i = 0; i < members; i++) {
            crashed |= next[i].member.tally.crashes() > 0 ? 1 << i : 0;
        }
        if (crashed == 0 || !bounds.reduced() || bounds.newIncarnations()) {
            return false;
        }
        for (int fewer = crashed; fewer > 0; fewer = fewer - 1 & crashed) {
            long other = fingerprint;
            for (int i = 0; i < members; i++) {
                if ((fewer >>> i & 1) != 0) {
                    other += next[i].freshPart - next[i].part;
                }
            }
            if (visited.metBefore(other, depth)) {
                return true;
            }
        }
        return false;
    }
}
