package dev.synod.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** An open file of a {@link FileDisk}, over one channel that is its own. */
final class FileDiskFile implements DiskFile {
    /**
     * Most bytes handed to the operating system at once: the JDK copies them to memory outside the heap, and
     * each thread keeps what it once needed for that.
     */
    private static final int PIECE_BYTES = 256 << 10;

    private final Path path;
    private final FileChannel channel;

    /** Whether the size may have changed since the last sync. */
    private boolean resized;

    /**
     * Takes the channel over.
     *
     * @param created whether the file is new
     */
    FileDiskFile(Path path, FileChannel channel, boolean created) {
        this.path = path;
        this.channel = channel;
        this.resized = created;
    }

    @Override
    public long size() throws IOException {
        try {
            return channel.size();
        } catch (IOException e) {
            throw FileDiskErrors.failed("size of", path, e);
        }
    }

    @Override
    public void write(long offsetBytes, byte[] source, int from, int length) throws IOException {
        long end = offsetBytes + length;
        boolean grows = end > size();
        resized |= grows;
        try {
            long at = offsetBytes;
            while (at < end) {
                int done = (int) (at - offsetBytes);
                int piece = Math.min(PIECE_BYTES, length - done);
                int count = channel.write(ByteBuffer.wrap(source, from + done, piece), at);
                if (count <= 0) {
                    throw new IOException("nothing was written, and no error given");
                }
                at += count;
            }
        } catch (IOException e) {
            throw grows
                    ? FileDiskErrors.growing("write", path, length, e)
                    : FileDiskErrors.failed("write", path, e);
        }
    }

    @Override
    public int read(long offsetBytes, byte[] target, int from, int length) throws IOException {
        int done = 0;
        try {
            while (done < length) {
                int piece = Math.min(PIECE_BYTES, length - done);
                int count = channel.read(ByteBuffer.wrap(target, from + done, piece), offsetBytes + done);
                if (count < 0) {
                    break;
                }
                done += count;
            }
            return done;
        } catch (IOException e) {
            throw FileDiskErrors.failed("read", path, e);
        }
    }

    @Override
    public void truncate(long sizeBytes) throws IOException {
        resized = true;
        try {
            channel.truncate(sizeBytes);
        } catch (IOException e) {
            throw FileDiskErrors.failed("truncate", path, e);
        }
    }

    /** Within a size that is durable already, the content alone: one write to the disk instead of two. */
    @Override
    public void sync() throws IOException {
        try {
            channel.force(resized);
            resized = false;
        } catch (IOException e) {
            throw FileDiskErrors.failed("sync", path, e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
