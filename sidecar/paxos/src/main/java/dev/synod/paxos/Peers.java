package dev.synod.paxos;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What this process remembers of each peer: its newest incarnation and the highest state that it
 * acknowledged. It refuses processes that are not the newest with their identity, and volumes that forgot
 * what they once acknowledged (design §3, Identity). The memory is of this run only.
 */
final class Peers {
    /**
     * More peers than a cluster can have over its members' lifetimes between two restarts are not remembered.
     */
    private static final int REMEMBERED_MAX = 256;

    private static final class Memory {
        final UUID uuid;
        long incarnation;
        long nonce;
        Ballot promised = Ballot.BOTTOM;
        Ballot accepted = Ballot.BOTTOM;
        long index;

        Memory(UUID uuid, long incarnation, long nonce) {
            this.uuid = uuid;
            this.incarnation = incarnation;
            this.nonce = nonce;
        }

        Memory copy() {
            Memory copy = new Memory(uuid, incarnation, nonce);
            copy.promised = promised;
            copy.accepted = accepted;
            copy.index = index;
            return copy;
        }
    }

    private final Defects defects;
    private final List<Memory> memories = new ArrayList<>();

    Peers(Defects defects) {
        this.defects = defects;
    }

    Peers copy() {
        Peers copy = new Peers(defects);
        for (Memory memory : memories) {
            copy.memories.add(memory.copy());
        }
        return copy;
    }

    /**
     * Decides whether a peer's message may be believed.
     *
     * <p>An older incarnation, or another process with the same one, is refused. A new incarnation must show
     * at least what earlier ones acknowledged; the comparison is made only there, because within one
     * incarnation messages may overtake each other.
     *
     * @param configuration whose members are never forgotten to make room
     * @return null to go on; else what to answer the sender
     */
    Message.@Nullable Refused admit(Envelope envelope, Configuration configuration) {
        Memory memory = find(envelope.from());
        if (memory == null) {
            if (memories.size() >= REMEMBERED_MAX) {
                forgetStranger(configuration);
            }
            memories.add(new Memory(envelope.from(), envelope.incarnation(), envelope.nonce()));
            return null;
        }
        if (envelope.incarnation() < memory.incarnation) {
            return defects.has(Defect.M35_OLD_INCARNATION_BELIEVED) ? null : refused(memory);
        }
        if (envelope.incarnation() == memory.incarnation) {
            boolean same = envelope.nonce() == memory.nonce || defects.has(Defect.S05_NONCE_IGNORED);
            return same ? null : refused(memory);
        }
        if (forgot(memory, envelope) && !defects.has(Defect.S07_FORGOTTEN_STATE_BELIEVED)) {
            return refused(memory);
        }
        memory.incarnation = envelope.incarnation();
        memory.nonce = envelope.nonce();
        return null;
    }

    /** Makes room; whoever is a member is not forgotten, or made-up names would take its memory away. */
    private void forgetStranger(Configuration configuration) {
        for (int i = 0; i < memories.size(); i++) {
            if (configuration.member(memories.get(i).uuid) == null) {
                memories.remove(i);
                return;
            }
        }
        throw new InvariantViolation("I18", "every one of " + memories.size() + " peers is a member");
    }

    /** The nonce of the newest process that is known with this identity; 0 for none. */
    long nonceOf(UUID peer) {
        Memory memory = find(peer);
        return memory == null ? 0 : memory.nonce;
    }

    private static boolean forgot(Memory memory, Envelope envelope) {
        return envelope.promised().isBelow(memory.promised)
                || isBelow(envelope.accepted(), envelope.last(), memory.accepted, memory.index);
    }

    private static Message.Refused refused(Memory memory) {
        return new Message.Refused(
                memory.incarnation, memory.nonce, memory.promised, memory.accepted, memory.index);
    }

    /** Notes a promise that {@code peer} sent, and the log that it showed: both are on its disk. */
    void promised(UUID peer, Message.Promise promise) {
        Memory memory = find(peer);
        if (memory != null) {
            memory.promised = Ballot.max(memory.promised, promise.ballot());
        }
        acknowledged(peer, promise.accepted(), promise.last());
    }

    /** Notes an acknowledgement that {@code peer} sent, and so holds on its disk. */
    void acknowledged(UUID peer, Ballot ballot, long index) {
        Memory memory = find(peer);
        if (memory != null && isBelow(memory.accepted, memory.index, ballot, index)) {
            memory.accepted = ballot;
            memory.index = index;
            memory.promised = Ballot.max(memory.promised, ballot);
        }
    }

    private @Nullable Memory find(UUID uuid) {
        for (int i = 0; i < memories.size(); i++) {
            Memory memory = memories.get(i);
            if (memory.uuid.equals(uuid)) {
                return memory;
            }
        }
        return null;
    }

    /** Whether log (a, i) is below log (b, j): accepted ballot first, then length. */
    static boolean isBelow(Ballot a, long i, Ballot b, long j) {
        int order = a.compareTo(b);
        return order < 0 || (order == 0 && i < j);
    }

    /** What they acknowledged, in whatever order they were heard; see {@link Replica#memoryFingerprint}. */
    long memoryFingerprint() {
        long sum = 0;
        for (Memory memory : memories) {
            long one = Fingerprint.add(Fingerprint.add(0, memory.uuid), memory.index);
            sum += Fingerprint.add(Fingerprint.add(one, memory.promised), memory.accepted);
        }
        return sum;
    }

    /** Which processes are believed; what they acknowledged is apart, see {@link #memoryFingerprint}. */
    long fingerprint(long hash) {
        long sum = 0;
        for (Memory memory : memories) {
            long one = Fingerprint.add(Fingerprint.add(0, memory.uuid), memory.incarnation);
            sum += Fingerprint.add(one, memory.nonce); // in whatever order they were heard
        }
        return Fingerprint.add(hash, sum);
    }
}
