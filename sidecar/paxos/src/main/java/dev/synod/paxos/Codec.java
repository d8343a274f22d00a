package dev.synod.paxos;

import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The form in bytes of envelopes, and of the values that volumes keep too. All numbers are little-endian:
 *
 * <pre>
 * offset bytes
 *      0     2  format: 'S', 1
 *      2     1  type of the message
 *      3     1  flags: 0, for a later format
 *      4     4  CRC-32C of the whole frame without these four bytes
 *      8    48  cluster, from, to
 *     56    16  incarnation, nonce
 *     72     4  epoch
 *     76    24  seal: index, ballot
 *    100    32  promised, accepted: epoch 4, round 8, member 4
 *    132     8  last
 *    140        the message, see MessageCodec
 * </pre>
 *
 * The form is canonical: one envelope has one frame, and any other bytes are refused. A frame is not trusted:
 * {@link #decode} never throws, and what it allocates is a small multiple of the frame. Encoding a value that
 * a reader would refuse throws {@link IllegalArgumentException}: it is a bug of the caller. Safe for any
 * number of threads.
 */
public final class Codec {
    /** How many types of messages there are; types are numbers from 0. */
    public static final int TYPES = MessageCodec.TYPES;

    static final int FORMAT = 'S' | 1 << 8;
    static final int TYPE_AT = 2;
    static final int FLAGS_AT = 3;
    static final int CHECKSUM_AT = 4;
    static final int ENVELOPE_AT = 8;
    static final int MESSAGE_AT = 148;

    static final int BALLOT_BYTES = 16;
    static final int SEAL_BYTES = Long.BYTES + BALLOT_BYTES;
    static final int UUID_BYTES = 16;
    static final int DIGEST_BYTES = 32;
    static final int SNAPSHOT_REF_BYTES = 2 * Long.BYTES + DIGEST_BYTES;
    static final int ENTRY_BYTES_MIN = Long.BYTES + BALLOT_BYTES + Byte.BYTES;

    private static final int MEMBER_BYTES_MIN = Integer.BYTES + UUID_BYTES + Short.BYTES;
    private static final int CONFIGURATION_BYTES_MIN = 2 * Integer.BYTES + 5;

    private static final int LEADER_START = 1;
    private static final int COMMAND = 2;
    private static final int STOP_SIGN = 3;
    private static final int ADD_OBSERVER = 4;
    private static final int REMOVE_OBSERVER = 5;

    private Codec() {}

    /**
     * The frame of {@code envelope}.
     *
     * @throws IllegalArgumentException when a value of it breaks a bound, so that no peer would take the
     *     frame
     */
    public static byte[] encode(Envelope envelope) {
        Message message = envelope.message();
        ByteWriter out = new ByteWriter(MESSAGE_AT + MessageCodec.bytesOf(message));
        out.writeShort(FORMAT);
        out.writeShort(0);
        out.writeInt(0);
        out.writeUuid(envelope.cluster());
        out.writeUuid(envelope.from());
        out.writeUuid(envelope.to());
        out.writeNatural(envelope.incarnation());
        out.writeLong(envelope.nonce());
        out.writeLong(envelope.addressee());
        out.writeNaturalInt(envelope.epoch());
        writeSeal(out, envelope.seal());
        writeBallot(out, envelope.promised());
        writeBallot(out, envelope.accepted());
        out.writeNatural(envelope.last());
        out.setByte(TYPE_AT, MessageCodec.write(out, message));
        out.setInt(CHECKSUM_AT, checksum(out.array(), out.size()));
        return out.toArray();
    }

    /**
     * The envelope whose frame this is, or null when it is nobody's. For equal envelopes {@link #encode}
     * gives these very bytes again. Who may have sent it is not looked at.
     */
    public static @Nullable Envelope decode(byte[] frame) {
        int type = typeOf(frame);
        if (type < 0 || LittleEndian.getInt(frame, CHECKSUM_AT) != checksum(frame, frame.length)) {
            return null;
        }
        try {
            ByteReader in = new ByteReader(frame, ENVELOPE_AT, frame.length);
            Envelope envelope = readEnvelope(in, type);
            in.expectEnd();
            return envelope;
        } catch (MalformedException e) {
            return null;
        }
    }

    private static Envelope readEnvelope(ByteReader in, int type) {
        UUID cluster = in.readUuid();
        UUID from = in.readUuid();
        UUID to = in.readUuid();
        long incarnation = in.readNatural();
        long nonce = in.readLong();
        long addressee = in.readLong();
        int epoch = in.readNaturalInt();
        Seal seal = readSeal(in);
        Ballot promised = readBallot(in);
        Ballot accepted = readBallot(in, promised);
        long last = in.readNatural();
        Message message = MessageCodec.read(in, type, promised);
        return new Envelope(
                cluster, from, to, incarnation, nonce, addressee, epoch, seal, promised, accepted, last,
                message);
    }

    /**
     * The type of what looks like a frame, without decoding it; -1 for anything else. For counting what
     * passes by.
     */
    public static int typeOf(byte[] frame) {
        if (frame.length < MESSAGE_AT || LittleEndian.getShort(frame, 0) != FORMAT || frame[FLAGS_AT] != 0) {
            return -1;
        }
        int type = frame[TYPE_AT];
        return type < TYPES ? type : -1;
    }

    /**
     * The name of the message of this type, such as {@code Prepare}.
     *
     * @throws IndexOutOfBoundsException for a number that is no type
     */
    public static String typeName(int type) {
        return MessageCodec.NAMES.get(type);
    }

    static int checksum(byte[] frame, int size) {
        CRC32C crc = new CRC32C();
        crc.update(frame, 0, CHECKSUM_AT);
        crc.update(frame, ENVELOPE_AT, size - ENVELOPE_AT);
        return (int) crc.getValue();
    }

    /** Writes a ballot: 16 bytes. */
    public static void writeBallot(ByteWriter out, Ballot ballot) {
        if (!isBallot(ballot.round(), ballot.member())) {
            throw new IllegalArgumentException(ballot + " is neither a bottom ballot nor has it an owner");
        }
        out.writeNaturalInt(ballot.epoch());
        out.writeNatural(ballot.round());
        out.writeNaturalInt(ballot.member());
    }

    /** Reads a ballot; throws {@link MalformedException}, as every method here that reads. */
    public static Ballot readBallot(ByteReader in) {
        return readBallot(in, Ballot.BOTTOM);
    }

    /** Reads a ballot, and gives {@code likely} for an equal one: most ballots of a frame are the same. */
    static Ballot readBallot(ByteReader in, Ballot likely) {
        int epoch = in.readNaturalInt();
        long round = in.readNatural();
        int member = in.readNaturalInt();
        if (!isBallot(round, member)) {
            throw new MalformedException("a ballot with half an owner");
        }
        boolean same = epoch == likely.epoch() && round == likely.round() && member == likely.member();
        return same ? likely : new Ballot(epoch, round, member);
    }

    /** Only the bottom ballot of an epoch has no owner and no round. */
    private static boolean isBallot(long round, int member) {
        return (round == 0) == (member == 0);
    }

    /** Writes a seal: 24 bytes. */
    public static void writeSeal(ByteWriter out, Seal seal) {
        out.writeNatural(seal.index());
        writeBallot(out, seal.ballot());
    }

    /** Reads a seal. */
    public static Seal readSeal(ByteReader in) {
        long index = in.readNatural();
        Ballot ballot = readBallot(in);
        return index == 0 && ballot.equals(Ballot.BOTTOM) ? Seal.NONE : new Seal(index, ballot);
    }

    /**
     * Whether peers would take this address: it has a form in UTF-8, of
     * {@link Configuration#ADDRESS_BYTES_MAX} at most.
     */
    public static boolean isAddress(String address) {
        int bytes = Utf8.length(address);
        return bytes >= 0 && bytes <= Configuration.ADDRESS_BYTES_MAX;
    }

    /** Writes a member: at most 278 bytes. */
    public static void writeMember(ByteWriter out, Member member) {
        if (member.number() < 1) {
            throw new IllegalArgumentException("member number " + member.number() + " is below 1");
        }
        out.writeNaturalInt(member.number());
        out.writeUuid(member.uuid());
        out.writeText(member.address(), Configuration.ADDRESS_BYTES_MAX);
    }

    /** Reads a member. */
    public static Member readMember(ByteReader in) {
        int number = in.readNaturalInt();
        if (number == 0) {
            throw new MalformedException("members are numbered from 1");
        }
        return new Member(number, in.readUuid(), in.readText(Configuration.ADDRESS_BYTES_MAX));
    }

    /** Writes a configuration, {@link Configuration#NONE} too: at most 20 KB. */
    public static void writeConfiguration(ByteWriter out, Configuration configuration) {
        if (configuration.voters().isEmpty() && !configuration.equals(Configuration.NONE)) {
            throw new IllegalArgumentException("only Configuration.NONE has no voters");
        }
        out.writeNaturalInt(configuration.epoch());
        out.writeNaturalInt(configuration.nextNumber());
        out.writeByte(configuration.quorums().prepare());
        out.writeByte(configuration.quorums().accept());
        out.writeByte(configuration.quorums().read());
        writeMembers(out, configuration.voters());
        writeMembers(out, configuration.observers());
    }

    private static void writeMembers(ByteWriter out, List<Member> members) {
        out.writeByte(members.size());
        for (int i = 0; i < members.size(); i++) {
            writeMember(out, members.get(i));
        }
    }

    /** Reads a configuration: {@link Configuration#NONE} or a valid one (I11). */
    public static Configuration readConfiguration(ByteReader in) {
        int epoch = in.readNaturalInt();
        int nextNumber = in.readNaturalInt();
        Quorums quorums = new Quorums(in.readByte(), in.readByte(), in.readByte());
        List<Member> voters = readMembers(in);
        List<Member> observers = readMembers(in);
        Configuration configuration;
        try {
            configuration = new Configuration(epoch, voters, observers, nextNumber, quorums);
        } catch (IllegalArgumentException e) {
            throw new MalformedException("not a valid configuration");
        }
        if (!voters.isEmpty()) {
            return configuration;
        }
        if (!configuration.equals(Configuration.NONE)) {
            throw new MalformedException("a configuration without voters");
        }
        return Configuration.NONE;
    }

    private static List<Member> readMembers(ByteReader in) {
        int count = in.readByte();
        if (count > in.remaining() / MEMBER_BYTES_MIN) {
            throw new MalformedException("more members announced than bytes are left for");
        }
        Member[] members = new Member[count];
        for (int i = 0; i < count; i++) {
            members[i] = readMember(in);
        }
        return List.of(members);
    }

    /** Writes a reference to a snapshot: 48 bytes. */
    public static void writeSnapshotRef(ByteWriter out, SnapshotRef snapshot) {
        if (snapshot.digest().length() != DIGEST_BYTES) {
            throw new IllegalArgumentException("a digest of " + snapshot.digest() + ", not " + DIGEST_BYTES);
        }
        out.writeNatural(snapshot.index());
        out.writeNatural(snapshot.lengthBytes());
        out.writeBytes(snapshot.digest());
    }

    /** Reads a reference to a snapshot. */
    public static SnapshotRef readSnapshotRef(ByteReader in) {
        return new SnapshotRef(in.readNatural(), in.readNatural(), in.readBytes(DIGEST_BYTES));
    }

    /** Writes what a snapshot is of; not the snapshot's own bytes. */
    public static void writeSnapshot(ByteWriter out, Snapshot snapshot) {
        writeSnapshotRef(out, snapshot.ref());
        writeConfiguration(out, snapshot.configuration());
        writeSeal(out, snapshot.seal());
    }

    /** Reads what a snapshot is of. */
    public static Snapshot readSnapshot(ByteReader in) {
        return new Snapshot(readSnapshotRef(in), readConfiguration(in), readSeal(in));
    }

    /** Writes an entry: 25 bytes and its payload's own. */
    public static void writeEntry(ByteWriter out, Entry entry) {
        if (entry.index() < 1) {
            throw new IllegalArgumentException("entry index " + entry.index() + " is below 1");
        }
        out.writeNatural(entry.index());
        writeBallot(out, entry.proposedAt());
        writePayload(out, entry.payload());
    }

    /** Reads an entry. */
    public static Entry readEntry(ByteReader in) {
        return readEntry(in, Ballot.BOTTOM);
    }

    static Entry readEntry(ByteReader in, Ballot likely) {
        long index = in.readNatural();
        if (index == 0) {
            throw new MalformedException("entries are numbered from 1");
        }
        Ballot proposedAt = readBallot(in, likely);
        return new Entry(index, proposedAt, readPayload(in));
    }

    /** Writes a payload: one byte for its kind, and its own. */
    public static void writePayload(ByteWriter out, Payload payload) {
        switch (payload) {
            case Payload.Command command -> {
                out.writeByte(COMMAND);
                out.writeSizedBytes(command.body());
            }
            case Payload.LeaderStart start -> out.writeByte(LEADER_START);
            case Payload.StopSign stop -> {
                out.writeByte(STOP_SIGN);
                writeNextConfiguration(out, stop.next());
            }
            case Payload.AddObserver add -> {
                out.writeByte(ADD_OBSERVER);
                out.writeUuid(add.uuid());
                out.writeText(add.address(), Configuration.ADDRESS_BYTES_MAX);
            }
            case Payload.RemoveObserver remove -> {
                out.writeByte(REMOVE_OBSERVER);
                out.writeUuid(remove.uuid());
            }
        }
    }

    /** Reads a payload. */
    public static Payload readPayload(ByteReader in) {
        return switch (in.readByte()) {
            case COMMAND -> new Payload.Command(in.readSizedBytes());
            case LEADER_START -> Payload.LeaderStart.INSTANCE;
            case STOP_SIGN -> new Payload.StopSign(readNextConfiguration(in));
            case ADD_OBSERVER ->
                    new Payload.AddObserver(in.readUuid(), in.readText(Configuration.ADDRESS_BYTES_MAX));
            case REMOVE_OBSERVER -> new Payload.RemoveObserver(in.readUuid());
            default -> throw new MalformedException("no such payload");
        };
    }

    /** Writes the configuration of an epoch that another one ended for; so it is not NONE either. */
    static void writeNextConfiguration(ByteWriter out, Configuration next) {
        if (next.epoch() < 1) {
            throw new IllegalArgumentException(
                    "the configuration of epoch " + next.epoch() + " follows no other");
        }
        writeConfiguration(out, next);
    }

    static Configuration readNextConfiguration(ByteReader in) {
        Configuration next = readConfiguration(in);
        if (next.epoch() < 1) {
            throw new MalformedException("a configuration that follows no other");
        }
        return next;
    }

    /** How many bytes {@link #writeEntry} writes. */
    public static int bytesOf(Entry entry) {
        return ENTRY_BYTES_MIN
                + switch (entry.payload()) {
                    case Payload.Command command -> Integer.BYTES + command.body().length();
                    case Payload.LeaderStart start -> 0;
                    case Payload.StopSign stop -> bytesOf(stop.next());
                    case Payload.AddObserver add ->
                            UUID_BYTES + Short.BYTES + Math.max(Utf8.length(add.address()), 0);
                    case Payload.RemoveObserver remove -> UUID_BYTES;
                };
    }

    /** How many bytes {@link #writeConfiguration} writes. */
    public static int bytesOf(Configuration configuration) {
        return CONFIGURATION_BYTES_MIN + bytesOf(configuration.voters()) + bytesOf(configuration.observers());
    }

    private static int bytesOf(List<Member> members) {
        int bytes = 0;
        for (int i = 0; i < members.size(); i++) {
            bytes += MEMBER_BYTES_MIN + Math.max(Utf8.length(members.get(i).address()), 0);
        }
        return bytes;
    }
}
