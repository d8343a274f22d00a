package dev.synod.simulation.walk;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Codec;
import dev.synod.paxos.Envelope;
import java.util.Arrays;
import java.util.UUID;

/** The frames that a walk has met, and who the members are that send them. Safe for threads. */
final class Frames {
    static final UUID CLUSTER = new UUID(7, 7);

    private final Known<Frame> frames = new Known<>();

    static UUID uuid(int slot) {
        return new UUID(1, slot + 1);
    }

    static int slot(UUID uuid) {
        return (int) uuid.getLeastSignificantBits() - 1;
    }

    /**
     * The one frame with these bytes, or, unless there are {@code newIncarnations}, with any accepted ballot
     * and last index of the sender in its envelope: a receiver looks at these only when the sender's
     * incarnation is a new one.
     */
    Frame of(byte[] sent, boolean newIncarnations) {
        Envelope envelope = Codec.decode(sent);
        if (envelope == null) {
            throw new IllegalStateException("the core sent a frame that its codec refuses");
        }
        byte[] bytes = newIncarnations ? sent : Codec.encode(withoutLog(envelope));
        long key = Hash.of(bytes);
        Frame known = frames.get(key);
        if (known == null) {
            int from = slot(envelope.from());
            known = frames.putIfAbsent(new Frame(from, slot(envelope.to()), bytes, envelope, key));
        }
        if (!Arrays.equals(known.bytes, bytes)) {
            throw new IllegalStateException("two frames have one hash: " + known + " and another");
        }
        return known;
    }

    private static Envelope withoutLog(Envelope sent) {
        return new Envelope(sent.cluster(), sent.from(), sent.to(), sent.incarnation(), sent.nonce(),
                sent.addressee(),
                sent.epoch(), sent.seal(), sent.promised(), Ballot.bottomOf(sent.epoch()),
                sent.seal().index(), sent.message());
    }
}
