package dev.synod.storage;

import java.io.IOException;
import java.util.List;

/**
 * One flat folder of files. The simulator has one in memory; the real one is the only code that touches
 * files.
 *
 * <p>Nothing is durable but by {@link DiskFile#sync} (content and size) and {@link #syncDirectory} (names).
 * What was not made durable may survive a crash in any part, order and mixture.
 */
public interface Disk {
    /**
     * Creates an empty file.
     *
     * @throws DiskFullException when there is no room for it
     * @throws IOException also when the name is taken
     */
    DiskFile create(String name) throws IOException;

    /**
     * Opens a file for reading and writing.
     *
     * @throws IOException also when there is none of that name
     */
    DiskFile open(String name) throws IOException;

    /** All names, in their natural order. */
    List<String> list() throws IOException;

    /**
     * Gives a file another name; a file that had it before is gone. Atomic, but durable only with the folder.
     */
    void rename(String from, String to) throws IOException;

    /** Removes a file. */
    void delete(String name) throws IOException;

    /** Makes every creation, renaming and removal up to now durable. */
    void syncDirectory() throws IOException;
}
