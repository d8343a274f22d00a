package dev.synod.simulation.walk;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.Envelope;
import dev.synod.paxos.Message;

/** A frame that some member sent, in the bytes of the real codec; equal frames are one object. */
final class Frame implements Keyed {
    /** Who has a use for a frame. */
    enum Use {
        /** Only whoever prepares or leads {@link Frame#ballot}. */
        OWNER,
        /** Only a follower, of the owner of {@link Frame#ballot}. */
        FOLLOWER,
        /** Anybody. */
        ANYBODY
    }

    /** Slot of the sender. */
    final int from;
    /** Slot of the receiver. */
    final int to;
    final byte[] bytes;
    final Envelope envelope;
    /** {@link #rank} of the ballot that the message is about, or of bottom. */
    final long ballot;
    final Use use;
    private final long key;

    Frame(int from, int to, byte[] bytes, Envelope envelope, long key) {
        this.from = from;
        this.to = to;
        this.bytes = bytes;
        this.envelope = envelope;
        this.key = key;
        this.ballot = rank(ballotOf(envelope.message()));
        this.use = useOf(envelope.message());
    }

    @Override
    public long key() {
        return key;
    }

    /** A number in the order of the ballots, for the small ballots of a walk. */
    static long rank(Ballot ballot) {
        return ((long) ballot.epoch() << Short.SIZE | ballot.round()) << Short.SIZE | ballot.member();
    }

    private static Ballot ballotOf(Message message) {
        return switch (message) {
            case Message.Prepare m -> m.ballot();
            case Message.Promise m -> m.ballot();
            case Message.Nack m -> m.refused();
            case Message.Sync m -> m.ballot();
            case Message.Accept m -> m.ballot();
            case Message.Accepted m -> m.ballot();
            case Message.Heartbeat m -> m.ballot();
            case Message.HeartbeatAck m -> m.ballot();
            case Message.PrepareRequest m -> m.ballot();
            case Message.Transfer m -> m.ballot();
            default -> Ballot.BOTTOM;
        };
    }

    private static Use useOf(Message message) {
        return switch (message) {
            case Message.Promise m -> Use.OWNER;
            case Message.Nack m -> Use.OWNER;
            case Message.Accepted m -> Use.OWNER;
            case Message.HeartbeatAck m -> Use.OWNER;
            case Message.PrepareRequest m -> Use.OWNER;
            case Message.Prepare m -> Use.FOLLOWER;
            case Message.Sync m -> Use.FOLLOWER;
            case Message.Accept m -> Use.FOLLOWER;
            case Message.Heartbeat m -> Use.FOLLOWER;
            case Message.Transfer m -> Use.FOLLOWER;
            default -> Use.ANYBODY;
        };
    }

    /**
     * Whether it may leave before a write of the same step is durable without anybody counting on that write.
     */
    boolean restsOnNothing() {
        return switch (envelope.message()) {
            case Message.Nack m -> true;
            case Message.PrepareRequest m -> true;
            case Message.Fetch m -> true;
            default -> false;
        };
    }

    @Override
    public String toString() {
        return Text.message(envelope);
    }
}
