package dev.synod.storage;

import dev.synod.paxos.Bytes;
import dev.synod.paxos.Defects;
import dev.synod.storage.Legacy.Damage;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes of a member's volume that of a new cluster's only member, in the same folder: where a volume cannot
 * be put in the place of another, as under a claim of Kubernetes. May be cut short anywhere and called again
 * with the same identity, any number of times:
 *
 * <ol>
 *   <li>The new volume is written into a hidden folder beside the old files, as {@link Legacy#begin} does.
 *   <li>A mark says that it is whole. From here on the old volume is not looked at any more.
 *   <li>The old files move into another hidden folder, where they stay.
 *   <li>The mark says that they have moved.
 *   <li>The new files move to where the old ones were. Their hidden folder and the mark go.
 * </ol>
 *
 * <p>A member that is started in between finds an empty volume, or one that it refuses. For one thread; the
 * folder is held as long as this is open.
 */
public final class FileDiskRenewal implements AutoCloseable {
    private final Path folder;
    private final FileDisk held;
    private final UUID cluster;
    private final Path next;
    private final Path before;
    private final Path whole;
    private final Path moving;
    private final Runnable step;

    private FileDiskRenewal(Path folder, FileDisk held, UUID cluster, Runnable step) {
        this.folder = folder;
        this.held = held;
        this.cluster = cluster;
        this.step = step;
        this.next = folder.resolve(".recovery-" + cluster);
        this.before = folder.resolve(".before-" + cluster);
        this.whole = folder.resolve(".recovery-" + cluster + ".whole");
        this.moving = folder.resolve(".recovery-" + cluster + ".moving");
    }

    /**
     * Takes the folder.
     *
     * @param cluster identity of the new one
     * @throws FolderRefusedException when a process holds it, or it holds something else
     */
    public static FileDiskRenewal open(Path folder, UUID cluster) throws FolderRefusedException {
        return open(folder, cluster, () -> {});
    }

    /** The same; {@code step} is told before each change. */
    static FileDiskRenewal open(Path folder, UUID cluster, Runnable step) throws FolderRefusedException {
        Path absolute = folder.toAbsolutePath().normalize();
        return new FileDiskRenewal(absolute, FileDisk.open(absolute), cluster, step);
    }

    /** Whether the volume is the new cluster's already. */
    public boolean isDone() {
        return !isWritten() && cluster.equals(identity());
    }

    private @Nullable UUID identity() {
        try (Volume volume = Volume.open(held, Defects.NONE, VolumeLimits.DEFAULT)) {
            Identity found = volume.identity();
            return found == null ? null : found.cluster();
        }
    }

    /** Whether the new volume is whole, and only {@link #finish} is left. */
    public boolean isWritten() {
        return Files.exists(whole) || Files.exists(moving);
    }

    /**
     * What the old cluster left here.
     *
     * @throws NotRecoverableException as of {@link Legacy#ofVolume}
     */
    public Legacy legacy(Damage damage) throws NotRecoverableException {
        return Legacy.ofVolume(held, damage);
    }

    /**
     * Writes the new volume beside the old one; what is left of an earlier attempt goes first.
     *
     * @throws NotRecoverableException as of {@link Legacy#begin}
     */
    public void write(Legacy legacy, UUID member, String address, List<Bytes> commands)
            throws IOException, NotRecoverableException {
        step.run();
        remove(next);
        try (FileDisk disk = FileDisk.open(next)) {
            legacy.begin(disk, VolumeLimits.DEFAULT, cluster, member, address, commands);
        }
        step.run();
        Files.createFile(whole);
        sync(folder);
    }

    /** Puts the new volume in the place of the old one. */
    public void finish() throws IOException {
        if (Files.exists(whole)) {
            step.run();
            Files.createDirectories(before);
            moveAll(folder, before);
            step.run();
            Files.move(whole, moving, StandardCopyOption.ATOMIC_MOVE);
            sync(folder);
        }
        if (Files.exists(next)) {
            moveAll(next, folder);
            step.run();
            remove(next);
        }
        sync(folder);
        step.run();
        Files.deleteIfExists(moving);
        sync(folder);
    }

    /** Names that are gone from one folder must be durable in the other before anything is built on it. */
    private void moveAll(Path from, Path to) throws IOException {
        for (Path file : files(from)) {
            step.run();
            Files.move(file, to.resolve(String.valueOf(file.getFileName())),
                    StandardCopyOption.ATOMIC_MOVE);
        }
        sync(to);
        sync(from);
    }

    private static List<Path> files(Path folder) throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path entry : entries.toList()) {
                String name = String.valueOf(entry.getFileName());
                if (!name.startsWith(".") && !name.equals(FileDiskLock.NAME)
                        && Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)) {
                    found.add(entry);
                }
            }
        }
        found.sort(null);
        return found;
    }

    private static void remove(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path entry : entries.toList()) {
                Files.delete(entry);
            }
        }
        Files.delete(folder);
    }

    private static void sync(Path folder) throws IOException {
        try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
            names.force(true);
        } catch (IOException e) {
            throw FileDiskErrors.failed("sync", folder, e);
        }
    }

    @Override
    public void close() throws IOException {
        held.close();
    }
}
