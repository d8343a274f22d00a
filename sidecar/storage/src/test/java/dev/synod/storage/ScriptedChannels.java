package dev.synod.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Stands between a {@link FileDisk} and the operating system: writes down what was asked of it, and can move
 * fewer bytes than asked, run out of room, or fail.
 */
final class ScriptedChannels implements FileDiskChannels {
    /** What was asked, in order, as "force identity", "write 0000000000000001.wal", "force folder". */
    final List<String> log = new ArrayList<>();

    /** Most bytes moved by one call. */
    int pieceBytes = Integer.MAX_VALUE;

    /** What all files together may take. */
    long quotaBytes = Long.MAX_VALUE;

    /** What fails with an input/output error, as the log has it. */
    String failing = "";

    private final Path folder;

    ScriptedChannels(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    /** Leaves so much more room than the files take now; what is removed makes room again. */
    void leaveRoom(long bytes) throws IOException {
        quotaBytes = usedBytes() + bytes;
    }

    private long usedBytes() throws IOException {
        long used = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                used += file.endsWith(FileDiskLock.NAME) ? 0 : Files.size(file);
            }
        }
        return used;
    }

    /** Those entries of the log that are about one name, the name left out. */
    List<String> of(String name) {
        return log.stream().filter(line -> line.endsWith(" " + name))
                .map(line -> line.substring(0, line.indexOf(' '))).toList();
    }

    @Override
    public FileChannel open(Path path, OpenOption... options) throws IOException {
        String name = path.equals(folder) ? "folder" : String.valueOf(path.getFileName());
        return new Recorded(name, FileChannel.open(path, options));
    }

    private void record(String what, String name) throws IOException {
        log.add(what + " " + name);
        if (failing.equals(what + " " + name)) {
            throw new IOException("Input/output error");
        }
    }

    private final class Recorded extends FileChannel {
        private final String name;
        private final FileChannel channel;

        Recorded(String name, FileChannel channel) {
            this.name = name;
            this.channel = channel;
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            record("read", name);
            int limit = target.limit();
            target.limit(target.position() + Math.min(target.remaining(), pieceBytes));
            int count = channel.read(target, position);
            target.limit(limit);
            return count;
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            record("write", name);
            int wanted = Math.min(source.remaining(), pieceBytes);
            long growth = Math.max(0, position + wanted - channel.size());
            if (growth > 0 && quotaBytes < Long.MAX_VALUE) {
                wanted -= (int) Math.max(0, growth - Math.max(0, quotaBytes - usedBytes()));
            }
            if (wanted <= 0) {
                throw new IOException("No space left on device");
            }
            source.limit(source.position() + wanted);
            return channel.write(source, position);
        }

        @Override
        public void force(boolean metaData) throws IOException {
            record(metaData ? "forceAll" : "force", name);
            channel.force(metaData);
        }

        @Override
        public FileChannel truncate(long size) throws IOException {
            record("truncate", name);
            channel.truncate(size);
            return this;
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        protected void implCloseChannel() throws IOException {
            channel.close();
        }

        @Override
        public int read(ByteBuffer target) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long read(ByteBuffer[] targets, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int write(ByteBuffer source) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long write(ByteBuffer[] sources, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long position() {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileChannel position(long newPosition) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel target) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long transferFrom(ReadableByteChannel source, long position, long count) {
            throw new UnsupportedOperationException();
        }

        @Override
        public MappedByteBuffer map(MapMode mode, long position, long size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileLock lock(long position, long size, boolean shared) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) {
            throw new UnsupportedOperationException();
        }
    }
}
