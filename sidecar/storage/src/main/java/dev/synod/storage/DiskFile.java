package dev.synod.storage;

import java.io.Closeable;
import java.io.IOException;

/** An open file of a {@link Disk}. */
public interface DiskFile extends Closeable {
    /** Size in bytes. */
    long size() throws IOException;

    /**
     * Writes {@code length} bytes of {@code source} from {@code from} to {@code offsetBytes}; the file grows
     * as needed, and a hole reads as zeros.
     *
     * @throws DiskFullException when there is no room; part of the bytes may have been written. Never for
     *     bytes that lie where the file already reached
     */
    void write(long offsetBytes, byte[] source, int from, int length) throws IOException;

    /**
     * Reads up to {@code length} bytes from {@code offsetBytes}, fewer only at the end of the file; returns
     * how many.
     */
    int read(long offsetBytes, byte[] target, int from, int length) throws IOException;

    /** Cuts the file to {@code sizeBytes}, which is at most its size. */
    void truncate(long sizeBytes) throws IOException;

    /**
     * Makes content and size durable. When it fails, nothing is known of what was written since the last
     * success, and a second try proves nothing: the operating system may have forgotten what it failed to
     * write (Rebello et al., "Can Applications Recover from fsync Failures?", ATC 2020).
     */
    void sync() throws IOException;

    /** Gives the handle back; makes nothing durable. */
    @Override
    void close() throws IOException;
}
