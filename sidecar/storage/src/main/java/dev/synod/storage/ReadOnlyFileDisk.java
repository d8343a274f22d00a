package dev.synod.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A volume's folder to look at, whoever holds it: no file in it is created, changed or locked, and a medium
 * that is mounted read-only will do. Every change throws {@link IOException}.
 *
 * <p>For one thread at a time.
 */
public final class ReadOnlyFileDisk implements Disk {
    private final FileDiskFolder folder;

    private ReadOnlyFileDisk(FileDiskFolder folder) {
        this.folder = folder;
    }

    /** Looks at a folder; whether it can be read is found out by {@link #list}. */
    public static ReadOnlyFileDisk at(Path folder) {
        return new ReadOnlyFileDisk(
                new FileDiskFolder(folder.toAbsolutePath().normalize(), FileDiskChannels.REAL));
    }

    /**
     * Who holds the volume at this moment, as "process 4711"; null when nobody does. While somebody does,
     * what is read here may be half written.
     */
    public @Nullable String holder() {
        return FileDiskLock.holderOf(folder.path());
    }

    @Override
    public DiskFile open(String name) throws IOException {
        FileChannel channel = folder.open(name, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        return new FileDiskFile(folder.file(name), channel, false);
    }

    @Override
    public List<String> list() throws IOException {
        return folder.list();
    }

    @Override
    public DiskFile create(String name) throws IOException {
        throw onlyRead("create " + name);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        throw onlyRead("rename " + from);
    }

    @Override
    public void delete(String name) throws IOException {
        throw onlyRead("delete " + name);
    }

    @Override
    public void syncDirectory() throws IOException {
        throw onlyRead("sync the folder");
    }

    private IOException onlyRead(String what) {
        return new IOException("cannot " + what + ": " + folder.path() + " is only looked at");
    }
}
