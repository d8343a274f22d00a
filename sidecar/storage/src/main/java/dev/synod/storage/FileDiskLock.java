package dev.synod.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The lock that keeps a second process off a volume: the file {@code lock}, locked for as long as the process
 * lives, with the process's number in it. The operating system lets go of it when the process dies; the file
 * stays.
 *
 * <p>Within one process the folders held are listed here, and no second handle is ever opened on the file of
 * a held one: closing any handle on it would let go of the lock (POSIX, fcntl).
 */
final class FileDiskLock implements AutoCloseable {
    static final String NAME = "lock";

    private static final int PID_BYTES = 20;
    private static final TreeSet<String> HELD = new TreeSet<>();

    private final String folder;
    private final FileChannel channel;

    private FileDiskLock(String folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /**
     * Takes the lock, or refuses at once; never waits.
     *
     * @throws FolderRefusedException when it is held, or cannot be taken at all
     */
    static FileDiskLock take(Path folder) throws FolderRefusedException {
        try {
            String key = key(folder);
            synchronized (HELD) {
                if (!HELD.add(key)) {
                    throw inUse(folder, "this process, " + ProcessHandle.current().pid());
                }
            }
            FileDiskLock taken = null;
            try {
                taken = new FileDiskLock(key, lock(folder));
                return taken;
            } finally {
                if (taken == null) {
                    release(key);
                }
            }
        } catch (FolderRefusedException e) {
            throw e;
        } catch (IOException e) {
            IOException told = FileDiskErrors.failed("lock", folder.resolve(NAME), e);
            throw new FolderRefusedException("cannot take the volume: " + told.getMessage(), e);
        }
    }

    private static FileChannel lock(Path folder) throws IOException {
        FileChannel channel = FileChannel.open(folder.resolve(NAME), StandardOpenOption.CREATE,
                StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        boolean locked = false;
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw inUse(folder, "process " + holder(channel));
            }
            sign(folder, channel);
            locked = true;
            return channel;
        } catch (OverlappingFileLockException e) {
            throw inUse(folder, "this process, " + ProcessHandle.current().pid());
        } finally {
            if (!locked) {
                channel.close();
            }
        }
    }

    /** Writes who holds it, always at the same length: a second start needs no new room. */
    private static void sign(Path folder, FileChannel channel) throws IOException {
        String pid =
                String.format(Locale.ROOT, "%-" + (PID_BYTES - 1) + "d\n", ProcessHandle.current().pid());
        try {
            channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
        } catch (IOException e) {
            IOException told = FileDiskErrors.growing("write", folder.resolve(NAME), PID_BYTES, e);
            if (!(told instanceof DiskFullException)) {
                throw told;
            }
            // The number only helps a person; a full disk is no reason not to start.
        }
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(PID_BYTES);
        channel.read(bytes, 0);
        String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII).strip();
        return text.isEmpty() ? "unknown" : text;
    }

    private static FolderRefusedException inUse(Path folder, String holder) {
        return new FolderRefusedException("the volume " + folder + " is in use by " + holder
                + ": two members on one volume would destroy it; stop that one first, or give this one a"
                + " folder of its own");
    }

    /** Who holds the volume; null when nobody does, or that cannot be found out. Changes nothing. */
    static @Nullable String holderOf(Path folder) {
        try {
            synchronized (HELD) {
                if (HELD.contains(key(folder))) {
                    return "this process, " + ProcessHandle.current().pid();
                }
                try (FileChannel channel = FileChannel.open(folder.resolve(NAME), StandardOpenOption.READ);
                        FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true)) {
                    return lock == null ? "process " + holder(channel) : null;
                }
            }
        } catch (IOException | OverlappingFileLockException e) {
            return null;
        }
    }

    /** The same for every path that leads to one folder. */
    private static String key(Path folder) throws IOException {
        Object key = Files.readAttributes(folder, BasicFileAttributes.class).fileKey();
        return key == null ? folder.toRealPath().toString() : key.toString();
    }

    private static void release(String key) {
        synchronized (HELD) {
            HELD.remove(key);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            release(folder);
        }
    }
}
