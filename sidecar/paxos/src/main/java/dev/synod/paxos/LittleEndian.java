package dev.synod.paxos;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Numbers in byte arrays, lowest byte first. */
final class LittleEndian {
    private static final VarHandle SHORT =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private LittleEndian() {}

    /** Two bytes at {@code at}, from 0 to 65,535. */
    static int getShort(byte[] array, int at) {
        return (short) SHORT.get(array, at) & 0xFFFF;
    }

    /** Four bytes at {@code at}. */
    static int getInt(byte[] array, int at) {
        return (int) INT.get(array, at);
    }

    /** Eight bytes at {@code at}. */
    static long getLong(byte[] array, int at) {
        return (long) LONG.get(array, at);
    }

    /** The lowest 16 bits to {@code at}. */
    static void putShort(byte[] array, int at, int value) {
        SHORT.set(array, at, (short) value);
    }

    /** Four bytes to {@code at}. */
    static void putInt(byte[] array, int at, int value) {
        INT.set(array, at, value);
    }

    /** Eight bytes to {@code at}. */
    static void putLong(byte[] array, int at, long value) {
        LONG.set(array, at, value);
    }
}
