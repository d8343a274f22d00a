package dev.synod.paxos;

/**
 * Strict UTF-8: every text has one form in bytes and every accepted run of bytes one text. Written out here
 * because the JDK's own charsets live in {@code java.nio}, which this package may not touch.
 */
final class Utf8 {
    private static final int ASCII_MAX = 0x7F;
    private static final int TWO_BYTES_MAX = 0x7FF;

    private Utf8() {}

    /**
     * How many bytes {@code text} takes, or -1 when it holds half a surrogate pair and so has no form in
     * bytes.
     */
    static int length(String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (unit <= ASCII_MAX) {
                bytes++;
            } else if (unit <= TWO_BYTES_MAX) {
                bytes += 2;
            } else if (!Character.isSurrogate(unit)) {
                bytes += 3;
            } else if (i + 1 < text.length() && Character.isSurrogatePair(unit, text.charAt(i + 1))) {
                bytes += 4;
                i++;
            } else {
                return -1;
            }
        }
        return bytes;
    }

    /** Writes {@code text}, whose {@link #length} is not -1, at {@code at}; the room must be there. */
    static void encode(String text, byte[] array, int at) {
        int to = at;
        for (int i = 0; i < text.length(); i++) {
            int point = text.charAt(i);
            if (point <= ASCII_MAX) {
                array[to++] = (byte) point;
                continue;
            }
            if (point <= TWO_BYTES_MAX) {
                array[to++] = (byte) (0xC0 | point >> 6);
                array[to++] = continuation(point);
                continue;
            }
            if (Character.isSurrogate((char) point)) {
                point = text.codePointAt(i++);
                array[to++] = (byte) (0xF0 | point >> 18);
                array[to++] = continuation(point >> 12);
            } else {
                array[to++] = (byte) (0xE0 | point >> 12);
            }
            array[to++] = continuation(point >> 6);
            array[to++] = continuation(point);
        }
    }

    private static byte continuation(int bits) {
        return (byte) (0x80 | (bits & 0x3F));
    }

    /**
     * The text of {@code length} bytes from {@code at}, which lie within {@code array}.
     *
     * @throws MalformedException for anything but the shortest form of a code point that is not half a
     *     surrogate pair
     */
    static String decode(byte[] array, int at, int length) {
        if (length == 0) {
            return "";
        }
        char[] units = new char[length];
        int count = 0;
        int end = at + length;
        for (int i = at; i < end;) {
            int lead = array[i] & 0xFF;
            int bytes = bytesAfter(lead);
            int point = bytes == 1 ? lead : pointAt(array, i, bytes, end);
            i += bytes;
            if (point < Character.MIN_SUPPLEMENTARY_CODE_POINT) {
                units[count++] = (char) point;
            } else {
                units[count++] = Character.highSurrogate(point);
                units[count++] = Character.lowSurrogate(point);
            }
        }
        return new String(units, 0, count);
    }

    /** How many bytes a code point has that begins with {@code lead}. */
    private static int bytesAfter(int lead) {
        if (lead <= ASCII_MAX) {
            return 1;
        }
        int ones = Integer.numberOfLeadingZeros(~(lead << 24));
        if (ones < 2 || ones > 4) {
            throw new MalformedException("no code point begins so");
        }
        return ones;
    }

    private static int pointAt(byte[] array, int at, int bytes, int end) {
        if (end - at < bytes) {
            throw new MalformedException("a code point is cut short");
        }
        int point = array[at] & (0x7F >> bytes);
        for (int i = 1; i < bytes; i++) {
            int next = array[at + i];
            if ((next & 0xC0) != 0x80) {
                throw new MalformedException("a code point is cut short");
            }
            point = point << 6 | (next & 0x3F);
        }
        if (point <= longestBelow(bytes) || point > Character.MAX_CODE_POINT) {
            throw new MalformedException("not the shortest form of a code point");
        }
        if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
            throw new MalformedException("half a surrogate pair");
        }
        return point;
    }

    /** The last code point that takes fewer than {@code bytes} bytes. */
    private static int longestBelow(int bytes) {
        return switch (bytes) {
            case 2 -> ASCII_MAX;
            case 3 -> TWO_BYTES_MAX;
            default -> Character.MIN_SUPPLEMENTARY_CODE_POINT - 1;
        };
    }
}
