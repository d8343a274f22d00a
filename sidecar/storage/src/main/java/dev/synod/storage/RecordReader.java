package dev.synod.storage;

import static dev.synod.storage.RecordFormat.aligned;

import dev.synod.paxos.Ballot;
import dev.synod.paxos.ByteReader;
import dev.synod.paxos.Codec;
import dev.synod.paxos.Configuration;
import dev.synod.paxos.Defect;
import dev.synod.paxos.Defects;
import dev.synod.paxos.Entry;
import dev.synod.paxos.MalformedException;
import dev.synod.paxos.Seal;
import dev.synod.paxos.Snapshot;
import dev.synod.paxos.WalRecord;

/**
 * Finds and decodes the records of one segment; see {@link RecordFormat}. Any bytes may be handed in.
 */
final class RecordReader {
    /** The closing record of a batch. */
    record Commit(long ordinal, long batch, int bytes, int chain) {}

    private final Defects defects;
    private final RecordFormat format;
    private final String name;
    private final long sequence;
    private final byte[] bytes;

    RecordReader(Identity owner, Defects defects, String name, long sequence, byte[] bytes) {
        this.defects = defects;
        this.format = new RecordFormat(owner.cluster(), owner.member(), defects);
        this.name = name;
        this.sequence = sequence;
        this.bytes = bytes;
    }

    /** Size with padding of the intact record at {@code at}; 0 when there is none. */
    int sizeAt(int at) {
        if (at > bytes.length - RecordFormat.HEADER_BYTES || typeAt(at) < RecordFormat.STATE) {
            return 0;
        }
        int length = new ByteReader(bytes, at, bytes.length).readInt();
        if (length < 0 || length > bytes.length - at - RecordFormat.HEADER_BYTES) {
            return 0;
        }
        int size = aligned(RecordFormat.HEADER_BYTES + length);
        if (size > bytes.length - at) {
            return 0;
        }
        boolean intact = checksumAt(at) == format.checksum(bytes, at, size, sequence, at);
        return intact || defects.has(Defect.M17_CHECKSUM_IGNORED) ? size : 0;
    }

    int typeAt(int at) {
        return bytes[at + RecordFormat.TYPE_AT];
    }

    int checksumAt(int at) {
        return new ByteReader(bytes, at + RecordFormat.CHECKSUM_AT, bytes.length).readInt();
    }

    /** Whether the bytes at {@code at} could begin a COMMIT: a first look that costs little. */
    boolean resemblesCommit(int at) {
        return at <= bytes.length - RecordFormat.COMMIT_BYTES
                && bytes[at] == RecordFormat.COMMIT_PAYLOAD_BYTES
                && typeAt(at) == RecordFormat.COMMIT;
    }

    /** Decodes the COMMIT at {@code at}, whose checksum held. */
    Commit commitAt(int at) throws DamagedException {
        try {
            ByteReader in = new ByteReader(bytes, at, bytes.length);
            int length = length(in, at);
            long ordinal = in.readNatural();
            Codec.readBallot(in);
            in.readInt();
            if (length != RecordFormat.COMMIT_PAYLOAD_BYTES) {
                throw new MalformedException("a COMMIT of " + length + " bytes");
            }
            return new Commit(ordinal, in.readNatural(), in.readNaturalInt(), in.readInt());
        } catch (MalformedException e) {
            throw undecodable(at, e);
        }
    }

    private int length(ByteReader in, int at) {
        int length = in.readNaturalInt();
        in.readByte();
        int version = in.readByte();
        in.readShort();
        if (version != RecordFormat.VERSION) {
            throw new MalformedException(
                    "version " + version + ", this program knows " + RecordFormat.VERSION);
        }
        if (length > bytes.length - at - RecordFormat.HEADER_BYTES) {
            throw new MalformedException("cut short");
        }
        return length;
    }

    /** Decodes the record at {@code at}, no COMMIT, whose checksum held. */
    LogRecord recordAt(int at) throws DamagedException {
        try {
            ByteReader header = new ByteReader(bytes, at, bytes.length);
            int length = length(header, at);
            long index = header.readNatural();
            Ballot ballot = Codec.readBallot(header);
            int from = at + RecordFormat.HEADER_BYTES;
            ByteReader in = new ByteReader(bytes, from, from + length);
            LogRecord record = typeAt(at) == RecordFormat.STATE
                    ? new LogRecord.Opening(state(in, index, ballot))
                    : new LogRecord.Change(change(in, typeAt(at), index, ballot));
            in.expectEnd();
            return record;
        } catch (MalformedException e) {
            throw undecodable(at, e);
        }
    }

    private static State state(ByteReader in, long last, Ballot promised) {
        boolean activated = in.readBoolean();
        Ballot accepted = Codec.readBallot(in);
        Seal seal = Codec.readSeal(in);
        long base = in.readNatural();
        long decided = in.readNatural();
        Configuration configuration = Codec.readConfiguration(in);
        long configurationIndex = in.readNatural();
        Snapshot snapshot = in.readBoolean() ? Codec.readSnapshot(in) : null;
        if (base > last || (snapshot == null ? 0 : snapshot.index()) < base) {
            throw new MalformedException(
                    "a log from " + base + " to " + last + " that no snapshot leads up to");
        }
        return new State(
                activated,
                promised,
                accepted,
                seal,
                configuration,
                configurationIndex,
                snapshot,
                base,
                last,
                decided);
    }

    private static WalRecord change(ByteReader in, int type, long index, Ballot ballot) {
        return switch (type) {
            case RecordFormat.ENTRY ->
                    new WalRecord.Appended(new Entry(index, ballot, Codec.readPayload(in)));
            case RecordFormat.PROMISE -> new WalRecord.Promised(ballot);
            case RecordFormat.SYNC -> new WalRecord.Adopted(ballot, in.readNatural(), index);
            case RecordFormat.DECIDED -> new WalRecord.Decided(index);
            case RecordFormat.TAKEN -> new WalRecord.SnapshotTaken(Codec.readSnapshot(in), index);
            case RecordFormat.INSTALLED -> new WalRecord.SnapshotInstalled(Codec.readSnapshot(in));
            case RecordFormat.EPOCH ->
                    new WalRecord.EpochEntered(Codec.readConfiguration(in), Codec.readSeal(in), index);
            case RecordFormat.ACTIVATED -> new WalRecord.Activated();
            default -> throw new MalformedException("type " + type + " is unknown");
        };
    }

    /** The index in the header of the record at {@code at}. */
    long indexAt(int at) {
        return new ByteReader(bytes, at + RecordFormat.TYPE_AT + Integer.BYTES, bytes.length).readLong();
    }

    private DamagedException undecodable(int at, MalformedException e) {
        return new DamagedException(
                "the record at " + at + " of " + name + " is intact but cannot be decoded: " + e.getMessage(),
                e);
    }
}
