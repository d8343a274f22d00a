package dev.synod.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The folder that a volume lies in, and the paths of its files. */
record FileDiskFolder(Path path, FileDiskChannels channels) {

    /** The path of a file directly in the folder. */
    Path file(String name) {
        Path file = path.resolve(name);
        Path last = file.getFileName();
        if (last == null || !path.equals(file.getParent()) || !name.equals(last.toString())
                || name.equals("..") || name.equals(".") || name.equals(FileDiskLock.NAME)) {
            throw new IllegalArgumentException("'" + name + "' cannot name a file of a volume");
        }
        return file;
    }

    /** Opens a file that is there. */
    FileChannel open(String name, OpenOption... options) throws IOException {
        Path file = file(name);
        try {
            return channels.open(file, options);
        } catch (IOException e) {
            throw FileDiskErrors.failed("open", file, e);
        }
    }

    /** The regular files, without the lock; not {@code lost+found}, nor anything else that is no file. */
    List<String> list() throws IOException {
        List<String> names = new ArrayList<>();
        for (Path entry : entries()) {
            String name = String.valueOf(entry.getFileName());
            if (!name.equals(FileDiskLock.NAME) && Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)) {
                names.add(name);
            }
        }
        Collections.sort(names);
        return names;
    }

    /** All that is in the folder, in no order. */
    List<Path> entries() throws IOException {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(path)) {
            stream.forEach(entries::add);
        } catch (DirectoryIteratorException e) {
            throw FileDiskErrors.failed("list", path, new IOException(e.getMessage(), e));
        } catch (IOException e) {
            throw FileDiskErrors.failed("list", path, e);
        }
        return entries;
    }
}
