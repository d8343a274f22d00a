package dev.synod.paxos;

import java.util.Arrays;
import java.util.UUID;

/**
 * Bytes written one value after the other, little-endian, into an array that grows. What it refuses to write,
 * {@link ByteReader} refuses to read: a value beyond its bound is a bug of the writer and ends here, not at a
 * peer.
 *
 * <p>For one thread. {@link #clear()} makes it ready for the next run of bytes without giving up its array.
 */
public final class ByteWriter {
    /** Largest whole number on the wire: the sum of any two still fits a {@code long}. */
    public static final long NATURAL_MAX = 1L << 62;

    /** Largest whole number of four bytes on the wire: the sum of any two still fits an {@code int}. */
    public static final int NATURAL_INT_MAX = 1 << 30;

    private static final int CAPACITY_BYTES_MIN = 64;
    private static final int CAPACITY_BYTES_MAX = 1 << 30;

    private byte[] array;
    private int size;

    /** An empty writer with room for {@code capacityBytes} before it has to grow. */
    public ByteWriter(int capacityBytes) {
        array = new byte[capacityBytes];
    }

    /** Forgets what was written, and keeps the array. */
    public void clear() {
        size = 0;
    }

    /** How many bytes were written. */
    public int size() {
        return size;
    }

    /** The array itself: its first {@link #size()} bytes hold until the next write. */
    public byte[] array() {
        return array;
    }

    /**
     * What was written, in an array of just that size: the writer's own one when it is full, which spares a
     * copy when the capacity was foretold. Nothing may be written afterwards, nor may the writer be cleared
     * and used again.
     */
    public byte[] toArray() {
        return array.length == size ? array : Arrays.copyOf(array, size);
    }

    private int advance(int bytes) {
        int at = size;
        if (bytes > array.length - at) {
            grow(bytes);
        }
        size = at + bytes;
        return at;
    }

    private void grow(int bytes) {
        if (bytes > CAPACITY_BYTES_MAX - size) {
            throw new IllegalStateException(
                    bytes + " bytes after " + size + " are more than " + CAPACITY_BYTES_MAX);
        }
        int doubled = Math.min(Math.max(2 * array.length, CAPACITY_BYTES_MIN), CAPACITY_BYTES_MAX);
        array = Arrays.copyOf(array, Math.max(size + bytes, doubled));
    }

    /** The lowest 8 bits. */
    public void writeByte(int value) {
        int at = advance(Byte.BYTES);
        array[at] = (byte) value;
    }

    /** One byte: 1 or 0. */
    public void writeBoolean(boolean value) {
        writeByte(value ? 1 : 0);
    }

    /** The lowest 16 bits. */
    public void writeShort(int value) {
        int at = advance(Short.BYTES);
        LittleEndian.putShort(array, at, value);
    }

    /** Four bytes. */
    public void writeInt(int value) {
        int at = advance(Integer.BYTES);
        LittleEndian.putInt(array, at, value);
    }

    /** Eight bytes. */
    public void writeLong(long value) {
        int at = advance(Long.BYTES);
        LittleEndian.putLong(array, at, value);
    }

    /**
     * A whole number in four bytes.
     *
     * @throws IllegalArgumentException below 0 or above {@link #NATURAL_INT_MAX}
     */
    public void writeNaturalInt(int value) {
        if (value < 0 || value > NATURAL_INT_MAX) {
            throw new IllegalArgumentException(value + " is not between 0 and " + NATURAL_INT_MAX);
        }
        writeInt(value);
    }

    /**
     * A whole number in eight bytes.
     *
     * @throws IllegalArgumentException below 0 or above {@link #NATURAL_MAX}
     */
    public void writeNatural(long value) {
        if (value < 0 || value > NATURAL_MAX) {
            throw new IllegalArgumentException(value + " is not between 0 and " + NATURAL_MAX);
        }
        writeLong(value);
    }

    /** Sixteen bytes. */
    public void writeUuid(UUID uuid) {
        int at = advance(2 * Long.BYTES);
        LittleEndian.putLong(array, at, uuid.getMostSignificantBits());
        LittleEndian.putLong(array, at + Long.BYTES, uuid.getLeastSignificantBits());
    }

    /** {@code length} bytes of {@code source} from {@code from}, without their number. */
    public void writeBytes(byte[] source, int from, int length) {
        int at = advance(length);
        System.arraycopy(source, from, array, at, length);
    }

    /** The bytes, without their number. */
    public void writeBytes(Bytes bytes) {
        writeBytes(bytes.array(), 0, bytes.length());
    }

    /** The number of bytes in four bytes, then the bytes. */
    public void writeSizedBytes(Bytes bytes) {
        writeNaturalInt(bytes.length());
        writeBytes(bytes);
    }

    /**
     * A text as UTF-8: the number of bytes in two bytes, then the bytes.
     *
     * @throws IllegalArgumentException when it is longer than {@code bytesMax} or has no form in UTF-8
     */
    public void writeText(String text, int bytesMax) {
        int length = Utf8.length(text);
        if (length < 0 || length > bytesMax) {
            throw new IllegalArgumentException(
                    "a text of " + length + " bytes (-1: half a surrogate pair) does not fit " + bytesMax);
        }
        writeShort(length);
        int at = advance(length);
        Utf8.encode(text, array, at);
    }

    /**
     * Writes four bytes over those at {@code at}, which must have been written: a length or checksum known
     * only now.
     */
    public void setInt(int at, int value) {
        check(at, Integer.BYTES);
        LittleEndian.putInt(array, at, value);
    }

    /** Writes one byte over the one at {@code at}, which must have been written. */
    public void setByte(int at, int value) {
        check(at, Byte.BYTES);
        array[at] = (byte) value;
    }

    private void check(int at, int bytes) {
        if (at < 0 || at > size - bytes) {
            throw new IndexOutOfBoundsException(bytes + " bytes at " + at + " of " + size);
        }
    }
}
