package dev.synod.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;

/** Opens the channels of a {@link FileDisk}; tests step in here, before the operating system. */
@FunctionalInterface
interface FileDiskChannels {
    /** The operating system's. */
    FileDiskChannels REAL = FileChannel::open;

    FileChannel open(Path path, OpenOption... options) throws IOException;
}
