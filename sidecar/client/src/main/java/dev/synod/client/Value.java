package dev.synod.client;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;

/** Bytes that do not change; equal when their bytes are. */
public final class Value {
    /** None. */
    public static final Value EMPTY = new Value(ByteString.EMPTY);

    private final ByteString bytes;

    Value(ByteString bytes) {
        this.bytes = bytes;
    }

    /** A copy of {@code bytes}. */
    public static Value of(byte[] bytes) {
        return new Value(ByteString.copyFrom(bytes));
    }

    /** {@code text} in UTF-8. */
    public static Value of(String text) {
        return new Value(ByteString.copyFromUtf8(text));
    }

    /** A copy. */
    public byte[] toByteArray() {
        return bytes.toByteArray();
    }

    /** As text in UTF-8; what is none comes out as replacement characters. */
    public String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** How many bytes. */
    public int length() {
        return bytes.size();
    }

    ByteString proto() {
        return bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Value value && bytes.equals(value.bytes);
    }

    @Override
    public int hashCode() {
        return bytes.hashCode();
    }

    @Override
    public String toString() {
        return bytes.isValidUtf8() && bytes.size() <= 64 ? text() : bytes.size() + " bytes";
    }
}
