package dev.synod.paxos;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Draws valid values of every kind, with a liking for the ends of their bounds. The same seed gives the same
 * values on every machine. What it draws is well-formed, not sensible: a ballot is a ballot, but nobody need
 * ever have owned it.
 */
public final class Generators {
    private static final int ENTRIES_MAX = 6;
    private static final int BODY_BYTES_MAX = 40;

    private final SeededRandom random;

    /** Draws from {@code random} from here on. */
    public Generators(SeededRandom random) {
        this.random = random;
    }

    /** A whole number from 0 to {@link ByteWriter#NATURAL_MAX}. */
    public long natural() {
        return switch (random.below(8)) {
            case 0 -> 0;
            case 1 -> 1;
            case 2 -> ByteWriter.NATURAL_MAX - random.below(2);
            case 3 -> random.nextLong() >>> (2 + random.below(60));
            default -> random.below(1_000);
        };
    }

    /** A whole number from 0 to {@link ByteWriter#NATURAL_INT_MAX}. */
    public int naturalInt() {
        return switch (random.below(8)) {
            case 0 -> 0;
            case 1 -> ByteWriter.NATURAL_INT_MAX;
            case 2 -> random.below(ByteWriter.NATURAL_INT_MAX);
            default -> random.below(10);
        };
    }

    /** Any 64 bits, small numbers among them. */
    public long number() {
        return random.chance(0.5) ? random.nextLong() : random.below(5) - 2;
    }

    /** Any 128 bits. */
    public UUID uuid() {
        return new UUID(random.nextLong(), random.nextLong());
    }

    /** The bottom ballot of some epoch, or one with an owner. */
    public Ballot ballot() {
        if (random.chance(0.2)) {
            return Ballot.bottomOf(naturalInt());
        }
        return new Ballot(naturalInt(), Math.max(1, natural()), Math.max(1, naturalInt()));
    }

    /** Of the first epoch or of any. */
    public Seal seal() {
        return random.chance(0.3) ? Seal.NONE : new Seal(natural(), ballot());
    }

    /** From none to {@code lengthMax} bytes. */
    public Bytes bytes(int lengthMax) {
        return bytesOf(random.below(lengthMax + 1));
    }

    private Bytes bytesOf(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) random.nextLong();
        }
        return Bytes.of(bytes);
    }

    /** From none to as many bytes as an address may have, of code points of every length. */
    public String address() {
        int bytesMax = random.chance(0.1) ? Configuration.ADDRESS_BYTES_MAX : random.below(24);
        StringBuilder address = new StringBuilder();
        while (true) {
            int before = address.length();
            address.appendCodePoint(codePoint());
            if (Utf8.length(address.toString()) > bytesMax) {
                address.setLength(before);
                return address.toString();
            }
        }
    }

    private int codePoint() {
        return switch (random.below(10)) {
            case 0 -> (int) random.between(0, 0x7F);
            case 1 -> (int) random.between(0x80, 0x7FF);
            case 2 -> (int) random.between(0x800, 0xD7FF);
            case 3 -> (int) random.between(0xE000, 0xFFFF);
            case 4 -> (int) random.between(0x10000, Character.MAX_CODE_POINT);
            default -> (int) random.between('a', 'z');
        };
    }

    /** Any quorums that meet among {@code voters} members, not majorities only. */
    public Quorums quorums(int voters) {
        int prepare = (int) random.between(1, voters);
        return new Quorums(
                prepare,
                (int) random.between(voters - prepare + 1, voters),
                (int) random.between(voters - prepare + 1, voters));
    }

    /** A configuration with voters, of an epoch from {@code epochMin} on. */
    public Configuration configuration(int epochMin) {
        int voters = (int) random.between(1, Configuration.VOTERS_MAX);
        int observers = random.chance(0.05) ? Configuration.OBSERVERS_MAX : random.below(4);
        boolean[] isVoter = new boolean[voters + observers];
        for (int i = 0; i < voters; i++) {
            int at = random.below(isVoter.length);
            while (isVoter[at]) {
                at = (at + 1) % isVoter.length;
            }
            isVoter[at] = true;
        }
        List<Member> votersInOrder = new ArrayList<>();
        List<Member> observersInOrder = new ArrayList<>();
        int number = 0;
        for (boolean voter : isVoter) {
            number += 1 + random.below(3);
            (voter ? votersInOrder : observersInOrder).add(new Member(number, uuid(), address()));
        }
        return new Configuration(
                Math.max(epochMin, naturalInt()),
                votersInOrder,
                observersInOrder,
                number + 1 + random.below(3),
                quorums(voters));
    }

    /** A reference to some snapshot. */
    public SnapshotRef snapshotRef() {
        return new SnapshotRef(natural(), natural(), bytesOf(Codec.DIGEST_BYTES));
    }

    /** Some snapshot. */
    public Snapshot snapshot() {
        return new Snapshot(snapshotRef(), configuration(0), seal());
    }

    /** A payload of any kind. */
    public Payload payload() {
        return switch (random.below(8)) {
            case 0 -> new Payload.LeaderStart();
            case 1 -> new Payload.StopSign(configuration(1));
            case 2 -> new Payload.AddObserver(uuid(), address());
            case 3 -> new Payload.RemoveObserver(uuid());
            default -> new Payload.Command(bytes(BODY_BYTES_MAX));
        };
    }

    /** An entry at {@code index}, from 1. */
    public Entry entry(long index) {
        return new Entry(index, ballot(), payload());
    }

    /**
     * {@code count} contiguous entries from {@code from} on; some neighbours share their ballot, as they
     * mostly do.
     */
    public List<Entry> entries(long from, int count) {
        List<Entry> entries = new ArrayList<>();
        Ballot ballot = ballot();
        for (int i = 0; i < count; i++) {
            ballot = random.chance(0.3) ? ballot() : ballot;
            entries.add(new Entry(from + i, ballot, payload()));
        }
        return entries;
    }

    private int count() {
        return random.below(ENTRIES_MAX + 1);
    }

    /** Leaves room above for the entries of one message. */
    private long index() {
        return Math.min(natural(), ByteWriter.NATURAL_MAX - ENTRIES_MAX);
    }

    /** A message of this type. */
    public Message message(int type) {
        return switch (type) {
            case MessageCodec.PROBE -> new Message.Probe(number());
            case MessageCodec.PROBE_REPLY -> new Message.ProbeReply(number(), random.chance(0.5), natural());
            case MessageCodec.PREPARE -> prepare();
            case MessageCodec.PROMISE -> promise();
            case MessageCodec.NACK -> new Message.Nack(ballot(), ballot());
            case MessageCodec.SYNC -> sync();
            case MessageCodec.ACCEPT -> accept();
            case MessageCodec.ACCEPTED -> new Message.Accepted(ballot(), natural(), natural());
            case MessageCodec.HEARTBEAT ->
                    new Message.Heartbeat(ballot(), natural(), natural(), natural(), natural());
            case MessageCodec.HEARTBEAT_ACK -> new Message.HeartbeatAck(ballot(), natural());
            case MessageCodec.PREPARE_REQUEST -> new Message.PrepareRequest(ballot());
            case MessageCodec.FETCH -> new Message.Fetch(natural(), random.chance(0.5));
            case MessageCodec.LOG_CHUNK -> new Message.LogChunk(entries(index() + 1, count()), natural());
            case MessageCodec.SNAPSHOT_OFFER -> new Message.SnapshotOffer(snapshotRef());
            case MessageCodec.CHUNK_REQUEST -> chunkRequest();
            case MessageCodec.CHUNK -> chunk();
            case MessageCodec.TRANSFER -> new Message.Transfer(ballot());
            case MessageCodec.READ_REQUEST -> new Message.ReadRequest(number());
            case MessageCodec.READ_REPLY ->
                    new Message.ReadReply(number(), random.chance(0.3) ? -1 : natural());
            case MessageCodec.SEALED ->
                    new Message.Sealed(configuration(1), random.chance(0.5), random.chance(0.5));
            case MessageCodec.REFUSED ->
                    new Message.Refused(natural(), number(), ballot(), ballot(), natural());
            default -> throw new IllegalArgumentException("no message has type " + type);
        };
    }

    private Message prepare() {
        return new Message.Prepare(
                ballot(), ballot(), natural(), natural(), natural(), random.chance(0.5) ? ballot() : null);
    }

    private Message promise() {
        long from = index() + 1;
        return new Message.Promise(
                ballot(),
                ballot(),
                natural(),
                natural(),
                natural(),
                random.chance(0.5) ? snapshotRef() : null,
                natural(),
                from,
                entries(from, count()));
    }

    private Message sync() {
        long from = index();
        int skipped = random.below(2);
        int count = random.below(ENTRIES_MAX - skipped);
        long through = Math.min(from + skipped + count + random.below(3), ByteWriter.NATURAL_MAX);
        return new Message.Sync(
                ballot(),
                natural(),
                from,
                random.chance(0.5) ? snapshotRef() : null,
                through,
                entries(from + skipped + 1, count),
                natural());
    }

    private Message accept() {
        long previous = index();
        return new Message.Accept(ballot(), natural(), previous, entries(previous + 1, count()), natural());
    }

    private Message chunkRequest() {
        SnapshotRef snapshot = snapshotRef();
        return new Message.ChunkRequest(snapshot, Math.min(natural(), snapshot.lengthBytes()));
    }

    private Message chunk() {
        SnapshotRef snapshot = snapshotRef();
        Bytes data = bytes((int) Math.min(BODY_BYTES_MAX, snapshot.lengthBytes()));
        return new Message.Chunk(snapshot, Math.min(natural(), snapshot.lengthBytes() - data.length()), data);
    }

    /** An envelope around a message of this type. */
    public Envelope envelope(int type) {
        return new Envelope(
                uuid(),
                uuid(),
                uuid(),
                natural(),
                number(),
                naturalInt(),
                seal(),
                ballot(),
                ballot(),
                natural(),
                message(type));
    }

    /** An envelope around a message of any type. */
    public Envelope envelope() {
        return envelope(random.below(Codec.TYPES));
    }
}
