package dev.synod.storage;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;

/**
 * Puts the operating system's errors into words: which file, what happened, what to do; and tells a lack of
 * room from all others.
 */
final class FileDiskErrors {
    /** ENOSPC, EDQUOT, EFBIG. */
    private static final List<String> FULL =
            List.of("No space left on device", "Disk quota exceeded", "File too large");

    private static final String FREE_SOME =
            "delete what is not needed there, or enlarge the disk; nothing is lost";

    private FileDiskErrors() {}

    /** For an error that no lack of room explains. */
    static IOException failed(String what, Path path, IOException cause) {
        String reason = reason(cause);
        String advice = advice(reason);
        return new IOException(
                what + " " + path + ": " + reason + (advice.isEmpty() ? "" : " (" + advice + ")"), cause);
    }

    /** For an error of a change that needs up to {@code bytes} more room. */
    static IOException growing(String what, Path path, long bytes, IOException cause) {
        return isFull(path, bytes, cause)
                ? full(what, path, bytes, cause)
                : failed(what, path, cause);
    }

    private static DiskFullException full(String what, Path path, long bytes, IOException cause) {
        String much = bytes > 1 ? " " + bytes + " bytes of " : " ";
        DiskFullException full = new DiskFullException(
                "no room to " + what + much + path + ": " + reason(cause) + " (" + FREE_SOME + ")");
        full.initCause(cause);
        return full;
    }

    /** The text is the C library's and may be in any language, so the file system is asked too. */
    private static boolean isFull(Path path, long bytes, IOException cause) {
        if (FULL.contains(reason(cause))) {
            return true;
        }
        try {
            Path folder = path.toAbsolutePath().getParent();
            return folder != null && Files.getFileStore(folder).getUsableSpace() < bytes;
        } catch (IOException e) {
            cause.addSuppressed(e);
            return false;
        }
    }

    /** What happened, without the path. */
    static String reason(IOException cause) {
        return switch (cause) {
            case AccessDeniedException e -> "permission denied";
            case NoSuchFileException e -> "there is no such file";
            case FileAlreadyExistsException e -> "it exists already";
            case NotDirectoryException e -> "it is not a folder";
            case FileSystemException e when e.getReason() != null -> e.getReason();
            case ClosedByInterruptException e -> "the thread was interrupted while it used the file";
            case ClosedChannelException e -> "the file is closed";
            default -> cause.getMessage() == null ? cause.toString() : cause.getMessage();
        };
    }

    /** What to do about it; empty when only the reader can know. */
    static String advice(String reason) {
        return switch (reason) {
            case "permission denied", "Operation not permitted" ->
                    "let the user that runs Synod own the folder and all in it, with chown -R; in a pod, with"
                            + " securityContext.fsGroup";
            case "Read-only file system" ->
                    "mount it writable; if it was, an error of the disk changed that: see the kernel's log";
            case "Input/output error" ->
                    "the disk, or the way to it, has failed: see the kernel's log, and replace the disk";
            case "Too many open files" -> "raise the limit of open files, ulimit -n";
            case "Too many levels of symbolic links (NOFOLLOW_LINKS specified)" ->
                    "a volume's files are never links: remove the link";
            case "Stale file handle" -> "the network file system lost the folder: mount it again";
            case "No locks available", "Function not implemented", "Operation not supported" ->
                    "this kind of file system cannot hold a volume: use a local or a block disk";
            default -> FULL.contains(reason) ? FREE_SOME : "";
        };
    }
}
