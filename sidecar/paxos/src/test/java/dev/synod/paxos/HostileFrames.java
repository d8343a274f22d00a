package dev.synod.paxos;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Draws frames that a lying or broken peer might send to a certain member: well-formed, from somebody that it
 * believes, with ballots, indexes, streams, epochs and seals close to its own, or as large as the wire
 * allows.
 */
final class HostileFrames {
    private static final int ENTRIES_MAX = 5;

    private final SeededRandom random;
    private final ScriptedGroup group;
    private final ScriptedMember target;
    private Replica replica;

    HostileFrames(SeededRandom random, ScriptedGroup group, ScriptedMember target, Replica replica) {
        this.random = random;
        this.group = group;
        this.target = target;
        this.replica = replica;
    }

    /** A frame for the target, of any type. */
    byte[] frame() {
        byte[] frame = null;
        while (frame == null) {
            frame = random.chance(0.25) ? tampered() : crafted();
        }
        return frame;
    }

    private byte @Nullable [] crafted() {
        try {
            return Codec.encode(envelope());
        } catch (IllegalArgumentException e) {
            return null; // beyond what the wire can say
        }
    }

    /** One that really was under way, with numbers overwritten. */
    private byte @Nullable [] tampered() {
        List<ScriptedGroup.Flight> network = group.network();
        if (network.isEmpty()) {
            return null;
        }
        byte[] frame = network.get(random.below(network.size())).frame().clone();
        for (int left = (int) random.between(0, 3); left > 0; left--) {
            int at = (int) random.between(72, frame.length - Long.BYTES);
            LittleEndian.putLong(frame, at, random.chance(0.7) ? index() : random.nextLong());
        }
        return Frames.withChecksum(frame);
    }

    private Envelope envelope() {
        Ballot ballot = ballot();
        // A Refused that is believed ends everything: seldom.
        int type = random.below(random.chance(0.03) ? Codec.TYPES : Codec.TYPES - 1);
        Message message = message(type, ballot);
        ScriptedMember from = sender(ballot);
        Ballot promised = random.chance(0.5) ? ballot : ballot();
        UUID sender = from == null ? new UUID(0, random.below(12)) : from.uuid();
        long incarnation = from == null || random.chance(0.03) ? random.below(4) : from.incarnation();
        long nonce = from == null || random.chance(0.02) ? random.below(10) : from.nonce();
        return new Envelope(
                random.chance(0.98) ? group.cluster() : new UUID(1, 1),
                sender,
                target.uuid(),
                incarnation,
                nonce,
                epoch(),
                seal(),
                promised,
                random.chance(0.5) ? ballot : ballot(),
                index(),
                message);
    }

    /** Mostly the owner of the ballot: others are not listened to. */
    private @Nullable ScriptedMember sender(Ballot ballot) {
        Member owner = replica.configuration().voterNumbered(ballot.member());
        for (ScriptedMember member : group.members()) {
            boolean owns = owner != null && member.uuid().equals(owner.uuid());
            if (owns && member != target && random.chance(0.7)) {
                return member;
            }
        }
        ScriptedMember any = group.members().get(random.below(group.members().size()));
        return any == target ? null : any;
    }

    // ---- numbers --------------------------------------------------------------------------------------

    private int epoch() {
        return switch (random.below(12)) {
            case 0 -> replica.epoch() + 2;
            case 1 -> Math.max(0, replica.epoch() - 1);
            case 2, 3 -> replica.epoch() + 1;
            case 4 -> random.chance(0.2) ? ByteWriter.NATURAL_INT_MAX : 0;
            default -> replica.epoch();
        };
    }

    long index() {
        long near = switch (random.below(8)) {
            case 0 -> replica.base();
            case 1, 2 -> replica.decided();
            case 3, 4 -> replica.last();
            case 5 -> replica.seal().index();
            case 6 -> random.chance(0.3) ? ByteWriter.NATURAL_MAX - random.below(8) : random.below(200);
            default -> 0;
        };
        return Math.min(ByteWriter.NATURAL_MAX, Math.max(0, near + random.below(5) - 2));
    }

    private long small() {
        return random.chance(0.05) ? ByteWriter.NATURAL_MAX : random.below(6);
    }

    Ballot ballot() {
        return switch (random.below(8)) {
            case 0, 1, 2 -> replica.promised();
            case 3 -> replica.accepted();
            case 4 -> replica.seal().ballot();
            case 5 -> Ballot.bottomOf(epoch());
            default -> {
                long near = replica.promised().round() + random.below(4) - 1;
                long round =
                        random.chance(0.04) ? ByteWriter.NATURAL_MAX - random.below(2) : Math.max(1, near);
                yield new Ballot(epoch(), round, 1 + random.below(7));
            }
        };
    }

    Seal seal() {
        return switch (random.below(5)) {
            case 0, 1 -> replica.seal();
            case 2 -> new Seal(replica.last(), replica.accepted());
            default -> new Seal(index(), ballot());
        };
    }

    // ---- values ---------------------------------------------------------------------------------------

    /** The next configuration, or one that cannot be. */
    Configuration configuration() {
        List<Member> voters = new ArrayList<>();
        List<Member> observers = new ArrayList<>();
        int number = 1;
        for (ScriptedMember member : group.members()) {
            int roll = random.below(3);
            if (roll < 2) {
                (roll == 0 ? voters : observers).add(new Member(number, member.uuid(), "m" + member.name()));
            }
            number += 1 + random.below(2);
        }
        int epoch = random.chance(0.7) ? replica.epoch() + 1 : epoch();
        if (random.chance(0.05)) {
            number = ByteWriter.NATURAL_INT_MAX - random.below(2);
        }
        return new Configuration(epoch, voters, observers, number, Quorums.majority(voters.size()));
    }

    private Payload payload() {
        int roll = random.below(20);
        if (roll < 2) {
            return new Payload.StopSign(configuration());
        }
        if (roll < 4) {
            return new Payload.AddObserver(new UUID(0, random.below(12)), "x");
        }
        if (roll < 6) {
            return new Payload.RemoveObserver(new UUID(0, random.below(12)));
        }
        return roll < 9
                ? Payload.LeaderStart.INSTANCE
                : new Payload.Command(Bytes.of(("h" + random.below(9)).getBytes(StandardCharsets.UTF_8)));
    }

    private List<Entry> entries(long first) {
        List<Entry> entries = new ArrayList<>();
        int count = random.below(ENTRIES_MAX + 1);
        for (int i = 0; i < count; i++) {
            long index = first + i;
            boolean held = index > replica.base() && index <= replica.last();
            entries.add(held && random.chance(0.7)
                    ? replica.entry(index)
                    : new Entry(index, ballot(), payload()));
        }
        return entries;
    }

    SnapshotRef snapshot() {
        ScriptedMember any = group.members().get(random.below(group.members().size()));
        Snapshot real = any.isUp() ? any.running().snapshot() : null;
        if (real != null && random.chance(0.5)) {
            return real.ref();
        }
        long length = random.chance(0.1) ? ByteWriter.NATURAL_MAX : random.below(40);
        return new SnapshotRef(index(), length, Bytes.of(new byte[Codec.DIGEST_BYTES]));
    }

    private @Nullable SnapshotRef snapshotOrNone() {
        return random.chance(0.4) ? snapshot() : null;
    }

    private Bytes data() {
        return Bytes.of(new byte[random.below(20)]);
    }

    // ---- messages -------------------------------------------------------------------------------------

    private Message message(int type, Ballot ballot) {
        return switch (type) {
            case MessageCodec.PROBE -> new Message.Probe(small());
            case MessageCodec.PROBE_REPLY -> new Message.ProbeReply(small(), random.chance(0.8), index());
            case MessageCodec.PREPARE ->
                    new Message.Prepare(
                            ballot, ballot(), index(), index(), random.chance(0.5) ? 0 : index(),
                            transferredBy());
            case MessageCodec.PROMISE -> promise(ballot);
            case MessageCodec.NACK -> new Message.Nack(ballot, ballot());
            case MessageCodec.SYNC -> sync(ballot);
            case MessageCodec.ACCEPT -> accept(ballot);
            case MessageCodec.ACCEPTED -> new Message.Accepted(ballot, small(), index());
            case MessageCodec.HEARTBEAT -> new Message.Heartbeat(ballot, small(), index(), small(), index());
            case MessageCodec.HEARTBEAT_ACK -> new Message.HeartbeatAck(ballot, small());
            case MessageCodec.PREPARE_REQUEST -> new Message.PrepareRequest(ballot);
            case MessageCodec.FETCH -> new Message.Fetch(index(), random.chance(0.2));
            case MessageCodec.LOG_CHUNK ->
                    new Message.LogChunk(
                            entries(random.chance(0.6) ? replica.decided() + 1 : index() + 1), index());
            case MessageCodec.SNAPSHOT_OFFER -> new Message.SnapshotOffer(snapshot());
            case MessageCodec.CHUNK_REQUEST -> new Message.ChunkRequest(snapshot(), small());
            case MessageCodec.CHUNK ->
                    new Message.Chunk(snapshot(), random.chance(0.5) ? 0 : small(), data());
            case MessageCodec.TRANSFER -> new Message.Transfer(ballot);
            case MessageCodec.READ_REQUEST -> new Message.ReadRequest(small());
            case MessageCodec.READ_REPLY -> new Message.ReadReply(small(), index());
            case MessageCodec.SEALED ->
                    new Message.Sealed(configuration(), random.chance(0.5), random.chance(0.5));
            default -> new Message.Refused(small(), small(), ballot, ballot(), index());
        };
    }

    private @Nullable Ballot transferredBy() {
        return random.chance(0.5) ? replica.promised() : null;
    }

    private Message promise(Ballot ballot) {
        if (random.chance(0.05)) {
            long end = random.chance(0.5) ? ByteWriter.NATURAL_MAX - random.below(2) : index();
            SnapshotRef there = new SnapshotRef(end, 0, Bytes.of(new byte[Codec.DIGEST_BYTES]));
            return new Message.Promise(ballot, ballot, end, end, end, there, small(), 0, List.of());
        }
        long first = random.chance(0.6) ? replica.decided() + 1 : index() + 1;
        return new Message.Promise(
                ballot, ballot(), index(), index(), index(), snapshotOrNone(), small(), first,
                entries(first));
    }

    private Message sync(Ballot ballot) {
        long from = index();
        List<Entry> entries = entries(from + 1);
        long through = from + entries.size() + (random.chance(0.8) ? 0 : small());
        return new Message.Sync(ballot, small(), from, snapshotOrNone(), through, entries, index());
    }

    private Message accept(Ballot ballot) {
        long previous = random.chance(0.6) ? replica.last() : index();
        return new Message.Accept(ballot, small(), previous, entries(previous + 1), index());
    }
}
