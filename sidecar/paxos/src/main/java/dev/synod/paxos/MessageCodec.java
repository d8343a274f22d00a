package dev.synod.paxos;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The form in bytes of what an envelope says. A message is its components in the order of its record: whole
 * numbers in eight bytes, a value that may be missing after a byte that says whether it is there, a list
 * after the number of its entries. Lists hold contiguous entries that begin where the message says.
 */
final class MessageCodec {
    /** The name of each type; its place is the number on the wire, so names are only ever appended. */
    static final List<String> NAMES = List.of(
            "Probe",
            "ProbeReply",
            "Prepare",
            "Promise",
            "Nack",
            "Sync",
            "Accept",
            "Accepted",
            "Heartbeat",
            "HeartbeatAck",
            "PrepareRequest",
            "Fetch",
            "LogChunk",
            "SnapshotOffer",
            "ChunkRequest",
            "Chunk",
            "Transfer",
            "ReadRequest",
            "ReadReply",
            "Sealed",
            "Refused");

    static final int PROBE = 0;
    static final int PROBE_REPLY = 1;
    static final int PREPARE = 2;
    static final int PROMISE = 3;
    static final int NACK = 4;
    static final int SYNC = 5;
    static final int ACCEPT = 6;
    static final int ACCEPTED = 7;
    static final int HEARTBEAT = 8;
    static final int HEARTBEAT_ACK = 9;
    static final int PREPARE_REQUEST = 10;
    static final int FETCH = 11;
    static final int LOG_CHUNK = 12;
    static final int SNAPSHOT_OFFER = 13;
    static final int CHUNK_REQUEST = 14;
    static final int CHUNK = 15;
    static final int TRANSFER = 16;
    static final int READ_REQUEST = 17;
    static final int READ_REPLY = 18;
    static final int SEALED = 19;
    static final int REFUSED = 20;
    static final int TYPES = 21;

    private static final int BALLOT = Codec.BALLOT_BYTES;
    private static final int NUMBER = Long.BYTES;
    private static final int FLAG = Byte.BYTES;

    private MessageCodec() {}

    /** How many bytes {@link #write} writes. The messages of the steady state come first, here and there. */
    static int bytesOf(Message message) {
        return switch (message) {
            case Message.Accept m -> BALLOT + 3 * NUMBER + bytesOf(m.entries());
            case Message.Accepted m -> BALLOT + 2 * NUMBER;
            case Message.Heartbeat m -> BALLOT + 4 * NUMBER;
            case Message.HeartbeatAck m -> BALLOT + NUMBER;
            case Message.ReadRequest m -> NUMBER;
            case Message.ReadReply m -> 2 * NUMBER;
            case Message.Sync m -> BALLOT + 4 * NUMBER + bytesOf(m.snapshot()) + bytesOf(m.entries());
            case Message.LogChunk m -> NUMBER + bytesOf(m.entries());
            case Message.Probe m -> NUMBER;
            case Message.ProbeReply m -> 2 * NUMBER + FLAG;
            case Message.Prepare m ->
                    2 * BALLOT + 3 * NUMBER + FLAG + (m.transferredBy() == null ? 0 : BALLOT);
            case Message.Promise m -> 2 * BALLOT + 5 * NUMBER + bytesOf(m.snapshot()) + bytesOf(m.suffix());
            case Message.Nack m -> 2 * BALLOT;
            case Message.PrepareRequest m -> BALLOT;
            case Message.Fetch m -> NUMBER + FLAG;
            case Message.SnapshotOffer m -> Codec.SNAPSHOT_REF_BYTES;
            case Message.ChunkRequest m -> Codec.SNAPSHOT_REF_BYTES + NUMBER;
            case Message.Chunk m -> Codec.SNAPSHOT_REF_BYTES + NUMBER + Integer.BYTES + m.data().length();
            case Message.Transfer m -> BALLOT;
            case Message.Sealed m -> Codec.bytesOf(m.next()) + 2 * FLAG;
            case Message.Refused m -> 2 * BALLOT + 3 * NUMBER;
        };
    }

    private static int bytesOf(@Nullable SnapshotRef snapshot) {
        return snapshot == null ? FLAG : FLAG + Codec.SNAPSHOT_REF_BYTES;
    }

    private static int bytesOf(List<Entry> entries) {
        int bytes = Integer.BYTES;
        for (int i = 0; i < entries.size(); i++) {
            bytes += Codec.bytesOf(entries.get(i));
        }
        return bytes;
    }

    /** Writes {@code message} and gives its type. */
    static int write(ByteWriter out, Message message) {
        return switch (message) {
            case Message.Accept m -> accept(out, m);
            case Message.Accepted m -> numbers(out, ACCEPTED, m.ballot(), m.stream(), m.upTo());
            case Message.Heartbeat m -> heartbeat(out, m);
            case Message.HeartbeatAck m -> numbers(out, HEARTBEAT_ACK, m.ballot(), m.readSequence());
            case Message.ReadRequest m -> id(out, READ_REQUEST, m.id());
            case Message.ReadReply m -> readReply(out, m);
            case Message.Sync m -> sync(out, m);
            case Message.LogChunk m -> logChunk(out, m);
            case Message.Probe m -> id(out, PROBE, m.id());
            case Message.ProbeReply m -> probeReply(out, m);
            case Message.Prepare m -> prepare(out, m);
            case Message.Promise m -> promise(out, m);
            case Message.Nack m -> nack(out, m);
            case Message.PrepareRequest m -> numbers(out, PREPARE_REQUEST, m.ballot());
            case Message.Fetch m -> fetch(out, m);
            case Message.SnapshotOffer m -> snapshotOffer(out, m);
            case Message.ChunkRequest m -> chunkRequest(out, m);
            case Message.Chunk m -> chunk(out, m);
            case Message.Transfer m -> numbers(out, TRANSFER, m.ballot());
            case Message.Sealed m -> sealed(out, m);
            case Message.Refused m -> refused(out, m);
        };
    }

    /**
     * Reads the message of this type.
     *
     * @param likely a ballot that those of the message are likely to equal
     * @throws MalformedException when the bytes are no such message
     */
    static Message read(ByteReader in, int type, Ballot likely) {
        return switch (type) {
            case PROBE -> new Message.Probe(in.readLong());
            case PROBE_REPLY -> new Message.ProbeReply(in.readLong(), in.readBoolean(), in.readNatural());
            case PREPARE -> readPrepare(in, likely);
            case PROMISE -> readPromise(in, likely);
            case NACK -> new Message.Nack(Codec.readBallot(in, likely), Codec.readBallot(in, likely));
            case SYNC -> readSync(in, likely);
            case ACCEPT -> readAccept(in, likely);
            case ACCEPTED ->
                    new Message.Accepted(Codec.readBallot(in, likely), in.readNatural(), in.readNatural());
            case HEARTBEAT -> readHeartbeat(in, likely);
            case HEARTBEAT_ACK -> new Message.HeartbeatAck(Codec.readBallot(in, likely), in.readNatural());
            case PREPARE_REQUEST -> new Message.PrepareRequest(Codec.readBallot(in, likely));
            case FETCH -> new Message.Fetch(in.readNatural(), in.readBoolean());
            case LOG_CHUNK -> new Message.LogChunk(readEntries(in, likely), in.readNatural());
            case SNAPSHOT_OFFER -> new Message.SnapshotOffer(Codec.readSnapshotRef(in));
            case CHUNK_REQUEST -> readChunkRequest(in);
            case CHUNK -> readChunk(in);
            case TRANSFER -> new Message.Transfer(Codec.readBallot(in, likely));
            case READ_REQUEST -> new Message.ReadRequest(in.readLong());
            case READ_REPLY -> new Message.ReadReply(in.readLong(), readIndexOrNone(in));
            case SEALED ->
                    new Message.Sealed(Codec.readNextConfiguration(in), in.readBoolean(), in.readBoolean());
            case REFUSED -> readRefused(in, likely);
            default -> throw new MalformedException("no such message");
        };
    }

    private static int id(ByteWriter out, int type, long id) {
        out.writeLong(id);
        return type;
    }

    private static int numbers(ByteWriter out, int type, Ballot ballot) {
        Codec.writeBallot(out, ballot);
        return type;
    }

    private static int numbers(ByteWriter out, int type, Ballot ballot, long number) {
        Codec.writeBallot(out, ballot);
        out.writeNatural(number);
        return type;
    }

    private static int numbers(ByteWriter out, int type, Ballot ballot, long first, long second) {
        Codec.writeBallot(out, ballot);
        out.writeNatural(first);
        out.writeNatural(second);
        return type;
    }

    private static int probeReply(ByteWriter out, Message.ProbeReply m) {
        out.writeLong(m.id());
        out.writeBoolean(m.granted());
        out.writeNatural(m.base());
        return PROBE_REPLY;
    }

    private static int prepare(ByteWriter out, Message.Prepare m) {
        Codec.writeBallot(out, m.ballot());
        Codec.writeBallot(out, m.accepted());
        out.writeNatural(m.last());
        out.writeNatural(m.decided());
        out.writeNatural(m.suffixFrom());
        Ballot transferredBy = m.transferredBy();
        out.writeBoolean(transferredBy != null);
        if (transferredBy != null) {
            Codec.writeBallot(out, transferredBy);
        }
        return PREPARE;
    }

    private static Message.Prepare readPrepare(ByteReader in, Ballot likely) {
        return new Message.Prepare(
                Codec.readBallot(in, likely),
                Codec.readBallot(in, likely),
                in.readNatural(),
                in.readNatural(),
                in.readNatural(),
                in.readBoolean() ? Codec.readBallot(in, likely) : null);
    }

    private static int promise(ByteWriter out, Message.Promise m) {
        require(beginAt(m.suffix(), m.suffixFrom()), m);
        Codec.writeBallot(out, m.ballot());
        Codec.writeBallot(out, m.accepted());
        out.writeNatural(m.last());
        out.writeNatural(m.decided());
        out.writeNatural(m.base());
        writeSnapshotRefOrNone(out, m.snapshot());
        out.writeNatural(m.stream());
        out.writeNatural(m.suffixFrom());
        writeEntries(out, m.suffix());
        return PROMISE;
    }

    private static Message.Promise readPromise(ByteReader in, Ballot likely) {
        Message.Promise m = new Message.Promise(
                Codec.readBallot(in, likely),
                Codec.readBallot(in, likely),
                in.readNatural(),
                in.readNatural(),
                in.readNatural(),
                readSnapshotRefOrNone(in),
                in.readNatural(),
                in.readNatural(),
                readEntries(in, likely));
        expect(beginAt(m.suffix(), m.suffixFrom()));
        return m;
    }

    private static int nack(ByteWriter out, Message.Nack m) {
        Codec.writeBallot(out, m.refused());
        Codec.writeBallot(out, m.promised());
        return NACK;
    }

    private static int sync(ByteWriter out, Message.Sync m) {
        require(lieWithin(m.entries(), m.from(), m.through()), m);
        Codec.writeBallot(out, m.ballot());
        out.writeNatural(m.stream());
        out.writeNatural(m.from());
        writeSnapshotRefOrNone(out, m.snapshot());
        out.writeNatural(m.through());
        writeEntries(out, m.entries());
        out.writeNatural(m.decided());
        return SYNC;
    }

    private static Message.Sync readSync(ByteReader in, Ballot likely) {
        Message.Sync m = new Message.Sync(
                Codec.readBallot(in, likely),
                in.readNatural(),
                in.readNatural(),
                readSnapshotRefOrNone(in),
                in.readNatural(),
                readEntries(in, likely),
                in.readNatural());
        expect(lieWithin(m.entries(), m.from(), m.through()));
        return m;
    }

    private static int accept(ByteWriter out, Message.Accept m) {
        require(beginAt(m.entries(), m.previous() + 1), m);
        Codec.writeBallot(out, m.ballot());
        out.writeNatural(m.stream());
        out.writeNatural(m.previous());
        writeEntries(out, m.entries());
        out.writeNatural(m.decided());
        return ACCEPT;
    }

    private static Message.Accept readAccept(ByteReader in, Ballot likely) {
        Message.Accept m = new Message.Accept(
                Codec.readBallot(in, likely),
                in.readNatural(),
                in.readNatural(),
                readEntries(in, likely),
                in.readNatural());
        expect(beginAt(m.entries(), m.previous() + 1));
        return m;
    }

    private static int heartbeat(ByteWriter out, Message.Heartbeat m) {
        Codec.writeBallot(out, m.ballot());
        out.writeNatural(m.readSequence());
        out.writeNatural(m.decided());
        out.writeNatural(m.stream());
        out.writeNatural(m.sent());
        return HEARTBEAT;
    }

    private static Message.Heartbeat readHeartbeat(ByteReader in, Ballot likely) {
        return new Message.Heartbeat(
                Codec.readBallot(in, likely),
                in.readNatural(),
                in.readNatural(),
                in.readNatural(),
                in.readNatural());
    }

    private static int fetch(ByteWriter out, Message.Fetch m) {
        out.writeNatural(m.from());
        out.writeBoolean(m.blank());
        return FETCH;
    }

    private static int logChunk(ByteWriter out, Message.LogChunk m) {
        writeEntries(out, m.entries());
        out.writeNatural(m.decided());
        return LOG_CHUNK;
    }

    private static int snapshotOffer(ByteWriter out, Message.SnapshotOffer m) {
        Codec.writeSnapshotRef(out, m.snapshot());
        return SNAPSHOT_OFFER;
    }

    private static int chunkRequest(ByteWriter out, Message.ChunkRequest m) {
        require(m.offsetBytes() <= m.snapshot().lengthBytes(), m);
        Codec.writeSnapshotRef(out, m.snapshot());
        out.writeNatural(m.offsetBytes());
        return CHUNK_REQUEST;
    }

    private static Message.ChunkRequest readChunkRequest(ByteReader in) {
        Message.ChunkRequest m = new Message.ChunkRequest(Codec.readSnapshotRef(in), in.readNatural());
        expect(m.offsetBytes() <= m.snapshot().lengthBytes());
        return m;
    }

    private static int chunk(ByteWriter out, Message.Chunk m) {
        require(m.offsetBytes() <= m.snapshot().lengthBytes() - m.data().length(), m);
        Codec.writeSnapshotRef(out, m.snapshot());
        out.writeNatural(m.offsetBytes());
        out.writeSizedBytes(m.data());
        return CHUNK;
    }

    private static Message.Chunk readChunk(ByteReader in) {
        Message.Chunk m =
                new Message.Chunk(Codec.readSnapshotRef(in), in.readNatural(), in.readSizedBytes());
        expect(m.offsetBytes() <= m.snapshot().lengthBytes() - m.data().length());
        return m;
    }

    private static int readReply(ByteWriter out, Message.ReadReply m) {
        out.writeLong(m.id());
        if (m.index() == -1) {
            out.writeLong(-1);
        } else {
            out.writeNatural(m.index());
        }
        return READ_REPLY;
    }

    private static long readIndexOrNone(ByteReader in) {
        long index = in.readLong();
        expect(index >= -1 && index <= ByteWriter.NATURAL_MAX);
        return index;
    }

    private static int sealed(ByteWriter out, Message.Sealed m) {
        Codec.writeNextConfiguration(out, m.next());
        out.writeBoolean(m.established());
        out.writeBoolean(m.campaign());
        return SEALED;
    }

    private static int refused(ByteWriter out, Message.Refused m) {
        out.writeNatural(m.incarnation());
        out.writeLong(m.nonce());
        Codec.writeBallot(out, m.promised());
        Codec.writeBallot(out, m.accepted());
        out.writeNatural(m.index());
        return REFUSED;
    }

    private static Message.Refused readRefused(ByteReader in, Ballot likely) {
        return new Message.Refused(
                in.readNatural(),
                in.readLong(),
                Codec.readBallot(in, likely),
                Codec.readBallot(in, likely),
                in.readNatural());
    }

    private static void writeSnapshotRefOrNone(ByteWriter out, @Nullable SnapshotRef snapshot) {
        out.writeBoolean(snapshot != null);
        if (snapshot != null) {
            Codec.writeSnapshotRef(out, snapshot);
        }
    }

    private static @Nullable SnapshotRef readSnapshotRefOrNone(ByteReader in) {
        return in.readBoolean() ? Codec.readSnapshotRef(in) : null;
    }

    private static void writeEntries(ByteWriter out, List<Entry> entries) {
        int count = entries.size();
        out.writeNaturalInt(count);
        for (int i = 0; i < count; i++) {
            Entry entry = entries.get(i);
            if (i > 0 && entry.index() != entries.get(i - 1).index() + 1) {
                throw new IllegalArgumentException(
                        "entry " + entry.index() + " after " + entries.get(i - 1).index());
            }
            Codec.writeEntry(out, entry);
        }
    }

    private static List<Entry> readEntries(ByteReader in, Ballot likely) {
        int count = in.readCount(Codec.ENTRY_BYTES_MIN);
        Entry[] entries = new Entry[count];
        Ballot ballot = likely;
        for (int i = 0; i < count; i++) {
            Entry entry = Codec.readEntry(in, ballot);
            // A hole here would become a hole in a log (I2, ZOOKEEPER-4925).
            expect(i == 0 || entry.index() == entries[i - 1].index() + 1);
            entries[i] = entry;
            ballot = entry.proposedAt();
        }
        return List.of(entries);
    }

    private static boolean beginAt(List<Entry> entries, long index) {
        return entries.isEmpty() || entries.get(0).index() == index;
    }

    private static boolean lieWithin(List<Entry> entries, long from, long through) {
        return entries.isEmpty()
                || (entries.get(0).index() > from && entries.get(entries.size() - 1).index() <= through);
    }

    private static void require(boolean holds, Message message) {
        if (!holds) {
            throw new IllegalArgumentException(message + " holds what lies outside the bounds it names");
        }
    }

    private static void expect(boolean holds) {
        if (!holds) {
            throw new MalformedException("out of place");
        }
    }
}
