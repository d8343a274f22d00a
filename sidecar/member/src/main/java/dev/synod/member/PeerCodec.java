package dev.synod.member;

import dev.synod.member.PeerMessage.SessionRef;
import dev.synod.paxos.Ballot;
import dev.synod.paxos.ByteReader;
import dev.synod.paxos.ByteWriter;
import dev.synod.paxos.Bytes;
import dev.synod.paxos.MalformedException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The form in bytes of {@link PeerMessage}s. All numbers are little-endian:
 *
 * <pre>
 * offset bytes
 *      0     2  format: 'M', 1; a frame of the protocol begins with 'S'
 *      2     1  type of the message
 *      3     1  0, for a later format
 *      4     4  CRC-32C of the whole frame without these four bytes
 *      8    48  cluster, from, to
 *     56        the message
 * </pre>
 *
 * A frame is not trusted: {@link #decode} never throws, and what it allocates is a small multiple of the
 * frame.
 */
final class PeerCodec {
    /** Names of the types, by number; for counts. */
    static final List<String> TYPES =
            List.of("FORWARD", "FORWARDED", "RENEW", "RENEWED", "DEPARTED", "STATE_DIGEST");

    private static final int FORMAT = 'M' | 1 << 8;
    private static final int TYPE_AT = 2;
    private static final int CHECKSUM_AT = 4;
    private static final int CHECKED_AT = 8;
    private static final int MESSAGE_AT = 56;
    private static final int SESSION_BYTES = 2 * Long.BYTES;
    private static final int OUTCOME_BYTES_MIN = 3 * Long.BYTES + Integer.BYTES + 2;
    private static final int NO_FAILURE = 0xFF;

    /** A message with its ends. */
    record Framed(UUID cluster, UUID from, UUID to, PeerMessage message) {}

    private PeerCodec() {}

    /** Whether {@code frame} is of this form; others are the protocol's. */
    static boolean isOfMember(byte[] frame) {
        return frame.length >= MESSAGE_AT && frame[0] == 'M' && frame[1] == 1;
    }

    /** Number of the type of a frame that {@link #isOfMember}; it may be out of range. */
    static int typeOf(byte[] frame) {
        return frame[TYPE_AT] & 0xFF;
    }

    static byte[] encode(Framed framed) {
        ByteWriter out = new ByteWriter(256);
        out.writeShort(FORMAT);
        out.writeByte(numberOf(framed.message()));
        out.writeByte(0);
        out.writeInt(0);
        out.writeUuid(framed.cluster());
        out.writeUuid(framed.from());
        out.writeUuid(framed.to());
        write(out, framed.message());
        return resealed(out.toArray());
    }

    /** {@code frame} with the checksum that belongs to its bytes. */
    static byte[] resealed(byte[] frame) {
        ByteWriter out = new ByteWriter(frame.length);
        out.writeBytes(frame, 0, frame.length);
        out.setInt(CHECKSUM_AT, checksum(frame));
        return out.toArray();
    }

    /** Null for whatever is damaged or unknown. */
    static @Nullable Framed decode(byte[] frame) {
        if (!isOfMember(frame)) {
            return null;
        }
        try {
            ByteReader in = new ByteReader(frame);
            in.readInt();
            if (in.readInt() != checksum(frame)) {
                return null;
            }
            Framed framed = new Framed(in.readUuid(), in.readUuid(), in.readUuid(), read(in, typeOf(frame)));
            in.expectEnd();
            return framed;
        } catch (MalformedException e) {
            return null;
        }
    }

    private static int checksum(byte[] frame) {
        CRC32C crc = new CRC32C();
        crc.update(frame, 0, CHECKSUM_AT);
        crc.update(frame, CHECKED_AT, frame.length - CHECKED_AT);
        return (int) crc.getValue();
    }

    private static int numberOf(PeerMessage message) {
        return switch (message) {
            case PeerMessage.Forward m -> 0;
            case PeerMessage.Forwarded m -> 1;
            case PeerMessage.Renew m -> 2;
            case PeerMessage.Renewed m -> 3;
            case PeerMessage.Departed m -> 4;
            case PeerMessage.Digest m -> 5;
        };
    }

    private static void write(ByteWriter out, PeerMessage message) {
        switch (message) {
            case PeerMessage.Forward m -> {
                out.writeLong(m.nonce());
                out.writeLong(m.firstId());
                writeBallot(out, m.term());
                out.writeNaturalInt(m.commands().size());
                m.commands().forEach(out::writeSizedBytes);
            }
            case PeerMessage.Forwarded m -> {
                out.writeLong(m.nonce());
                out.writeNaturalInt(m.outcomes().size());
                m.outcomes().forEach(outcome -> writeOutcome(out, outcome));
            }
            case PeerMessage.Renew m -> {
                out.writeLong(m.nonce());
                out.writeLong(m.id());
                writeSessions(out, m.sessions());
            }
            case PeerMessage.Renewed m -> {
                out.writeLong(m.nonce());
                out.writeLong(m.id());
                out.writeNaturalInt(m.withheld().size());
                m.withheld().forEach(out::writeLong);
            }
            case PeerMessage.Departed m -> writeSessions(out, m.sessions());
            case PeerMessage.Digest m -> {
                out.writeNaturalInt(m.form());
                out.writeNatural(m.index());
                out.writeLong(m.digest());
            }
        }
    }

    private static PeerMessage read(ByteReader in, int type) {
        return switch (type) {
            case 0 -> new PeerMessage.Forward(in.readLong(), in.readLong(), readBallot(in), readCommands(in));
            case 1 -> new PeerMessage.Forwarded(in.readLong(), readOutcomes(in));
            case 2 -> new PeerMessage.Renew(in.readLong(), in.readLong(), readSessions(in));
            case 3 -> new PeerMessage.Renewed(in.readLong(), in.readLong(), readLongs(in));
            case 4 -> new PeerMessage.Departed(readSessions(in));
            case 5 -> new PeerMessage.Digest(in.readNaturalInt(), in.readNatural(), in.readLong());
            default -> throw new MalformedException("no such type: " + type);
        };
    }

    private static List<Bytes> readCommands(ByteReader in) {
        int count = in.readCount(Integer.BYTES);
        List<Bytes> commands = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            commands.add(in.readSizedBytes());
        }
        return commands;
    }

    private static void writeOutcome(ByteWriter out, PeerMessage.Outcome outcome) {
        Failure failure = outcome.failure();
        out.writeLong(outcome.id());
        out.writeNatural(outcome.index());
        out.writeNatural(outcome.revision());
        out.writeSizedBytes(outcome.reply());
        out.writeByte(failure == null ? NO_FAILURE : failure.ordinal());
        out.writeBoolean(outcome.maybeApplied());
    }

    private static List<PeerMessage.Outcome> readOutcomes(ByteReader in) {
        int count = in.readCount(OUTCOME_BYTES_MIN);
        List<PeerMessage.Outcome> outcomes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            outcomes.add(new PeerMessage.Outcome(in.readLong(), in.readNatural(), in.readNatural(),
                    in.readSizedBytes(), readFailure(in), in.readBoolean()));
        }
        return outcomes;
    }

    /** A failure that this version does not know is one that says nothing of whether to go on. */
    private static @Nullable Failure readFailure(ByteReader in) {
        int number = in.readByte() & 0xFF;
        if (number == NO_FAILURE) {
            return null;
        }
        return number < Failure.values().length ? Failure.values()[number] : Failure.UNAVAILABLE;
    }

    private static void writeSessions(ByteWriter out, List<SessionRef> sessions) {
        out.writeNaturalInt(sessions.size());
        for (SessionRef session : sessions) {
            out.writeLong(session.session());
            out.writeLong(session.attachGeneration());
        }
    }

    private static List<SessionRef> readSessions(ByteReader in) {
        int count = in.readCount(SESSION_BYTES);
        List<SessionRef> sessions = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            sessions.add(new SessionRef(in.readLong(), in.readLong()));
        }
        return sessions;
    }

    private static List<Long> readLongs(ByteReader in) {
        int count = in.readCount(Long.BYTES);
        List<Long> numbers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            numbers.add(in.readLong());
        }
        return numbers;
    }

    private static void writeBallot(ByteWriter out, Ballot ballot) {
        out.writeNaturalInt(ballot.epoch());
        out.writeNatural(ballot.round());
        out.writeNaturalInt(ballot.member());
    }

    private static Ballot readBallot(ByteReader in) {
        return new Ballot(in.readNaturalInt(), in.readNatural(), in.readNaturalInt());
    }
}
