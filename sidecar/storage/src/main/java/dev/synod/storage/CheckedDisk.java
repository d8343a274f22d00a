package dev.synod.storage;

import dev.synod.paxos.Defect;
import dev.synod.paxos.Defects;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The disk as this room uses it: the first failed write or sync ends all use of it, a failed read is damage,
 * and a lack of room is told from both.
 */
final class CheckedDisk {
    private static final int ALL_BYTES_MAX = 1 << 30;

    private final Disk disk;
    private final Defects defects;
    private @Nullable IOException failure;

    CheckedDisk(Disk disk, Defects defects) {
        this.disk = disk;
        this.defects = defects;
    }

    /** A change of the disk that may fail for want of room. */
    @FunctionalInterface
    interface Change {
        void run() throws IOException;
    }

    void alive() {
        if (failure != null) {
            throw new DiskFailedException("the disk failed before; only a restart can tell what it holds",
                    failure);
        }
    }

    private DiskFailedException failed(String what, IOException cause) {
        failure = cause;
        return new DiskFailedException("cannot " + what + ": " + cause.getMessage(), cause);
    }

    CheckedFile create(String name) throws DiskFullException {
        alive();
        try {
            return new CheckedFile(this, name, disk.create(name));
        } catch (DiskFullException e) {
            throw e;
        } catch (IOException e) {
            throw failed("create " + name, e);
        }
    }

    CheckedFile open(String name) throws DamagedException {
        alive();
        try {
            return new CheckedFile(this, name, disk.open(name));
        } catch (IOException e) {
            throw new DamagedException("cannot open " + name + ": " + e.getMessage(), e);
        }
    }

    /** Opens a file that this run has made, or has just seen: failing is failure of the disk, not damage. */
    CheckedFile reopen(String name) {
        alive();
        try {
            return new CheckedFile(this, name, disk.open(name));
        } catch (IOException e) {
            throw failed("open " + name, e);
        }
    }

    List<String> list() throws DamagedException {
        alive();
        try {
            return disk.list();
        } catch (IOException e) {
            throw new DamagedException("cannot list the volume: " + e.getMessage(), e);
        }
    }

    /** As {@link #list}, of a disk on which nothing was damaged a moment ago: failing is failure. */
    List<String> relist() {
        alive();
        try {
            return disk.list();
        } catch (IOException e) {
            throw failed("list the volume", e);
        }
    }

    byte[] readAll(String name) throws DamagedException {
        try (CheckedFile file = open(name)) {
            long size = file.size();
            if (size > ALL_BYTES_MAX) {
                throw new DamagedException(
                        name + " has " + size + " bytes, more than this program ever writes");
            }
            byte[] bytes = new byte[(int) size];
            file.readFully(0, bytes);
            return bytes;
        }
    }

    void rename(String from, String to) {
        alive();
        try {
            disk.rename(from, to);
        } catch (IOException e) {
            throw failed("rename " + from + " to " + to, e);
        }
    }

    void delete(String name) {
        alive();
        try {
            disk.delete(name);
        } catch (IOException e) {
            throw failed("delete " + name, e);
        }
    }

    void syncDirectory() {
        alive();
        if (defects.has(Defect.M03_NO_DIRECTORY_SYNC)) {
            return;
        }
        try {
            disk.syncDirectory();
        } catch (IOException e) {
            throw failed("sync the folder", e);
        }
    }

    /** Runs a change of a file's bytes that needs no new room, or makes none that matters. */
    void change(String what, String name, Change change) {
        alive();
        try {
            change.run();
        } catch (IOException e) {
            throw failed(what + " " + name, e);
        }
    }

    /** Runs a change that lets a file grow. */
    void grow(String name, Change change) throws DiskFullException {
        alive();
        try {
            change.run();
        } catch (DiskFullException e) {
            throw e;
        } catch (IOException e) {
            throw failed("write " + name, e);
        }
    }

    /**
     * Makes a file durable, once: after a failure its pages look clean although they never reached the disk.
     */
    void sync(String name, DiskFile file) {
        alive();
        try {
            file.sync();
        } catch (IOException e) {
            if (defects.has(Defect.M19_FSYNC_RETRIED)) {
                change("sync", name, file::sync);
                return;
            }
            throw failed("sync " + name, e);
        }
    }
}
