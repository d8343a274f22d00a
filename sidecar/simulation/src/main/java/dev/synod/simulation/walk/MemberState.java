package dev.synod.simulation.walk;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Replica;
import dev.synod.paxos.Role;
import org.jspecify.annotations.Nullable;

/**
 * One member: its process (the real {@link Replica}), its volume, the batches that are not yet durable, the
 * frames that wait for them, and what the oracle remembers. Never changed; one such state takes part in very
 * many states of the group, and what each event does to it is computed once.
 */
final class MemberState implements Keyed {
    /** A frame that leaves when {@code sequence} is durable. */
    record Held(long sequence, Frame frame) {}

    /** What a {@link MemberState} is made of. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Parts(
            int slot,
            Replica replica,
            long durableSequence,
            DiskImage disk,
            DiskImage[] pending,
            Held[] held,
            Witness witness,
            Tally tally,
            LogNode log,
            int[] streams) {}

    final int slot;
    final Replica replica;
    final long durableSequence;
    final DiskImage disk;
    /** The volume after each batch under way, oldest first. */
    final DiskImage[] pending;
    final Held[] held;
    final Witness witness;
    final Tally tally;
    final LogNode log;
    /** As leader: Syncs begun to each member. */
    final int[] streams;
    final View view;
    /** {@link Frame#rank} of the ballot that this process prepares or leads, or of bottom. */
    final long live;
    /** {@link Frame#rank} of the ballot below which none is ever answered but by Nack, crash or not. */
    final long settledPromise;
    /** {@link Frame#rank} of the ballot of the volume's log. */
    final long settledAccepted;
    /** Known decided, crash or not. */
    final long settledDecided;
    /** The key that this would have if no process of the member had crashed. */
    final long freshKey;
    private final long key;

    private volatile Outcome @Nullable [] own;
    private volatile @Nullable Deliveries[] deliveries = new @Nullable Deliveries[8];
    private int deliveriesSize;

    MemberState(Parts parts, WalkOptions bounds) {
        slot = parts.slot;
        replica = parts.replica;
        durableSequence = parts.durableSequence;
        disk = parts.disk;
        pending = parts.pending;
        held = parts.held;
        witness = parts.witness;
        tally = parts.tally;
        log = parts.log;
        streams = parts.streams;
        long memory = bounds.newIncarnations() ? replica.memoryFingerprint() : 0;
        freshKey = Hash.add(hash(bounds.crashesMax() > 0), memory);
        key = Hash.add(freshKey, tally.crashes());
        view = new View(slot, replica.accepted(), log, disk, witness);
        Role role = replica.role();
        Ballot prepared = role == Role.PREPARING ? replica.promised() : Ballot.BOTTOM;
        live = Frame.rank(role == Role.LEADER ? replica.accepted() : prepared);
        settledAccepted = Frame.rank(disk.accepted);
        boolean mayCrash = tally.crashes() < WalkOptions.CRASHES_EACH_MAX && bounds.crashesMax() > 0;
        settledPromise = Frame.rank(mayCrash ? disk.promised : replica.promised());
        settledDecided = mayCrash ? disk.decided : replica.decided();
    }

    /** A decided hint matters only to a process that starts later, so without crashes it is left out. */
    private long hash(boolean hints) {
        long hash = Hash.add(Hash.add(slot, replica.fingerprint()), disk.key);
        hash = Hash.add(hash, hints ? disk.decided : 0);
        for (DiskImage image : pending) {
            hash = Hash.add(Hash.add(hash, image.key), hints ? image.decided : 0);
        }
        for (Held each : held) {
            hash = Hash.add(Hash.add(hash, each.sequence() - durableSequence), each.frame().key());
        }
        return Hash.add(Hash.add(hash, witness.key()), tally.key());
    }

    @Override
    public long key() {
        return key;
    }

    Parts parts() {
        return new Parts(slot, replica, durableSequence, disk, pending, held, witness, tally, log, streams);
    }

    /** What events of its own do; null when not yet computed. */
    Outcome @Nullable [] own() {
        return own;
    }

    void own(Outcome[] found) {
        own = found;
    }

    /** What the frames of an outbox do; null when not yet computed. */
    @Nullable
    Deliveries deliveries(Outbox box) {
        @Nullable
        Deliveries[] known = deliveries;
        return known[slot(known, box.key())];
    }

    synchronized void deliveries(Deliveries found) {
        @Nullable
        Deliveries[] known = deliveries;
        int at = slot(known, found.box());
        if (known[at] != null) {
            return;
        }
        known[at] = found;
        if (++deliveriesSize * 2 > known.length) {
            @Nullable
            Deliveries[] larger = new @Nullable Deliveries[known.length * 2];
            for (Deliveries each : known) {
                if (each != null) {
                    larger[slot(larger, each.box())] = each;
                }
            }
            deliveries = larger;
        }
    }

    private static int slot(@Nullable Deliveries[] known, long box) {
        int mask = known.length - 1;
        int at = (int) (box ^ box >>> 32) & mask;
        for (Deliveries there = known[at]; there != null && there.box() != box; there = known[at]) {
            at = (at + 1) & mask;
        }
        return at;
    }
}
