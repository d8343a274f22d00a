package dev.synod.cli.dev;

import dev.synod.cli.CommandException;
import dev.synod.cli.ExitStatus;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a cluster on this machine keeps: who belongs to it, whether it ever began, the members'
 * volumes and logs. One {@code synodctl} at a time has it.
 */
final class StateFolder implements AutoCloseable {
    private static final String LATCH = "initialised";
    private static final String PLAN = "cluster";

    private final Path folder;
    private final boolean kept;
    private final FileChannel lockFile;

    private StateFolder(Path folder, boolean kept, FileChannel lockFile) {
        this.folder = folder;
        this.kept = kept;
        this.lockFile = lockFile;
    }

    /** A folder that goes with the cluster. */
    static StateFolder temporary() throws IOException {
        Path folder = Files.createTempDirectory("synod-dev-");
        return new StateFolder(folder, false, locked(folder));
    }

    /** A folder that stays, made if it is not there. */
    static StateFolder kept(Path folder) throws IOException {
        Files.createDirectories(folder);
        try (Stream<Path> entries = Files.list(folder)) {
            List<String> names = entries.map(entry -> String.valueOf(entry.getFileName()))
                    .filter(name -> !name.startsWith(".")).toList();
            if (!names.isEmpty() && !names.contains(PLAN) && !names.contains("lock")) {
                throw new CommandException(ExitStatus.CANNOT_CREATE, folder + " holds other things ("
                        + names.getFirst() + (names.size() > 1 ? ", ..." : "")
                        + "): name an empty folder, or one that synodctl dev made");
            }
        }
        return new StateFolder(folder, true, locked(folder));
    }

    private static FileChannel locked(Path folder) throws IOException {
        FileChannel channel = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null; // this very process has it
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
        if (lock == null) {
            throw new CommandException(ExitStatus.CANNOT_CREATE,
                    folder + " is in use by another synodctl dev:"
                            + " end that one, or name another folder");
        }
        return channel;
    }

    Path path() {
        return folder;
    }

    boolean isKept() {
        return kept;
    }

    Path volume(MemberPlan member) {
        return folder.resolve(member.name());
    }

    Path log(String name) {
        return folder.resolve(name + ".log");
    }

    /** Who belongs to the cluster; null when that was never decided. */
    @Nullable
    Plan plan() throws IOException {
        Path file = folder.resolve(PLAN);
        return Files.exists(file) ? Plan.read(file) : null;
    }

    void store(Plan plan) throws IOException {
        plan.write(folder.resolve(PLAN));
    }

    /**
     * Whether the cluster has begun: from then on an empty volume is never again one of its first.
     */
    boolean isInitialised(UUID cluster) throws IOException {
        Path latch = folder.resolve(LATCH);
        if (!Files.exists(latch)) {
            return false;
        }
        String text = Files.readString(latch).strip();
        if (!text.equals(cluster.toString())) {
            throw new CommandException(ExitStatus.DATA, latch + " says that cluster " + text
                    + " has begun here, the plan beside it is of cluster " + cluster
                    + ": files of two clusters were mixed; name another folder");
        }
        return true;
    }

    /** The cluster begins: durable when this returns. */
    void initialise(UUID cluster) throws IOException {
        DurableFile.write(folder.resolve(LATCH), cluster + "\n");
    }

    Path latch() {
        return folder.resolve(LATCH);
    }

    /** Lets the folder go, and removes it unless it is kept. */
    @Override
    public void close() throws IOException {
        lockFile.close();
        if (!kept && Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
