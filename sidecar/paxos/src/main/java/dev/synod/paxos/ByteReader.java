package dev.synod.paxos;

import java.util.Arrays;
import java.util.UUID;

/**
 * Reads what {@link ByteWriter} wrote, from bytes that nobody vouches for. Every read stays within the
 * bounds, and every number of things is checked against the bytes left before room is made for them: a few
 * hostile bytes cost a few bytes.
 *
 * <p>For one thread. Every method that reads throws {@link MalformedException} when the bytes are not as they
 * should be; the position is then of no more use.
 */
public final class ByteReader {
    private final byte[] array;
    private final int end;
    private int position;

    /** Reads all of {@code array}, which is not copied. */
    public ByteReader(byte[] array) {
        this(array, 0, array.length);
    }

    /**
     * Reads {@code array} from {@code from} up to {@code end}, which is not copied.
     *
     * @throws IndexOutOfBoundsException when those are not positions in {@code array}, in that order
     */
    public ByteReader(byte[] array, int from, int end) {
        if (from < 0 || from > end || end > array.length) {
            throw new IndexOutOfBoundsException(from + ".." + end + " of " + array.length);
        }
        this.array = array;
        this.position = from;
        this.end = end;
    }

    /** Where in the array the next read begins. */
    public int position() {
        return position;
    }

    /** How many bytes are left. */
    public int remaining() {
        return end - position;
    }

    /** Requires that nothing is left: bytes that mean nothing would make two frames of one message. */
    public void expectEnd() {
        if (position != end) {
            throw new MalformedException("bytes are left over");
        }
    }

    private int advance(int bytes) {
        int at = position;
        if (bytes > end - at) {
            throw new MalformedException("cut short");
        }
        position = at + bytes;
        return at;
    }

    /** One byte, from 0 to 255. */
    public int readByte() {
        return array[advance(Byte.BYTES)] & 0xFF;
    }

    /** One byte that is 1 or 0. */
    public boolean readBoolean() {
        int value = readByte();
        if (value > 1) {
            throw new MalformedException("neither true nor false");
        }
        return value == 1;
    }

    /** Two bytes, from 0 to 65,535. */
    public int readShort() {
        return LittleEndian.getShort(array, advance(Short.BYTES));
    }

    /** Four bytes. */
    public int readInt() {
        return LittleEndian.getInt(array, advance(Integer.BYTES));
    }

    /** Eight bytes. */
    public long readLong() {
        return LittleEndian.getLong(array, advance(Long.BYTES));
    }

    /** A whole number in four bytes, at most {@link ByteWriter#NATURAL_INT_MAX}. */
    public int readNaturalInt() {
        int value = readInt();
        if (value < 0 || value > ByteWriter.NATURAL_INT_MAX) {
            throw new MalformedException("a number is negative or too large");
        }
        return value;
    }

    /** A whole number in eight bytes, at most {@link ByteWriter#NATURAL_MAX}. */
    public long readNatural() {
        long value = readLong();
        if (value < 0 || value > ByteWriter.NATURAL_MAX) {
            throw new MalformedException("a number is negative or too large");
        }
        return value;
    }

    /**
     * Four bytes that say how many things follow, each of at least {@code bytesMinEach} bytes (1 or more).
     */
    public int readCount(int bytesMinEach) {
        int count = readInt();
        if (count < 0 || count > remaining() / bytesMinEach) {
            throw new MalformedException("more things announced than bytes are left for");
        }
        return count;
    }

    /** Sixteen bytes. */
    public UUID readUuid() {
        int at = advance(2 * Long.BYTES);
        return new UUID(LittleEndian.getLong(array, at), LittleEndian.getLong(array, at + Long.BYTES));
    }

    /** A copy of {@code length} bytes, for {@code length >= 0}. */
    public Bytes readBytes(int length) {
        int at = advance(length);
        return Bytes.of(Arrays.copyOfRange(array, at, at + length));
    }

    /** What {@link ByteWriter#writeSizedBytes} wrote. */
    public Bytes readSizedBytes() {
        return readBytes(readCount(1));
    }

    /** What {@link ByteWriter#writeText} wrote, of at most {@code bytesMax} bytes of strict UTF-8. */
    public String readText(int bytesMax) {
        int length = readShort();
        if (length > bytesMax) {
            throw new MalformedException("a text is too long");
        }
        return Utf8.decode(array, advance(length), length);
    }
}
