package dev.synod.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The real disk: a folder that belongs to one process as long as this is open.
 *
 * <p>Bytes go to the operating system with each write; {@link DiskFile#sync} is an {@code fdatasync}, an
 * {@code fsync} where the size has changed, and {@link #syncDirectory} an {@code fsync} of the folder. Space
 * is reserved by writing zeros, which {@link Volume} does before it needs it. Errors name the file and say
 * what to do; a lack of room (ENOSPC, EDQUOT, EFBIG) is a {@link DiskFullException}.
 *
 * <p>For one thread at a time. That thread must not be interrupted: an interrupt closes the file in use, and
 * is then a failure of the disk.
 */
public final class FileDisk implements Disk, AutoCloseable {
    private static final int NAMES_SHOWN = 3;

    private final FileDiskFolder folder;
    private final FileDiskLock lock;
    private final FileChannel directory;

    private FileDisk(FileDiskFolder folder, FileDiskLock lock, FileChannel directory) {
        this.folder = folder;
        this.lock = lock;
        this.directory = directory;
    }

    /**
     * Takes a folder, and creates it when it is missing. It must hold a volume, or nothing that is not
     * hidden.
     *
     * @throws FolderRefusedException when it is held by a process, holds other files, or cannot be used
     */
    public static FileDisk open(Path folder) throws FolderRefusedException {
        return open(folder, FileDiskChannels.REAL);
    }

    static FileDisk open(Path path, FileDiskChannels channels) throws FolderRefusedException {
        Path absolute = path.toAbsolutePath().normalize();
        FileDiskFolder folder = new FileDiskFolder(absolute, channels);
        try {
            create(absolute, channels);
            refuseForeign(folder);
        } catch (IOException e) {
            throw refused(absolute, e);
        }
        FileDiskLock lock = FileDiskLock.take(absolute);
        FileChannel directory = null;
        try {
            directory = channels.open(absolute, StandardOpenOption.READ);
            directory.force(true);
            return new FileDisk(folder, lock, directory);
        } catch (IOException e) {
            closeAll(directory, lock, e);
            throw refused(absolute, FileDiskErrors.failed("sync", absolute, e));
        }
    }

    private static void closeAll(@Nullable FileChannel directory, FileDiskLock lock, IOException reason) {
        try (lock) {
            if (directory != null) {
                directory.close();
            }
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    private static FolderRefusedException refused(Path folder, IOException cause) {
        return cause instanceof FolderRefusedException refused
                ? refused
                : new FolderRefusedException(
                        folder + " cannot be a volume: " + cause.getMessage(), cause);
    }

    /** Creates what is missing of the path, each new name durable in the folder above it. */
    private static void create(Path path, FileDiskChannels channels) throws IOException {
        if (Files.isDirectory(path)) {
            return;
        }
        Path above = path.getParent();
        if (above != null) {
            create(above, channels);
        }
        try {
            Files.createDirectory(path);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(path)) {
                throw new FolderRefusedException(
                        path + " is no folder: name one that a volume can have for itself", e);
            }
        } catch (IOException e) {
            throw FileDiskErrors.growing("create", path, 1, e);
        }
        if (above != null) {
            try (FileChannel names = channels.open(above, StandardOpenOption.READ)) {
                names.force(true);
            } catch (IOException e) {
                throw FileDiskErrors.failed("sync", above, e);
            }
        }
    }

    /** A folder of other things was named by mistake; a volume would be lost among them. */
    private static void refuseForeign(FileDiskFolder folder) throws IOException {
        List<String> foreign = new ArrayList<>();
        for (Path entry : folder.entries()) {
            String name = String.valueOf(entry.getFileName());
            if (VolumeFiles.isOwn(name)) {
                return;
            }
            if (!name.startsWith(".") && !name.equals("lost+found") && !name.equals(FileDiskLock.NAME)) {
                foreign.add(name);
            }
        }
        if (!foreign.isEmpty()) {
            foreign.sort(null);
            throw new FolderRefusedException(folder.path() + " holds no volume, but " + foreign.size()
                    + " other files (" + String.join(", ", foreign.subList(0, Math.min(NAMES_SHOWN,
                            foreign.size())))
                    + (foreign.size() > NAMES_SHOWN ? ", ..." : "")
                    + "): name an empty folder, or one that does not exist yet");
        }
    }

    @Override
    public DiskFile create(String name) throws IOException {
        Path file = folder.file(name);
        try {
            FileChannel channel = folder.channels().open(
                    file,
                    StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            return new FileDiskFile(file, channel, true);
        } catch (IOException e) {
            throw FileDiskErrors.growing("create", file, 1, e);
        }
    }

    @Override
    public DiskFile open(String name) throws IOException {
        FileChannel channel = folder.open(
                name, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        return new FileDiskFile(folder.file(name), channel, false);
    }

    /** The names of regular files; the lock is not one of them. */
    @Override
    public List<String> list() throws IOException {
        return folder.list();
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Path source = folder.file(from);
        Path target = folder.file(to);
        try {
            Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw FileDiskErrors.failed("rename", source, e);
        }
    }

    @Override
    public void delete(String name) throws IOException {
        Path file = folder.file(name);
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw FileDiskErrors.failed("delete", file, e);
        }
    }

    @Override
    public void syncDirectory() throws IOException {
        try {
            directory.force(true);
        } catch (IOException e) {
            throw FileDiskErrors.failed("sync", folder.path(), e);
        }
    }

    /** Lets the folder go; makes nothing durable. Files that are still open stay so. */
    @Override
    public void close() throws IOException {
        try (lock) {
            directory.close();
        }
    }
}
