package dev.synod.cli.dev;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells which process dialed a connection, from Linux's tables of sockets: who is cut off depends on it. */
final class SocketOwner {
    private static final List<Path> TABLES = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
    private static final int LOCAL = 1;
    private static final int REMOTE = 2;
    private static final int INODE = 9;

    private SocketOwner() {}

    /**
     * Which of {@code pids} has the connection's dialing end.
     *
     * @param dialedFrom its port there
     * @param dialedTo the port that was dialed
     * @return null when none of them has it (any more)
     */
    static @Nullable Long of(int dialedFrom, int dialedTo, Collection<Long> pids) throws IOException {
        String inode = inode(dialedFrom, dialedTo);
        if (inode == null) {
            return null;
        }
        for (Long pid : pids) {
            if (holds(pid, "socket:[" + inode + "]")) {
                return pid;
            }
        }
        return null;
    }

    private static @Nullable String inode(int localPort, int remotePort) throws IOException {
        for (Path table : TABLES) {
            for (String line : Files.readAllLines(table)) {
                String[] fields = line.trim().split("\\s+", -1);
                if (fields.length > INODE && port(fields[LOCAL]) == localPort
                        && port(fields[REMOTE]) == remotePort) {
                    return fields[INODE];
                }
            }
        }
        return null;
    }

    /** Of {@code 0100007F:1CE9}; -1 of the table's heading. */
    private static int port(String address) {
        int colon = address.lastIndexOf(':');
        return colon < 0 ? -1 : Integer.parseInt(address.substring(colon + 1), 16);
    }

    private static boolean holds(long pid, String socket) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
            for (Path file : files) {
                if (isLinkTo(file, socket)) {
                    return true;
                }
            }
        } catch (java.nio.file.NoSuchFileException e) {
            return false; // the process has ended
        }
        return false;
    }

    private static boolean isLinkTo(Path file, String socket) {
        try {
            return Files.readSymbolicLink(file).toString().equals(socket);
        } catch (IOException e) {
            return false; // closed while we looked
        }
    }
}
