package dev.synod.paxos;

import java.util.HexFormat;
import java.util.UUID;
import java.util.function.Consumer;

/** Frames by hand, for tests of what {@link Codec} must refuse, and frames as text. */
final class Frames {
    private static final int LINE_BYTES = 32;

    private Frames() {}

    /** A sound envelope of this type around a message that {@code body} writes byte by byte. */
    static byte[] of(int type, Consumer<ByteWriter> body) {
        ByteWriter out = new ByteWriter(0);
        out.writeShort(Codec.FORMAT);
        out.writeByte(type);
        out.writeByte(0);
        out.writeInt(0);
        out.writeUuid(new UUID(1, 2));
        out.writeUuid(new UUID(3, 4));
        out.writeUuid(new UUID(5, 6));
        out.writeLong(7);
        out.writeLong(8);
        out.writeInt(0);
        out.writeLong(0);
        ballot(out, 0, 0, 0);
        ballot(out, 0, 9, 1);
        ballot(out, 0, 9, 1);
        out.writeLong(10);
        body.accept(out);
        return withChecksum(out.toArray());
    }

    /** Sixteen bytes that are a ballot if the numbers are. */
    static void ballot(ByteWriter out, int epoch, long round, int member) {
        out.writeInt(epoch);
        out.writeLong(round);
        out.writeInt(member);
    }

    /**
     * {@code frame} with the checksum that its other bytes ask for; as it is when it is too short to have
     * one.
     */
    static byte[] withChecksum(byte[] frame) {
        if (frame.length >= Codec.ENVELOPE_AT) {
            LittleEndian.putInt(frame, Codec.CHECKSUM_AT, Codec.checksum(frame, frame.length));
        }
        return frame;
    }

    /** Lines of hexadecimal digits. */
    static String text(byte[] frame) {
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < frame.length; at += LINE_BYTES) {
            HexFormat.of().formatHex(text, frame, at, Math.min(at + LINE_BYTES, frame.length));
            text.append('\n');
        }
        return text.toString();
    }

    /** What {@link #text} gave; lines that begin with {@code #} are comments. */
    static byte[] parse(String text) {
        StringBuilder digits = new StringBuilder();
        text.lines().filter(line -> !line.startsWith("#")).forEach(line -> digits.append(line.strip()));
        return HexFormat.of().parseHex(digits);
    }
}
