package dev.synod.storage;

import java.io.IOException;

/** An open file whose errors {@link CheckedDisk} has sorted. */
final class CheckedFile implements AutoCloseable {
    private static final byte[] ZEROS = new byte[64 << 10];

    private final CheckedDisk disk;
    private final String name;
    private final DiskFile file;

    CheckedFile(CheckedDisk disk, String name, DiskFile file) {
        this.disk = disk;
        this.name = name;
        this.file = file;
    }

    long size() throws DamagedException {
        try {
            return file.size();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** Writes where the file already reaches. */
    void overwrite(long offsetBytes, byte[] source, int from, int length) {
        disk.change("write", name, () -> file.write(offsetBytes, source, from, length));
    }

    /** Writes at or beyond the end. */
    void extend(long offsetBytes, byte[] source, int from, int length) throws DiskFullException {
        disk.grow(name, () -> file.write(offsetBytes, source, from, length));
    }

    /** Gives an empty file a size, all zeros. */
    void fill(int sizeBytes) throws DiskFullException {
        for (int at = 0; at < sizeBytes; at += ZEROS.length) {
            extend(at, ZEROS, 0, Math.min(ZEROS.length, sizeBytes - at));
        }
    }

    void readFully(long offsetBytes, byte[] target) throws DamagedException {
        int count = read(offsetBytes, target, target.length);
        if (count != target.length) {
            throw new DamagedException(
                    name + " ends " + (target.length - count) + " bytes before "
                            + (offsetBytes + target.length));
        }
    }

    int read(long offsetBytes, byte[] target, int length) throws DamagedException {
        disk.alive();
        try {
            return Math.max(0, file.read(offsetBytes, target, 0, length));
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private DamagedException unreadable(IOException cause) {
        return new DamagedException("cannot read " + name + ": " + cause.getMessage(), cause);
    }

    void truncate(long sizeBytes) {
        disk.change("truncate", name, () -> file.truncate(sizeBytes));
    }

    void sync() {
        disk.sync(name, file);
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            // Closing promises nothing: what had to be durable was synced, and that was checked.
            return;
        }
    }
}
