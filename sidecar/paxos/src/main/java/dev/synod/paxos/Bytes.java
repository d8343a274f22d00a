package dev.synod.paxos;

import java.util.Arrays;

/**
 * An immutable run of bytes with value equality. The array handed in is not copied: whoever hands it in gives
 * it away.
 */
public final class Bytes {
    /** No bytes. */
    public static final Bytes EMPTY = new Bytes(new byte[0]);

    private final byte[] array;

    private Bytes(byte[] array) {
        this.array = array;
    }

    /** Wraps {@code array}, which the caller must never change again. */
    public static Bytes of(byte[] array) {
        return array.length == 0 ? EMPTY : new Bytes(array);
    }

    /** Number of bytes. */
    public int length() {
        return array.length;
    }

    /** The byte at {@code position}, from 0. */
    public byte at(int position) {
        return array[position];
    }

    /** The wrapped array itself, for codecs and digests; the caller must not change it. */
    public byte[] array() {
        return array;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes bytes && Arrays.equals(array, bytes.array);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(array);
    }

    @Override
    public String toString() {
        return array.length + " bytes";
    }
}
