package dev.synod.node.transport;

import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.synod.transport.v1.Hello;
import dev.synod.transport.v1.Lane;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How frames and names stand in the transport's messages. */
final class Wire {
    /** Of the stream and of the frames in it. */
    static final int PROTOCOL = 1;

    private static final int UUID_BYTES = 16;

    private Wire() {}

    static Hello hello(UUID cluster, UUID self, @Nullable UUID meantFor, Lane lane) {
        Hello.Builder hello = Hello.newBuilder().setProtocol(PROTOCOL).setClusterId(bytes(cluster))
                .setMemberId(bytes(self)).setLane(lane);
        if (meantFor != null) {
            hello.setMeantFor(bytes(meantFor));
        }
        return hello.build();
    }

    private static ByteString bytes(UUID uuid) {
        return ByteString.copyFrom(ByteBuffer.allocate(UUID_BYTES).putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits()).flip());
    }

    /** Null for anything but 16 bytes. */
    static @Nullable UUID uuid(ByteString bytes) {
        if (bytes.size() != UUID_BYTES) {
            return null;
        }
        ByteBuffer buffer = bytes.asReadOnlyByteBuffer();
        return new UUID(buffer.getLong(), buffer.getLong());
    }

    /** A frame is not changed after it was handed over, so it is not copied. */
    static ByteString bytes(byte[] frame) {
        return UnsafeByteOperations.unsafeWrap(frame);
    }

    /** The bytes of a frame, without a copy where it has an array of its own. */
    static byte[] frame(ByteString bytes) {
        Whole whole = new Whole();
        try {
            UnsafeByteOperations.unsafeWriteTo(bytes, whole);
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory", e);
        }
        byte[] array = whole.array;
        return array == null || array.length != bytes.size() ? bytes.toByteArray() : array;
    }

    /** Keeps the one array that is written to it as a whole. */
    private static final class Whole extends ByteOutput {
        private byte @Nullable [] array;
        private int parts;

        @Override
        public void write(byte value) {
            array = null;
            parts++;
        }

        @Override
        public void write(byte[] value, int offset, int length) {
            writeLazy(value, offset, length);
        }

        @Override
        public void writeLazy(byte[] value, int offset, int length) {
            parts++;
            array = parts == 1 && offset == 0 && length == value.length ? value : null;
        }

        @Override
        public void write(ByteBuffer value) {
            write((byte) 0);
        }

        @Override
        public void writeLazy(ByteBuffer value) {
            write((byte) 0);
        }
    }
}
