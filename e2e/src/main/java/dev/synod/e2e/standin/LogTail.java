package dev.synod.e2e.standin;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A file as it grows: it ends when nobody writes it any more and all is read, or when it is closed. */
final class LogTail extends InputStream {
    private static final long LOOK_NANOS = 20_000_000;

    private final SeekableByteChannel file;
    private final BooleanSupplier isWritten;
    private volatile boolean closed;

    LogTail(Path file, BooleanSupplier isWritten) {
        try {
            this.file = Files.newByteChannel(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        this.isWritten = isWritten;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        while (!closed) {
            boolean written = isWritten.getAsBoolean(); // asked first: what comes before its end is read
            int count = file.read(ByteBuffer.wrap(bytes, offset, length));
            if (count > 0 || length == 0) {
                return count;
            }
            if (!written) {
                return -1;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return -1;
    }

    @Override
    public int available() {
        return 0;
    }

    @Override
    public void close() throws IOException {
        closed = true;
        file.close();
    }
}
